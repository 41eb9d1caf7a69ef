"""Links to a status page: only the hash of each is kept, so a copy of the database opens nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, case, insert, select, update

from citizen_portal.storage.question import Question
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import link, registration

_FOLLOW = Question(
    select(link.c.origin, link.c.expires_at, link.c.carried, registration)
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

LENT = "lent"
"""The origin of an owner's link on a device that is not the owner's: a helper's, or a borrowed one."""

SHOWN = "shown"
"""The origin of an envelope or invite that a device shows: it dies when that device is left to the next person."""

PAPER = "paper"
"""The origin of an envelope that is printed and taken along: it does not."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a link led to. `origin` as above, `carried` as it was added."""

    record: RegistrationRecord
    origin: str | None
    expires_at: datetime
    carried: bytes | None


def add(
    connection: Connection,
    token_hash: bytes,
    registration_id: UUID,
    scope: str,
    *,
    now: datetime,
    expires_at: datetime,
    origin: str | None = None,
    carried: bytes | None = None,
) -> None:
    """Keep a link until `expires_at`. `carried` is whatever it brings along, sealed."""
    connection.execute(
        insert(link),
        {
            "token_hash": token_hash,
            "registration_id": registration_id,
            "scope": scope,
            "created_at": now,
            "expires_at": expires_at,
            "origin": origin,
            "carried": carried,
        },
    )


def follow(connection: Connection, token_hash: bytes, scope: str, *, now: datetime) -> Followed | None:
    """What stands behind a link that is neither unknown, revoked nor past its time."""
    found = _FOLLOW.rows(connection, token=token_hash, in_scope=scope, now=now)
    if not found:
        return None
    origin, expires_at, carried, *record = found[0]
    return Followed(RegistrationRecord(**dict(zip(_COLUMNS, record, strict=True))), origin, expires_at, carried)


def revoke(connection: Connection, token_hash: bytes, *, now: datetime) -> bool:
    """From now on the link opens nothing. False: it was unknown, or revoked before."""
    result = connection.execute(
        update(link).where(link.c.token_hash == token_hash, link.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return result.rowcount == 1


def lend(connection: Connection, token_hash: bytes, *, until: datetime) -> None:
    """From now on this link is only lent to the device that has it, at the latest until `until`."""
    ends = case((link.c.expires_at < until, link.c.expires_at), else_=until)
    connection.execute(update(link).where(link.c.token_hash == token_hash).values(origin=LENT, expires_at=ends))


def revoke_shown(connection: Connection, registration_id: UUID, *, now: datetime) -> None:
    """From now on nothing opens that a device showed and nobody opened: envelopes and invites."""
    mine = (link.c.registration_id == registration_id, link.c.origin == SHOWN, link.c.revoked_at.is_(None))
    connection.execute(update(link).where(*mine).values(revoked_at=now))


@dataclass(frozen=True, slots=True)
class LiveLink:
    """A link that opens something now; `origin` as above."""

    scope: str
    origin: str | None
    created_at: datetime
    expires_at: datetime


def live(connection: Connection, registration_id: UUID, *, now: datetime) -> list[LiveLink]:
    """All links to the registration that open something now, the last one made first."""
    works = (link.c.registration_id == registration_id, link.c.revoked_at.is_(None), link.c.expires_at > now)
    columns = (link.c.scope, link.c.origin, link.c.created_at, link.c.expires_at)
    rows = connection.execute(select(*columns).where(*works).order_by(link.c.created_at.desc()))
    return [LiveLink(*row) for row in rows]


def revoke_all(connection: Connection, registration_id: UUID, scopes: Collection[str], *, now: datetime) -> None:
    """From now on no link of this registration with one of these scopes opens anything."""
    mine = (link.c.registration_id == registration_id, link.c.scope.in_(scopes), link.c.revoked_at.is_(None))
    connection.execute(update(link).where(*mine).values(revoked_at=now))


def made(connection: Connection, registration_id: UUID, origin: str) -> list[datetime]:
    """When links of this origin were made for the registration, the last one first; also those that are over."""
    rows = _MADE.rows(connection, registration=registration_id, of_origin=origin)
    return [row[0] for row in rows]
