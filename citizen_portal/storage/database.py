"""The connection to the database: SQLite embedded, PostgreSQL in production, one schema for both."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from citizen_portal.storage.pooled import look_before_use

__all__ = ["Connection", "Database", "DatabaseAway", "FateUnknown", "NotDurable"]

DatabaseAway = SQLAlchemyError
"""Whatever the database raises when it does not answer, or not in time."""

_BUSY_SECONDS = 15
_LOOK_SECONDS = 0.01

_CONNECT_SECONDS = 5
_POOL_SECONDS = 5
_CONNECTIONS = 10
"""At most so many of one process: its threads use one each, and a few are for the worker's housekeeping."""

# PostgreSQL's own limits, in milliseconds; what the address in PORTAL_DATABASE_URL says for itself goes before them.
# A statement of ours takes milliseconds; a page that waits longer than this for one is better answered with "later".
_LIMITS = {
    "statement_timeout": 10_000,
    "lock_timeout": 5_000,
    "idle_in_transaction_session_timeout": 30_000,
}
# A server that is gone without a word (a cut cable, a failover) is noticed by what was sent and not acknowledged.
_UNACKNOWLEDGED_MILLISECONDS = 15_000


class NotDurable(Exception):
    """The database server acknowledges what it may lose; names the setting that says so."""


class FateUnknown(SQLAlchemyError):
    """The connection broke while it committed: all of the transaction is kept, or nothing. Read before you repeat."""


class Database:
    """Opens transactions. `reading` never writes; `writing` commits as a whole or not at all."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = threading.Lock()
        self.engine: Engine = self._sqlite_engine() if self.is_sqlite else _postgresql_engine(self.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction for questions only. What it changed by mistake is rolled back."""
        with self.engine.connect() as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Connection]:
        """A transaction that is committed when the block ends, and rolled back when it raises.

        `lasting=False`, for what nobody was told is kept (drafts): with SQLite the commit does not wait for the disk.
        It survives the end of every process; a power cut may lose the last moments.
        Raises FateUnknown when the database went away between the two.
        """
        done = False
        with (
            self._in_turn(),
            self.engine.connect().execution_options(portal_writes="FULL" if lasting else "NORMAL") as connection,
        ):
            try:
                with connection.begin():
                    yield connection
                    done = True
            except DBAPIError as error:
                if done and error.connection_invalidated:
                    raise FateUnknown from error
                raise

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """SQLite lets one write at a time, and makes the others look again and again: in here they stand in line.

        Who stood there too long goes on, and hears from SQLite that the database is locked.
        """
        mine = self.is_sqlite and self._turn.acquire(timeout=_BUSY_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._turn.release()

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

    def require_durable(self) -> None:
        """Raises NotDurable when the server was told to acknowledge what it may lose in a power cut (promise 1)."""
        if self.is_sqlite:
            return
        with self.reading() as connection:
            for setting in ("fsync", "synchronous_commit"):
                if connection.execute(text(f"SHOW {setting}")).scalar() == "off":
                    raise NotDurable(setting)

    def _sqlite_engine(self) -> Engine:
        if self.url.database and self.url.database != ":memory:":
            folder = Path(self.url.database).parent
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = create_engine(
            self.url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True, **_pool_limits()
        )

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            # SQLAlchemy's own recipe: the driver must not begin transactions by itself, or BEGIN IMMEDIATE is lost.
            connection.isolation_level = None
            cursor = connection.cursor()
            _keep_a_log_ahead(cursor)
            # FULL: a commit that was acknowledged survives a power cut (promise 1 of the design).
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            # Erased means overwritten, also in free pages.
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # A writer takes the lock at once; upgrading a reader later fails with "database is locked".
            writes = connection.get_execution_options().get("portal_writes")
            if writes:
                connection.exec_driver_sql(f"PRAGMA synchronous={writes}")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine


def _keep_a_log_ahead(cursor: sqlite3.Cursor) -> None:
    """Write-ahead logging, for good, by whoever opens the file first. SQLite lets nobody stand in line for this."""
    ends_at = monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if monotonic() > ends_at:
                raise
            sleep(_LOOK_SECONDS)


def _pool_limits() -> dict[str, Any]:
    return {"pool_size": _CONNECTIONS, "max_overflow": 0, "pool_timeout": _POOL_SECONDS}


def _postgresql_engine(url: URL) -> Engine:
    limits = " ".join(f"-c {name}={milliseconds}" for name, milliseconds in _LIMITS.items())
    theirs = url.query.get("options", "")
    engine = create_engine(
        url.difference_update_query(["options"]),
        hide_parameters=True,
        **_pool_limits(),
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "tcp_user_timeout": _UNACKNOWLEDGED_MILLISECONDS,
            "options": f"{limits} {theirs}".strip(),
        },
    )
    look_before_use(engine)
    return engine
