"""Registrations: what stays after the press. No name, no address, no answers: those travel sealed in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from citizen_portal.storage.tables import registration


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


def add(connection: Connection, record: RegistrationRecord) -> None:
    """Keep a new registration. Raises IntegrityError when its reference or its draft was used before."""
    connection.execute(
        insert(registration).values(
            id=record.id,
            reference=record.reference,
            draft_row_id=record.draft_row_id,
            municipality_code=record.municipality_code,
            first_municipality_code=record.first_municipality_code,
            registered_at=record.registered_at,
            conversation_due=record.conversation_due,
            urgent=record.urgent,
        )
    )


def get(connection: Connection, registration_id: UUID) -> RegistrationRecord | None:
    """The registration with this id."""
    return _one(connection.execute(select(registration).where(registration.c.id == registration_id)).first())


def of_draft(connection: Connection, draft_row_id: bytes) -> RegistrationRecord | None:
    """The registration that this draft became, if its button was pressed."""
    return _one(connection.execute(select(registration).where(registration.c.draft_row_id == draft_row_id)).first())


def reference_taken(connection: Connection, reference: str) -> bool:
    """Whether a registration carries this reference already."""
    return (
        connection.execute(select(registration.c.id).where(registration.c.reference == reference)).first() is not None
    )


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
