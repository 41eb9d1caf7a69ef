"""Links to a status page: only the hash of each is kept, so a copy of the database opens nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from citizen_portal.storage.question import Question
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import link, registration

_FOLLOW = Question(
    select(registration)
    .join(link, link.c.registration_id == registration.c.id)
    .where(
        link.c.token_hash == bindparam("token"),
        link.c.scope == bindparam("in_scope"),
        link.c.revoked_at.is_(None),
        link.c.expires_at > bindparam("now"),
    )
)
_COLUMNS = registration.c.keys()
_MADE = Question(
    select(link.c.created_at)
    .where(link.c.registration_id == bindparam("registration"), link.c.origin == bindparam("of_origin"))
    .order_by(link.c.created_at.desc())
)


LOST = "lost"
"""The origin of a link that reference and postcode (or birth date) gave: the owner's page tells of each."""


def add(
    connection: Connection,
    token_hash: bytes,
    registration_id: UUID,
    scope: str,
    *,
    now: datetime,
    expires_at: datetime,
    origin: str | None = None,
) -> None:
    """Keep a link until `expires_at`."""
    connection.execute(
        insert(link),
        {
            "token_hash": token_hash,
            "registration_id": registration_id,
            "scope": scope,
            "created_at": now,
            "expires_at": expires_at,
            "origin": origin,
        },
    )


def follow(connection: Connection, token_hash: bytes, scope: str, *, now: datetime) -> RegistrationRecord | None:
    """The registration behind a link that is neither unknown, revoked nor past its time."""
    found = _FOLLOW.rows(connection, token=token_hash, in_scope=scope, now=now)
    return RegistrationRecord(**dict(zip(_COLUMNS, found[0], strict=True))) if found else None


def revoke(connection: Connection, token_hash: bytes, *, now: datetime) -> bool:
    """From now on the link opens nothing. False: it was unknown, or revoked before."""
    result = connection.execute(
        update(link).where(link.c.token_hash == token_hash, link.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return result.rowcount == 1


def revoke_all(connection: Connection, registration_id: UUID, scopes: Collection[str], *, now: datetime) -> None:
    """From now on no link of this registration with one of these scopes opens anything."""
    mine = (link.c.registration_id == registration_id, link.c.scope.in_(scopes), link.c.revoked_at.is_(None))
    connection.execute(update(link).where(*mine).values(revoked_at=now))


def made(connection: Connection, registration_id: UUID, origin: str) -> list[datetime]:
    """When links of this origin were made for the registration, the last one first; also those that are over."""
    rows = _MADE.rows(connection, registration=registration_id, of_origin=origin)
    return [row[0] for row in rows]
