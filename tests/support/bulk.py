"""Loading millions of rows: what is there for use one row at a time is taken away, and made again when all is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import md5
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Table, column, func, insert, literal, select, text

from citizen_portal.storage.database import Database

Values = Mapping[str, Any]
"""Of a table by column: a value that all rows share, or an expression that tells each row's."""

# A quarter of a GB holds every index of a million keys, so that none is read from the disk for each row again.
_SQLITE_CACHE_KB = 262_144

_OTHER_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = ANY(:tables) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)
"""
# Foreign keys go first and come back last: they need the keys that they point to.
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text = ANY(:tables) AND contype IN ('f', 'p', 'u') ORDER BY contype = 'f' DESC
"""


@contextmanager
def in_bulk(database: Database, tables: Sequence[Table]) -> Iterator[Connection]:
    """A connection that loads `tables`, without their indexes and constraints; afterwards all are back.

    Every commit is the caller's own. A failure leaves a database that is good for nothing. All connections are closed.
    """
    with database.engine.connect() as connection:
        if database.is_sqlite:
            _prepare_sqlite(connection)
            again = _drop_sqlite_indexes(connection)
        else:
            # The portal's limits are for statements of milliseconds.
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("SET maintenance_work_mem = '256MB'"))
            connection.execute(text("SET work_mem = '64MB'"))
            again = _drop_postgresql_keys(connection, [table.name for table in tables])
        connection.commit()
        yield connection
        for statement in again:
            connection.execute(text(statement))
            connection.commit()
        if not database.is_sqlite:
            # What autovacuum does in a database that has been used for long. Nobody does it for SQLite.
            _driver(connection).autocommit = True
            _driver(connection).execute("VACUUM ANALYZE")
            _driver(connection).autocommit = False
    database.close()


def multiply(connection: Connection, table: Table, number: ColumnElement[int], values: Values, count: int) -> None:
    """`count` rows, for which `number` is 0, 1, 2 and so on; committed."""
    if not count:
        return
    first = select(literal(0, Integer).label(number.key)).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c[0] + 1).where(first.c[0] < count - 1))
    made = [
        value if isinstance(value, ColumnElement) else literal(value, table.c[name].type)
        for name, value in values.items()
    ]
    connection.execute(insert(table).from_select(list(values), select(*made).select_from(numbers)))
    connection.commit()


def counter() -> ColumnElement[int]:
    """The number of a row, for expressions."""
    return column("n", Integer)


def digest(told: ColumnElement[str] | str) -> Any:
    """32 hexadecimal digits, scattered as a hash is: of a text, or for SQL of an expression of one."""
    return _md5(told) if isinstance(told, str) else func.md5(told)


def _md5(told: str) -> str:
    return md5(told.encode(), usedforsecurity=False).hexdigest()


def _prepare_sqlite(connection: Connection) -> None:
    driver = _driver(connection)
    driver.create_function("md5", 1, _md5, deterministic=True)
    for setting in ("journal_mode=OFF", "foreign_keys=OFF", f"cache_size=-{_SQLITE_CACHE_KB}"):
        driver.execute(f"PRAGMA {setting}").close()
    # Each transaction sets `synchronous` for itself, as this option says.
    connection.execution_options(portal_writes="OFF")


def _drop_sqlite_indexes(connection: Connection) -> list[str]:
    """All but those of primary keys and unique constraints; how to make them again."""
    indexes = connection.execute(text(_OTHER_INDEXES)).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    return [again for _, again in indexes]


def _drop_postgresql_keys(connection: Connection, tables: list[str]) -> list[str]:
    """Indexes and all constraints that need one; how to make them again."""
    indexes = connection.execute(text(_INDEXES), {"tables": tables}).all()
    constraints = connection.execute(text(_CONSTRAINTS), {"tables": tables}).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    for table, name, _ in constraints:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    return [
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}" for table, name, what in reversed(constraints)),
        *(again for _, again in indexes),
    ]


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
