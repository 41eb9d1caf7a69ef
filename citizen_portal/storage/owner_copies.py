"""For 72 hours: the answers as they were sent, sealed with a key that only the first owner's link gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from citizen_portal.storage.tables import owner_copy


@dataclass(frozen=True, slots=True)
class OwnerCopy:
    """A row as it is kept."""

    registration_id: UUID
    sealed: bytes
    expires_at: datetime


COLUMNS = ("registration_id", "sealed", "expires_at")


def columns(copy: OwnerCopy) -> dict[str, object]:
    """A copy's values, for `COLUMNS`."""
    return {name: getattr(copy, name) for name in COLUMNS}


def add(connection: Connection, copy: OwnerCopy) -> None:
    """Keep a copy."""
    connection.execute(insert(owner_copy), columns(copy))


def load(connection: Connection, registration_id: UUID, *, now: datetime) -> bytes | None:
    """The sealed copy, None once it was erased or is past its time."""
    found = select(owner_copy.c.sealed).where(
        owner_copy.c.registration_id == registration_id, owner_copy.c.expires_at > now
    )
    return connection.execute(found).scalar_one_or_none()


def replace(connection: Connection, registration_id: UUID, sealed: bytes) -> None:
    """Keep the copy sealed in another way, for as long as before."""
    connection.execute(update(owner_copy).where(owner_copy.c.registration_id == registration_id).values(sealed=sealed))


def remove(connection: Connection, registration_id: UUID) -> None:
    """Erase the copy, if it is there."""
    connection.execute(delete(owner_copy).where(owner_copy.c.registration_id == registration_id))


def purge(connection: Connection, *, now: datetime) -> int:
    """Erase what is past its time; how many went."""
    return connection.execute(delete(owner_copy).where(owner_copy.c.expires_at <= now)).rowcount
