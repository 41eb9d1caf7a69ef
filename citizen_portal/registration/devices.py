"""An owner's link on a device that is not the owner's: lent for a while, taken along, and revoked on leaving.

Each is one transaction; whoever may do it has shown the link that is lent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from citizen_portal.registration.links import BRIEF_LIFE, ENVELOPE, OWNER, LinkToken
from citizen_portal.registration.new_link import LinkUsed, make_envelope
from citizen_portal.storage import events, links
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.links import LENT, PAPER, SHOWN, Followed, LiveLink

PAPER_LIFE = timedelta(days=14)
"""Somebody without a phone of their own finds one within two weeks; paper that was lost opens nothing for longer."""


class FreshLink(NamedTuple):
    """The bits of a link that was just made, and when it ends unless it is used up or revoked before."""

    bits: bytes
    works_until: datetime


def lend(database: Database, owner: LinkToken, *, now: datetime) -> None:
    """From now on this link is only lent to the device that has it, for half an hour; doing it again adds nothing."""
    with database.writing() as connection:
        links.lend(connection, owner.hash, until=now + BRIEF_LIFE)


def show_envelope(database: Database, lent: LinkToken, registration_id: UUID, *, now: datetime) -> FreshLink:
    """An envelope to scan from the screen; all that this device showed before is dead. Raises LinkUsed."""
    with database.writing() as connection:
        follow_locked(connection, lent, registration_id, now=now)
        links.revoke_shown(connection, registration_id, now=now)
        bits = make_envelope(connection, lent, registration_id, lives=BRIEF_LIFE, now=now, origin=SHOWN)
    return FreshLink(bits, now + BRIEF_LIFE)


def print_envelope(database: Database, lent: LinkToken, registration_id: UUID, *, now: datetime) -> FreshLink:
    """An envelope to take along on paper. One that was printed before goes on working. Raises LinkUsed."""
    with database.writing() as connection:
        follow_locked(connection, lent, registration_id, now=now)
        bits = make_envelope(connection, lent, registration_id, lives=PAPER_LIFE, now=now, origin=PAPER)
    return FreshLink(bits, now + PAPER_LIFE)


def leave(database: Database, lent: LinkToken, registration_id: UUID, *, now: datetime) -> None:
    """From now on the device opens nothing: neither with its link nor with what it showed. Once more is no fault."""
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        links.revoke(connection, lent.hash, now=now)
        links.revoke_shown(connection, registration_id, now=now)


def took_along(live: Iterable[LiveLink]) -> bool:
    """Whether the owner has, or is being sent, a link that does not end with the lent one."""
    stays = {OWNER: LENT, ENVELOPE: SHOWN}
    return any(link.scope in stays and link.origin != stays[link.scope] for link in live)


def follow_locked(connection: Connection, owner: LinkToken, registration_id: UUID, *, now: datetime) -> Followed:
    """What this owner's link leads to; nobody revokes it until the transaction ends. Raises LinkUsed if it is dead."""
    events.lock_registration(connection, registration_id)
    found = links.follow(connection, owner.hash, OWNER, now=now)
    if found is None:
        raise LinkUsed
    return found
