"""Registrations: what stays after the press. No name, no address, no answers: those travel sealed in the outbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from citizen_portal.storage.outbox import NOTICE
from citizen_portal.storage.question import Question
from citizen_portal.storage.tables import event, outbox, registration
from citizen_portal.storage.upsert import insert


@dataclass(frozen=True, slots=True)
class RegistrationRecord:
    """A registration as the portal keeps it. `municipality_code` is who owns it now."""

    id: UUID
    reference: str
    draft_row_id: bytes
    municipality_code: str
    first_municipality_code: str
    registered_at: datetime
    conversation_due: date
    urgent: bool
    received_at: datetime | None = None
    intake_number: str | None = None
    address_hash: bytes | None = None
    birth_hash: bytes | None = None
    person_hash: bytes | None = None
    proof_hash: bytes | None = None
    told_urgent_at: datetime | None = None
    withdrawn_at: datetime | None = None
    called_at: datetime | None = None
    helper_may_be_contacted: bool | None = None
    helper_may_follow: bool | None = None
    ends_at: datetime | None = None
    forget_at: datetime | None = None


_FIRST_OPEN = Question(
    select(registration.c.id, registration.c.registered_at).where(
        registration.c.person_hash == bindparam("person"),
        registration.c.municipality_code == bindparam("municipality"),
        or_(registration.c.ends_at.is_(None), registration.c.ends_at > bindparam("now")),
    )
)

COLUMNS = (
    "id",
    "reference",
    "draft_row_id",
    "municipality_code",
    "first_municipality_code",
    "registered_at",
    "conversation_due",
    "urgent",
    "address_hash",
    "birth_hash",
    "person_hash",
    "proof_hash",
    "helper_may_be_contacted",
    "helper_may_follow",
    "forget_at",
)
"""What is known of a registration when it is pressed."""


def add(connection: Connection, record: RegistrationRecord) -> bool:
    """Keep a new registration. False, and nothing was written, when another one carries its reference.

    Raises IntegrityError when its draft was used before.
    """
    unless_taken = insert(connection, registration).on_conflict_do_nothing(index_elements=[registration.c.reference])
    return connection.execute(unless_taken.returning(registration.c.id), columns(record)).first() is not None


def columns(record: RegistrationRecord) -> dict[str, object]:
    """A new registration's values, for `COLUMNS`."""
    return {name: getattr(record, name) for name in COLUMNS}


def get(connection: Connection, registration_id: UUID) -> RegistrationRecord | None:
    """The registration with this id."""
    return _one(connection.execute(select(registration).where(registration.c.id == registration_id)).first())


def of_draft(connection: Connection, draft_row_id: bytes) -> RegistrationRecord | None:
    """The registration that this draft became, if its button was pressed."""
    return _one(connection.execute(select(registration).where(registration.c.draft_row_id == draft_row_id)).first())


def of_reference(connection: Connection, reference: str) -> RegistrationRecord | None:
    """The registration with this reference."""
    return _one(connection.execute(select(registration).where(registration.c.reference == reference)).first())


def of_proof(connection: Connection, proof_hash: bytes) -> RegistrationRecord | None:
    """The registration whose proof carries the code with this hash."""
    return _one(connection.execute(select(registration).where(registration.c.proof_hash == proof_hash)).first())


def first_open_of(
    connection: Connection, municipality_code: str, person_hashes: Collection[bytes], *, now: datetime
) -> tuple[UUID, datetime] | None:
    """Of what looks like this person, in this municipality: the oldest registration that is open, and its moment."""
    found = [
        row
        for person in person_hashes
        for row in _FIRST_OPEN.rows(connection, person=person, municipality=municipality_code, now=now)
    ]
    registration_id, registered_at = min(found, key=lambda row: row[1], default=(None, None))
    return (registration_id, registered_at) if registration_id and registered_at else None


def change(connection: Connection, registration_id: UUID, **values: object) -> None:
    """Keep what the resident or the events say now: `told_urgent_at`, `ends_at` and the like, by column."""
    connection.execute(update(registration).where(registration.c.id == registration_id).values(**values))


def remove(connection: Connection, registration_id: UUID) -> None:
    """Erase the registration with all that hangs on it: links, events, messages, copy, address for messages."""
    connection.execute(delete(registration).where(registration.c.id == registration_id))


def first_of_former(connection: Connection, former: Collection[str]) -> UUID | None:
    """A registration that one of these municipalities has, or has told something about."""
    owned = select(registration.c.id).where(registration.c.municipality_code.in_(former)).limit(1)
    told = select(event.c.registration_id).where(event.c.municipality_code.in_(former)).limit(1)
    found: UUID | None = connection.execute(owned).scalar() or connection.execute(told).scalar()
    return found


def set_owner(connection: Connection, registration_id: UUID, municipality_code: str) -> None:
    """From now on this municipality speaks of the registration."""
    connection.execute(
        update(registration).where(registration.c.id == registration_id).values(municipality_code=municipality_code)
    )


def purge(connection: Connection, *, now: datetime, limit: int) -> int:
    """Erase at most `limit` registrations that are past their time, with all that hangs on them; how many went.

    Never one of which a municipality has yet to receive something.
    """
    over = select(registration.c.id).where(registration.c.forget_at <= now, ~_is_under_way()).limit(limit)
    return connection.execute(delete(registration).where(registration.c.id.in_(over))).rowcount


def count_undelivered(connection: Connection, *, now: datetime) -> int:
    """How many are past their time and stay, because a municipality has yet to receive something."""
    kept = select(func.count()).select_from(registration).where(registration.c.forget_at <= now, _is_under_way())
    return connection.execute(kept).scalar_one()


def _is_under_way() -> ColumnElement[bool]:
    return exists().where(
        outbox.c.registration_id == registration.c.id,
        outbox.c.delivered_at.is_(None),
        outbox.c.kind != NOTICE,
    )


def count(connection: Connection) -> int:
    """How many registrations there are (`citizen-portal status`)."""
    return connection.execute(select(func.count()).select_from(registration)).scalar_one()


def _one(row: Row[tuple[object, ...]] | None) -> RegistrationRecord | None:
    return None if row is None else RegistrationRecord(**row._mapping)
