"""Which municipalities a postcode may lie in, as the operator imported it. Candidates, never a decision.

Each import is a generation. The newest that is finished counts; the rows of all others are on their way in or out, in
batches, so that nobody else who writes waits for long.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from citizen_portal.storage.tables import postcode_area, postcode_import
from citizen_portal.storage.upsert import insert

_LAST_LETTERS = "ZZ"

_CURRENT = (
    select(func.max(postcode_import.c.generation)).where(postcode_import.c.finished_at.is_not(None)).scalar_subquery()
)
# A postcode of four digits stands just before those with letters behind it.
_IN_AREA = (
    select(postcode_area.c.postcode, postcode_area.c.municipality_code)
    .where(
        postcode_area.c.generation == _CURRENT,
        postcode_area.c.postcode.between(bindparam("digits"), bindparam("last")),
    )
    .order_by(postcode_area.c.postcode, postcode_area.c.municipality_code)
)
_AT_POSTCODE = (
    select(postcode_area.c.municipality_code)
    .where(postcode_area.c.generation == _CURRENT, postcode_area.c.postcode == bindparam("postcode"))
    .order_by(postcode_area.c.municipality_code)
)


class Superseded(Exception):
    """Another import began after this one: that one counts."""


def candidates(connection: Connection, postcode: str) -> tuple[str, ...]:
    """The codes (`GM0363`) of the municipalities that `postcode` (`1234AB`) may lie in, by code.

    Where the postcode itself is not in the table: those of its four digits. Empty when nothing is known.
    """
    exact = connection.execute(_AT_POSTCODE, {"postcode": postcode}).scalars().all()
    if exact:
        return tuple(exact)
    digits = postcode[:4]
    rows = connection.execute(_IN_AREA, {"digits": digits, "last": digits + _LAST_LETTERS}).all()
    wide = [code for found, code in rows if found == digits]
    return tuple(sorted(set(wide or (code for _, code in rows))))


def begin(connection: Connection, *, now: datetime) -> int:
    """A new generation, without rows, that does not count yet."""
    last = connection.execute(select(func.max(postcode_import.c.generation))).scalar_one()
    generation = 1 if last is None else int(last) + 1
    connection.execute(insert(connection, postcode_import).values(generation=generation, started_at=now))
    return generation


def add(connection: Connection, generation: int, rows: Iterable[tuple[str, str]]) -> None:
    """Postcodes (`1234` or `1234AB`), each with a code; what is there already is left. Raises Superseded."""
    _require_newest(connection, generation)
    values = [{"generation": generation, "postcode": postcode, "municipality_code": code} for postcode, code in rows]
    if values:
        connection.execute(insert(connection, postcode_area).on_conflict_do_nothing(), values)


def finish(connection: Connection, generation: int, *, now: datetime) -> None:
    """From this transaction's end on this generation counts, as a whole. Raises Superseded."""
    _require_newest(connection, generation)
    connection.execute(
        update(postcode_import).where(postcode_import.c.generation == generation).values(finished_at=now)
    )


def forget_batch(connection: Connection, generation: int, *, size: int) -> bool:
    """Erase about `size` rows of a generation, with the last ones itself. False: nothing is left of it."""
    mine = postcode_area.c.generation == generation
    beyond = select(postcode_area.c.postcode).where(mine).order_by(postcode_area.c.postcode).offset(size).limit(1)
    stop = connection.execute(beyond).scalar_one_or_none()
    if stop is not None:
        connection.execute(delete(postcode_area).where(mine, postcode_area.c.postcode <= stop))
        return True
    # What hangs on it goes with it.
    connection.execute(delete(postcode_import).where(postcode_import.c.generation == generation))
    return False


def current(connection: Connection) -> int | None:
    """The generation that counts."""
    found: int | None = connection.execute(select(_CURRENT)).scalar_one()
    return found


def older_than(connection: Connection, generation: int) -> list[int]:
    """The generations that began before this one."""
    found = select(postcode_import.c.generation).where(postcode_import.c.generation < generation)
    return list(connection.execute(found.order_by(postcode_import.c.generation)).scalars())


def _require_newest(connection: Connection, generation: int) -> None:
    newest = connection.execute(select(func.max(postcode_import.c.generation))).scalar_one()
    if newest != generation:
        raise Superseded
