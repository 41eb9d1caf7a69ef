"""Both databases as production has them, durable unless said otherwise; new for each run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from citizen_portal.storage import schema
from citizen_portal.storage.database import Database
from tests.support.databases import sqlite_url
from tests.support.postgres import PostgresServer

ENGINES = {"PostgreSQL": "postgresql", "SQLite": "sqlite"}
"""The engines by the name that a figure has."""


@contextmanager
def databases(engine: str, settings: Sequence[str] = ()) -> Iterator[Callable[[], str]]:
    """Each call gives the address of another migrated, empty database; afterwards all are gone.

    `settings` are for PostgreSQL's server.
    """
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield lambda: _migrated(sqlite_url(Path(folder) / uuid4().hex))
        return
    with PostgresServer(settings) as server:
        yield lambda: _migrated(server.url(server.new_database()))


@contextmanager
def database_url(engine: str) -> Iterator[str]:
    """The address of one such database."""
    with databases(engine) as another:
        yield another()


def _migrated(url: str) -> str:
    database = Database(url)
    schema.migrate(database)
    database.close()
    return url
