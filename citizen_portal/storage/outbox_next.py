"""The states of a message, and which messages go next: of each lane the one that is due longest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, select

from citizen_portal.storage.tables import outbox, registration

QUEUED, CLAIMED, DELIVERED, WAITING, PARKED = "queued", "claimed", "delivered", "waiting", "parked"


def heads(connection: Connection, now: datetime, urgent: bool, closed: Collection[str]) -> list[UUID]:
    """Of each lane that is not `closed` the message that is due longest, if one is due."""
    found = connection.execute(_HEADS, {"now": now, "urgent": urgent, "closed": list(closed)}).scalars()
    return [head for head in found if head is not None]


def next_messages(
    connection: Connection, now: datetime, urgent: bool, closed: Collection[str], limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Those heads, at most `limit`, the ones that are due longest: locked, without those that another worker holds."""
    if limit < 1:
        return []
    found = heads(connection, now, urgent, closed)
    return connection.execute(_ROWS, {"now": now, "heads": found, "limit": limit}).all() if found else []


def _head_of_each_lane() -> Select[UUID]:
    """For each lane that is not closed the id of its message that is due longest, or None.

    The lanes are found by jumping from one to the next in the index, and each one's message by one look into it: a
    backlog of any length, of this lane or of another, costs nothing.
    """
    open_row, later_row = outbox.alias(), outbox.alias()
    first = select(func.min(open_row.c.municipality_code).label("code")).where(open_row.c.next_at.is_not(None))
    known = first.cte("known", recursive=True)
    following = select(func.min(later_row.c.municipality_code)).where(
        later_row.c.next_at.is_not(None), later_row.c.municipality_code > known.c.code
    )
    known = known.union_all(select(following.scalar_subquery()).where(known.c.code.is_not(None)))
    row, earlier = outbox.alias(), outbox.alias()
    held_back = exists().where(
        earlier.c.registration_id == row.c.registration_id,
        earlier.c.municipality_code == row.c.municipality_code,
        earlier.c.position < row.c.position,
        earlier.c.state != DELIVERED,
    )
    due = (
        row.c.municipality_code == known.c.code,
        row.c.urgent == bindparam("urgent"),
        row.c.next_at <= bindparam("now"),
    )
    head = select(row.c.id).where(*due, ~held_back).order_by(row.c.next_at).limit(1).scalar_subquery()
    return select(head).where(known.c.code.not_in(bindparam("closed", expanding=True)))


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            outbox.c.id,
            outbox.c.registration_id,
            registration.c.reference,
            outbox.c.kind,
            outbox.c.municipality_code,
            outbox.c.urgent,
            outbox.c.attempts,
            outbox.c.body,
            outbox.c.wrapped_key,
            outbox.c.created_at,
            registration.c.first_municipality_code,
        )
        .join(registration, registration.c.id == outbox.c.registration_id)
        # On PostgreSQL another worker may have settled it since it was found.
        .where(outbox.c.id.in_(bindparam("heads", expanding=True)), outbox.c.next_at <= bindparam("now"))
        .order_by(outbox.c.next_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, of=outbox)
    )


# Made once: building a statement costs more than running it.
_HEADS = _head_of_each_lane()
_ROWS = _rows()
