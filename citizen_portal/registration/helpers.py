"""What the resident allows a helper after the press: to follow how it stands, and that they may be called.

Each is one transaction; whoever may do it has shown an owner's link before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from citizen_portal.registration.devices import FreshLink, follow_locked
from citizen_portal.registration.links import BRIEF_LIFE, HELPER, INVITE, LinkToken
from citizen_portal.registration.new_link import make_link
from citizen_portal.storage import events, links, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.links import LENT, SHOWN

INVITE_LIFE = timedelta(days=7)
"""Long enough for a volunteer who comes once a week."""


class MayNotFollow(Exception):
    """The resident did not allow a helper to follow, and a lent device is no place to allow it."""


def invite(database: Database, owner: LinkToken, registration_id: UUID, *, now: datetime) -> FreshLink:
    """A fresh invite; the one before it is dead. Allows a helper to follow, if that was not so yet.

    On a device that is not the owner's the invite dies with all that this device showed, and nothing is allowed that
    was not before: a helper cannot do that in the resident's place. Raises MayNotFollow then, and LinkUsed when the
    owner's link was revoked.
    """
    with database.writing() as connection:
        found = follow_locked(connection, owner, registration_id, now=now)
        is_lent = found.origin == LENT
        if is_lent and not found.record.helper_may_follow:
            raise MayNotFollow
        links.revoke_all(connection, registration_id, {INVITE}, now=now)
        registrations.change(connection, registration_id, helper_may_follow=True)
        life, origin = (BRIEF_LIFE, SHOWN) if is_lent else (INVITE_LIFE, None)
        bits = make_link(connection, registration_id, INVITE, lives=life, now=now, origin=origin)
    return FreshLink(bits, now + life)


def stop_following(database: Database, registration_id: UUID, *, now: datetime) -> None:
    """From now on no helper sees anything, and no invite that is under way opens anything."""
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        links.revoke_all(connection, registration_id, {HELPER, INVITE}, now=now)
        registrations.change(connection, registration_id, helper_may_follow=False)


def note_no_contact(database: Database, registration_id: UUID) -> None:
    """Keep, for the resident's page, that the municipality may not talk to the helper any more.

    It is not told: contract/intake.md has no message for this, so the resident has to.
    """
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        record = registrations.get(connection, registration_id)
        if record is not None and record.helper_may_be_contacted:
            registrations.change(connection, registration_id, helper_may_be_contacted=False)
