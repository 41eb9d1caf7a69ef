"""Fresh links: any by itself; one in the place of an envelope or invite, or of a link that somebody else saw."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from uuid import UUID

from citizen_portal.registration.links import (
    ENVELOPE,
    HELPER,
    LINK_BITS,
    OWNER,
    OWNER_LIFE,
    SCOPES,
    STOP,
    LinkToken,
    token_hash,
)
from citizen_portal.registration.owner_copy import open_copy, seal_copy
from citizen_portal.sealing import derive, seal, unseal
from citizen_portal.storage import events, links, owner_copies
from citizen_portal.storage.database import Connection, Database


class LinkUsed(Exception):
    """The link was used up or revoked since its page was shown."""


def make_envelope(
    connection: Connection,
    owner: LinkToken,
    registration_id: UUID,
    *,
    lives: timedelta,
    now: datetime,
    origin: str | None = None,
) -> bytes:
    """The bits of an envelope made from an owner's link, kept in the caller's transaction.

    It carries the owner's copy along, if `owner` opens it: whoever opens the envelope sees the answers, too.
    """
    bits = os.urandom(LINK_BITS)
    carried = seal(_carrying_key(bits), owner.bits, registration_id.bytes)
    _keep(connection, bits, ENVELOPE, registration_id, lives=lives, now=now, origin=origin, carried=carried)
    return bits


def open_envelope(database: Database, envelope: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of a new owner's link; the envelope is used up. Raises LinkUsed.

    The owner's copy comes along where the envelope was made from an owner's link: that one opens it no longer then.
    """
    with database.writing() as connection:
        # What replaces or revokes links at this moment has to see the one that is made here.
        events.lock_registration(connection, registration_id)
        found = links.follow(connection, envelope.hash, ENVELOPE, now=now)
        if found is None or not links.revoke(connection, envelope.hash, now=now):
            raise LinkUsed
        bits = make_link(connection, registration_id, OWNER, lives=OWNER_LIFE, now=now)
        if found.carried is not None:
            before = unseal(_carrying_key(envelope.bits), found.carried, registration_id.bytes)
            _move_copy(connection, registration_id, before, bits, now=now)
        return bits


def open_invite(database: Database, invite: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of a helper's own link; the invite is used up. Raises LinkUsed."""
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        if not links.revoke(connection, invite.hash, now=now):
            raise LinkUsed
        return make_link(connection, registration_id, HELPER, lives=OWNER_LIFE, now=now)


def replace_link(database: Database, seen: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of a new owner's link; every other link that shows something is dead from now on. Raises LinkUsed.

    The owner's copy goes along, if `seen` opens it. Links that only stop messages go on working.
    """
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        if not links.revoke(connection, seen.hash, now=now):
            raise LinkUsed
        links.revoke_all(connection, registration_id, SCOPES - {STOP}, now=now)
        bits = make_link(connection, registration_id, OWNER, lives=OWNER_LIFE, now=now)
        _move_copy(connection, registration_id, seen.bits, bits, now=now)
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
    _keep(connection, bits, scope, registration_id, lives=lives, now=now, origin=origin)
    return bits


def _keep(
    connection: Connection,
    bits: bytes,
    scope: str,
    registration_id: UUID,
    *,
    lives: timedelta,
    now: datetime,
    origin: str | None = None,
    carried: bytes | None = None,
) -> None:
    links.add(
        connection,
        token_hash(bits, scope),
        registration_id,
        scope,
        now=now,
        expires_at=now + lives,
        origin=origin,
        carried=carried,
    )


def _move_copy(connection: Connection, registration_id: UUID, before: bytes, after: bytes, *, now: datetime) -> None:
    """From now on the bits `after` open the owner's copy, if the bits `before` did."""
    sealed = owner_copies.load(connection, registration_id, now=now)
    message = open_copy(before, registration_id, sealed) if sealed else None
    if message is not None:
        owner_copies.replace(connection, registration_id, seal_copy(after, registration_id, message))


def _carrying_key(envelope_bits: bytes) -> bytes:
    return derive(envelope_bits, "carried owner's link")
