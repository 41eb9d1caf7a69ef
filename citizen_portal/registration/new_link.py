"""Fresh links: any by itself; an owner's in the place of an envelope, or of a link that somebody else saw."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from uuid import UUID

from citizen_portal.registration.links import ENVELOPE, LINK_BITS, OWNER, OWNER_LIFE, VIEW, LinkToken, token_hash
from citizen_portal.registration.owner_copy import open_copy, seal_copy
from citizen_portal.storage import links, owner_copies
from citizen_portal.storage.database import Connection, Database


class LinkUsed(Exception):
    """The link was used up or revoked since its page was shown."""


def open_envelope(database: Database, envelope: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of a new owner's link; the envelope is used up. Raises LinkUsed."""
    with database.writing() as connection:
        if not links.revoke(connection, envelope.hash, now=now):
            raise LinkUsed
        return make_link(connection, registration_id, OWNER, lives=OWNER_LIFE, now=now)


def replace_link(database: Database, seen: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of a new owner's link; every other link that shows something is dead from now on. Raises LinkUsed.

    The owner's copy goes along, if `seen` opens it. Links that only stop messages go on working.
    """
    with database.writing() as connection:
        if not links.revoke(connection, seen.hash, now=now):
            raise LinkUsed
        links.revoke_all(connection, registration_id, (OWNER, VIEW, ENVELOPE), now=now)
        bits = make_link(connection, registration_id, OWNER, lives=OWNER_LIFE, now=now)
        sealed = owner_copies.load(connection, registration_id, now=now)
        message = open_copy(seen.bits, registration_id, sealed) if sealed else None
        if message is not None:
            owner_copies.replace(connection, registration_id, seal_copy(bits, registration_id, message))
    return bits


def make_link(
    connection: Connection,
    registration_id: UUID,
    scope: str,
    *,
    lives: timedelta,
    now: datetime,
    origin: str | None = None,
) -> bytes:
    """The bits of a new link with this scope, kept in the caller's transaction. Only their hash is stored."""
    bits = os.urandom(LINK_BITS)
    expires_at = now + lives
    links.add(
        connection, token_hash(bits, scope), registration_id, scope, now=now, expires_at=expires_at, origin=origin
    )
    return bits
