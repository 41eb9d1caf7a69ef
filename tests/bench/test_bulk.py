"""A database that was loaded in bulk is the one that the migrations made, and holds what was asked for."""

from __future__ import annotations

from sqlalchemy import func, select, text

from citizen_portal.storage import tables
from citizen_portal.storage.database import Database
from tests.support.growing import LongUsed

_SIZE = 50


def test_all_indexes_and_constraints_are_back(database: Database) -> None:
    before = _schema(database)
    LongUsed(database, _SIZE).fill()
    assert before
    assert _schema(database) == before


def test_all_rows_are_there(database: Database) -> None:
    LongUsed(database, _SIZE).fill()
    with database.reading() as connection:
        for table in (tables.registration, tables.link, tables.outbox, tables.event):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == _SIZE
        for table in (tables.draft, tables.rate_window, tables.parked_event):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == _SIZE // 10


def _schema(database: Database) -> set[tuple[str, str]]:
    asked = (
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        if database.is_sqlite
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    )
    with database.reading() as connection:
        return {(row[0], row[1]) for row in connection.execute(text(asked))}
