"""Events of municipalities: kept for good, each once, or parked for a while when they are not theirs to tell (yet)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, func, select, update

from citizen_portal.storage.question import Question
from citizen_portal.storage.tables import event, parked_event, registration
from citizen_portal.storage.upsert import insert

_OF_REGISTRATION = Question(
    select(event.c.arrival, event.c.body)
    .where(event.c.registration_id == bindparam("registration"))
    .order_by(event.c.arrival)
)


@dataclass(frozen=True, slots=True)
class EventKey:
    """What makes an event the same one: who sent it (`GM0363`), from which source, under which id."""

    municipality_code: str
    source: str
    event_id: str


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """What is stored of an event; `arrival` counts up in the order of coming in."""

    arrival: int
    body: str


def lock_registration(connection: Connection, registration_id: UUID) -> None:
    """Until the transaction ends nobody else may judge events about this registration: ownership hangs on them."""
    connection.execute(select(registration.c.id).where(registration.c.id == registration_id).with_for_update())


def add(connection: Connection, registration_id: UUID, key: EventKey, body: str, *, now: datetime) -> bool:
    """Keep an event. False: one with this key is kept already, also by somebody else at this very moment."""
    statement = insert(connection, event).values(
        registration_id=registration_id, **_columns(key), body=body, received_at=now
    )
    return connection.execute(statement.on_conflict_do_nothing().returning(event.c.arrival)).first() is not None


def is_kept(connection: Connection, key: EventKey) -> bool:
    """Whether an event with this key was kept, about whichever registration."""
    return connection.execute(select(event.c.arrival).where(_has(event, key))).first() is not None


def of_registration(connection: Connection, registration_id: UUID) -> list[KeptEvent]:
    """Every event that was kept about this registration, in order of arrival."""
    rows = _OF_REGISTRATION.rows(connection, registration=registration_id)
    return [KeptEvent(arrival, body) for arrival, body in rows]


def rename(connection: Connection, arrival: int, key: EventKey, body: str) -> None:
    """The kept event that came as number `arrival` has this key and body from now on.

    It goes when there is one with that key already: then it came a second time under its new name.
    """
    mine = event.c.arrival == arrival
    if is_kept(connection, key):
        connection.execute(delete(event).where(mine))
    else:
        connection.execute(update(event).where(mine).values(**_columns(key), body=body))


def park(connection: Connection, subject: UUID, key: EventKey, body: str, *, now: datetime) -> None:
    """Put an event aside, unless one with this key is there."""
    statement = insert(connection, parked_event).values(subject=subject, **_columns(key), body=body, received_at=now)
    connection.execute(statement.on_conflict_do_nothing())


def is_parked(connection: Connection, key: EventKey, *, after: datetime) -> bool:
    """Whether an event with this key was put aside later than `after`."""
    found = select(parked_event.c.arrival).where(_has(parked_event, key), parked_event.c.received_at > after)
    return connection.execute(found).first() is not None


def parked_count(connection: Connection, municipality_code: str) -> int:
    """How many events of this municipality are put aside."""
    return connection.execute(
        select(func.count()).select_from(parked_event).where(parked_event.c.municipality_code == municipality_code)
    ).scalar_one()


def take_parked(connection: Connection, subject: UUID, municipality_code: str, *, after: datetime) -> str | None:
    """Take out the oldest event about `subject` that this municipality sent later than `after`: its body."""
    oldest = (
        select(parked_event.c.arrival)
        .where(
            parked_event.c.subject == subject,
            parked_event.c.municipality_code == municipality_code,
            parked_event.c.received_at > after,
        )
        .order_by(parked_event.c.arrival)
        .limit(1)
    )
    body: str | None = connection.execute(
        delete(parked_event).where(parked_event.c.arrival == oldest.scalar_subquery()).returning(parked_event.c.body)
    ).scalar_one_or_none()
    return body


def drop_parked(connection: Connection, *, until: datetime, municipality_code: str | None = None) -> Counter[str]:
    """Drop what was put aside at `until` or before (by one municipality, or by all): how many of each."""
    old = parked_event.c.received_at <= until
    mine = old if municipality_code is None else and_(old, parked_event.c.municipality_code == municipality_code)
    return Counter(
        connection.execute(delete(parked_event).where(mine).returning(parked_event.c.municipality_code)).scalars()
    )


def _columns(key: EventKey) -> dict[str, str]:
    return {"municipality_code": key.municipality_code, "source": key.source, "event_id": key.event_id}


def _has(table: Table, key: EventKey) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _columns(key).items()))
