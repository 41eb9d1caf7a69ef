"""Registrations: what stays after the press. No name, no address, no answers: those travel sealed in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update

from citizen_portal.storage.tables import registration
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
    ends_at: datetime | None = None
    forget_at: datetime | None = None


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


def set_owner(connection: Connection, registration_id: UUID, municipality_code: str) -> None:
    """From now on this municipality speaks of the registration."""
    connection.execute(
        update(registration).where(registration.c.id == registration_id).values(municipality_code=municipality_code)
    )


def count(connection: Connection) -> int:
    """How many registrations there are (`citizen-portal status`)."""
    return connection.execute(select(func.count()).select_from(registration)).scalar_one()


def _one(row: Row[tuple[object, ...]] | None) -> RegistrationRecord | None:
    return None if row is None else RegistrationRecord(**row._mapping)
