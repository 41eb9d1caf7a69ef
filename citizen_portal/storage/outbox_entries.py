"""The outbox as an operator sees it: everything about an entry but its content; re-arming, and re-sealing of keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, select, true, update

from citizen_portal.storage import intake_waits
from citizen_portal.storage.outbox import NOTICE, NOTICE_LANES
from citizen_portal.storage.outbox_next import CLAIMED, DELIVERED, PARKED, QUEUED, WAITING
from citizen_portal.storage.tables import outbox, registration

_UNDELIVERED = (QUEUED, CLAIMED, WAITING, PARKED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `next_at`: when it is tried next; of a claimed one, when its lease ends; None when never."""

    id: UUID
    registration_id: UUID
    reference: str
    kind: str
    municipality_code: str
    urgent: bool
    state: str
    attempts: int
    next_at: datetime | None
    reason: str | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealedKey:
    """The wrapped key of one message that is not delivered."""

    id: UUID
    kind: str
    wrapped_key: bytes


def undelivered(connection: Connection) -> list[Entry]:
    """What has not arrived, oldest first."""
    rows = connection.execute(_entries().where(outbox.c.state.in_(_UNDELIVERED)).order_by(outbox.c.created_at))
    return [Entry(**row._mapping) for row in rows]


def entry(connection: Connection, entry_id: UUID) -> Entry | None:
    """The message with this id, delivered or not."""
    row = connection.execute(_entries().where(outbox.c.id == entry_id)).first()
    return None if row is None else Entry(**row._mapping)


def retry(connection: Connection, ids: Collection[UUID] | None, *, now: datetime) -> int:
    """Parked and waiting messages are due now, with the schedule from its start; None: all. How many are due by that.

    The municipalities of these messages (None: all) no longer wait as a whole, which frees their queued ones as well.
    """
    chosen = true() if ids is None else outbox.c.id.in_(ids)
    intake_waits.end(connection, None if ids is None else _municipalities(connection, chosen))
    rearmed = update(outbox).where(outbox.c.state.in_((WAITING, PARKED)), chosen)
    connection.execute(rearmed.values(state=QUEUED, next_at=now, attempts=0))
    due = select(func.count()).where(outbox.c.state == QUEUED, outbox.c.next_at <= now, chosen)
    return connection.execute(due).scalar_one()


def drop_notices(connection: Connection, registration_id: UUID) -> int:
    """Erase what was to be sent to the resident and has not arrived; how many went.

    What is under way at this moment may arrive, but is not tried again. Comes before everything else in a transaction:
    a worker that settles holds a message first, then its registration.
    """
    mine = (outbox.c.registration_id == registration_id, outbox.c.kind == NOTICE, outbox.c.state.in_(_UNDELIVERED))
    return connection.execute(delete(outbox).where(*mine)).rowcount


def drop_old_notices(connection: Connection, *, made_before: datetime) -> list[tuple[UUID, datetime]]:
    """Erase what could not be sent to residents; of each its registration, and when it was made."""
    waits = outbox.c.state.in_((QUEUED, WAITING, PARKED))
    rows = connection.execute(
        delete(outbox)
        .where(outbox.c.municipality_code.in_(NOTICE_LANES), waits, outbox.c.created_at <= made_before)
        .returning(outbox.c.registration_id, outbox.c.created_at)
    )
    return [(row.registration_id, row.created_at) for row in rows]


def sealed_keys(connection: Connection, *, after: UUID | None, limit: int) -> list[SealedKey]:
    """The wrapped keys of messages whose content is still there, by id, those with an id above `after`."""
    found = select(outbox.c.id, outbox.c.kind, outbox.c.wrapped_key).where(outbox.c.wrapped_key.is_not(None))
    if after is not None:
        found = found.where(outbox.c.id > after)
    return [SealedKey(**row._mapping) for row in connection.execute(found.order_by(outbox.c.id).limit(limit))]


def replace_key(connection: Connection, old: SealedKey, wrapped_key: bytes) -> bool:
    """Keep another wrapping of the same key. False: the message was delivered meanwhile."""
    unchanged = (outbox.c.id == old.id, outbox.c.wrapped_key == old.wrapped_key)
    return connection.execute(update(outbox).where(*unchanged).values(wrapped_key=wrapped_key)).rowcount == 1


def redirect(connection: Connection, registration_id: UUID, successors: Mapping[str, str]) -> int:
    """What did not arrive of this registration's messages goes to the municipality that its own is part of now.

    `successors`: by former code. How many messages that were; one that is under way is settled as if nothing happened.
    """
    lane = outbox.c.municipality_code
    mine = (outbox.c.registration_id == registration_id, outbox.c.state.in_(_UNDELIVERED), lane.in_(successors))
    moved = update(outbox).where(*mine).values(municipality_code=case(dict(successors), value=lane))
    return connection.execute(moved).rowcount


def _municipalities(connection: Connection, chosen: ColumnElement[bool]) -> list[str]:
    found = select(outbox.c.municipality_code).where(outbox.c.state != DELIVERED, chosen).distinct()
    return list(connection.execute(found).scalars())


def _entries() -> Select[*tuple[Any, ...]]:
    return select(
        outbox.c.id,
        outbox.c.registration_id,
        registration.c.reference,
        outbox.c.kind,
        outbox.c.municipality_code,
        outbox.c.urgent,
        outbox.c.state,
        outbox.c.attempts,
        outbox.c.next_at,
        outbox.c.reason,
        outbox.c.created_at,
        outbox.c.delivered_at,
    ).join(registration, registration.c.id == outbox.c.registration_id)
