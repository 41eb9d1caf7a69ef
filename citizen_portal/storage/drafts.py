"""Drafts: sealed answers under the hash of a look-up id. Nothing here can read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from citizen_portal.storage.question import Question
from citizen_portal.storage.tables import draft

_LOAD = Question(
    select(draft.c.revision, draft.c.sealed).where(
        draft.c.row_id == bindparam("wanted"), draft.c.expires_at > bindparam("now")
    )
)
_REPLACE = (
    update(draft)
    .where(draft.c.row_id == bindparam("wanted"), draft.c.revision == bindparam("before"))
    .values({name: bindparam(name) for name in ("revision", "sealed", "expires_at")})
)
_REMOVE = delete(draft).where(draft.c.row_id == bindparam("wanted"))
_REMOVE_REVISION = _REMOVE.where(draft.c.revision == bindparam("at_revision"))


@dataclass(frozen=True, slots=True)
class SealedDraft:
    """A row as it is kept: `revision` counts saves from 0, `sealed` opens only with the link."""

    row_id: bytes
    revision: int
    sealed: bytes


def add(connection: Connection, row: SealedDraft, *, expires_at: datetime) -> None:
    """Keep a new draft until `expires_at`."""
    connection.execute(
        insert(draft).values(row_id=row.row_id, revision=row.revision, sealed=row.sealed, expires_at=expires_at)
    )


def load(connection: Connection, row_id: bytes, *, now: datetime) -> SealedDraft | None:
    """The draft, or None when it is unknown, used or past its time; the three cannot be told apart."""
    found = _LOAD.rows(connection, wanted=row_id, now=now)
    return SealedDraft(row_id, *found[0]) if found else None


def wait_for_writers(connection: Connection, row_id: bytes) -> None:
    """Return when no other transaction has changed the draft without having ended."""
    connection.execute(select(draft.c.row_id).where(draft.c.row_id == row_id).with_for_update())


def replace(connection: Connection, row: SealedDraft, *, expires_at: datetime) -> bool:
    """Put `row` in the place of the revision before it. False: another tab was first, nothing was written."""
    new = {"revision": row.revision, "sealed": row.sealed, "expires_at": expires_at}
    return connection.execute(_REPLACE, {"wanted": row.row_id, "before": row.revision - 1, **new}).rowcount == 1


def remove(connection: Connection, row_id: bytes, *, revision: int | None = None) -> bool:
    """Erase the draft (only at `revision`, if one is given). False: there was no such row."""
    statement = _REMOVE if revision is None else _REMOVE_REVISION
    return connection.execute(statement, {"wanted": row_id, "at_revision": revision}).rowcount == 1


def purge(connection: Connection, *, now: datetime) -> int:
    """Erase what is past its time; how many went."""
    return connection.execute(delete(draft).where(draft.c.expires_at <= now)).rowcount
