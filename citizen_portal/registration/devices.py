"""An owner's link on a device that is not the owner's: lent for a while, taken along, and revoked on leaving.

Each is one transaction; whoever may do it has shown the link that is lent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from citizen_portal.registration.links import BRIEF_LIFE, ENVELOPE, OWNER, LinkToken
from citizen_portal.registration.new_link import LinkUsed, make_envelope
from citizen_portal.storage import events, links
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.links import LENT, PAPER, SHOWN, LiveLink

PAPER_LIFE = timedelta(days=14)
"""Somebody without a phone of their own finds one within two weeks; paper that was lost opens nothing for longer."""


def lend(database: Database, owner: LinkToken, *, now: datetime) -> None:
    """From now on this link is only lent to the device that has it, for half an hour; once more makes that no longer."""
    with database.writing() as connection:
        links.lend(connection, owner.hash, until=now + BRIEF_LIFE)


def show_envelope(database: Database, lent: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of an envelope to scan from the screen; all that this device showed before is dead. Raises LinkUsed."""
    with database.writing() as connection:
        require_link(connection, lent, registration_id, now=now)
        links.revoke_shown(connection, registration_id, now=now)
        return make_envelope(connection, lent, registration_id, lives=BRIEF_LIFE, now=now, origin=SHOWN)


def print_envelope(database: Database, lent: LinkToken, registration_id: UUID, *, now: datetime) -> bytes:
    """The bits of an envelope to take along on paper. One that was printed before goes on working. Raises LinkUsed."""
    with database.writing() as connection:
        require_link(connection, lent, registration_id, now=now)
        return make_envelope(connection, lent, registration_id, lives=PAPER_LIFE, now=now, origin=PAPER)


def leave(database: Database, lent: LinkToken, registration_id: UUID, *, now: datetime) -> None:
    """From now on the device opens nothing any more: not its link, and nothing that it showed. Once more is no fault."""
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        links.revoke(connection, lent.hash, now=now)
        links.revoke_shown(connection, registration_id, now=now)


def took_along(live: Iterable[LiveLink]) -> bool:
    """Whether the owner has, or is being sent, a link that does not end with the lent one."""
    stays = {OWNER: LENT, ENVELOPE: SHOWN}
    return any(link.scope in stays and link.origin != stays[link.scope] for link in live)


def require_link(connection: Connection, owner: LinkToken, registration_id: UUID, *, now: datetime) -> None:
    """Until the transaction ends nobody revokes this owner's link, which works. Raises LinkUsed when it does not."""
    events.lock_registration(connection, registration_id)
    if links.follow(connection, owner.hash, OWNER, now=now) is None:
        raise LinkUsed
