"""The connection to the database: SQLite embedded, PostgreSQL in production, one schema for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

__all__ = ["Connection", "Database", "DatabaseAway"]

DatabaseAway = SQLAlchemyError
"""Whatever the database raises when it does not answer, or not in time."""

_BUSY_SECONDS = 15


class Database:
    """Opens transactions. `reading` never writes; `writing` commits as a whole or not at all."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = (
            self._sqlite_engine()
            if self.is_sqlite
            else create_engine(self.url, pool_pre_ping=True, hide_parameters=True)
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction for questions only. What it changed by mistake is rolled back."""
        with self.engine.connect() as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed when the block ends, and rolled back when it raises."""
        with self.engine.connect().execution_options(portal_writes=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def forget_erased(self) -> None:
        """SQLite: empty the write-ahead log, in which erased rows still stand as they were before.

        Does nothing while somebody else reads or writes; the next call will. PostgreSQL keeps its log on its own terms:
        what was erased there is a row key without which the body stays shut.
        """
        if not self.is_sqlite:
            return
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None  # noqa: S101 - a pooled connection has one
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def ping(self) -> None:
        """Raises when the database does not answer (`/readyz`)."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def _sqlite_engine(self) -> Engine:
        if self.url.database and self.url.database != ":memory:":
            folder = Path(self.url.database).parent
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(self.url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            # SQLAlchemy's own recipe: the driver must not begin transactions by itself, or BEGIN IMMEDIATE is lost.
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            # FULL: a commit that was acknowledged survives a power cut (promise 1 of the design).
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            # Erased means overwritten, also in free pages.
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # A writer takes the lock at once; upgrading a reader later fails with "database is locked".
            writes = connection.get_execution_options().get("portal_writes", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine
