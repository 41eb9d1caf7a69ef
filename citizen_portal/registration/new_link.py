"""A fresh owner's link: in the place of an envelope, or of a link that somebody else saw. One transaction each."""

from __future__ import annotations

import os
from datetime import datetime
from uuid import UUID

from citizen_portal.registration.links import ENVELOPE, OWNER, OWNER_LIFE, VIEW, LinkToken, token_hash
from citizen_portal.registration.owner_copy import open_copy, seal_copy
from citizen_portal.storage import links, owner_copies
from citizen_portal.storage.database import Connection, Database

_BITS = 16


class LinkUsed(Exception):
    """The link was used up or revoked since its page was shown."""


def open_envelope(database: Database, envelope: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of a new owner's link; the envelope is used up. Raises LinkUsed."""
    with database.writing() as connection:
        if not links.revoke(connection, envelope.hash, now=now):
            raise LinkUsed
        return _new_owners_link(connection, registration_id, now)


def replace_link(database: Database, seen: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of a new owner's link; every other link that shows something is dead from now on. Raises LinkUsed.

    The owner's copy goes along, if `seen` opens it. Links that only stop messages go on working.
    """
    with database.writing() as connection:
        if not links.revoke(connection, seen.hash, now=now):
            raise LinkUsed
        links.revoke_all(connection, registration_id, (OWNER, VIEW, ENVELOPE), now=now)
        bits = _new_owners_link(connection, registration_id, now)
        sealed = owner_copies.load(connection, registration_id, now=now)
        message = open_copy(seen.bits, registration_id, sealed) if sealed else None
        if message is not None:
            owner_copies.replace(connection, registration_id, seal_copy(bits, registration_id, message))
    return bits


def _new_owners_link(connection: Connection, registration_id: UUID, now: datetime) -> bytes:
    bits = os.urandom(_BITS)
    links.add(connection, token_hash(bits, OWNER), registration_id, OWNER, now=now, expires_at=now + OWNER_LIFE)
    return bits
