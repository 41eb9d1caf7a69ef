"""What the resident allows a helper after the press: to follow how it stands, and that they may be called.

Each is one transaction; whoever may do it has shown an owner's link before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from citizen_portal.registration.devices import require_link
from citizen_portal.registration.links import BRIEF_LIFE, HELPER, INVITE, LinkToken
from citizen_portal.registration.new_link import LinkUsed, make_link
from citizen_portal.storage import events, links, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.links import SHOWN

INVITE_LIFE = timedelta(days=7)
"""Long enough for a volunteer who comes once a week."""


class MayNotFollow(Exception):
    """The resident did not allow a helper to follow, and a lent device is no place to allow it."""


def invite(database: Database, owner: LinkToken, registration_id: UUID, *, lent: bool, now: datetime) -> bytes:
    """The bits of a fresh invite; the one before it is dead. Allows a helper to follow, if that was not so yet.

    `lent`: it is asked for on a device that is not the owner's. Then it dies with what that device showed, and nobody
    is allowed what the resident did not allow before: a helper cannot do so in their place. Raises MayNotFollow,
    and LinkUsed when the owner's link was revoked.
    """
    with database.writing() as connection:
        require_link(connection, owner, registration_id, now=now)
        record = registrations.get(connection, registration_id)
        if record is None:
            raise LinkUsed
        if lent and not record.helper_may_follow:
            raise MayNotFollow
        links.revoke_all(connection, registration_id, {INVITE}, now=now)
        registrations.change(connection, registration_id, helper_may_follow=True)
        life, origin = (BRIEF_LIFE, SHOWN) if lent else (INVITE_LIFE, None)
        return make_link(connection, registration_id, INVITE, lives=life, now=now, origin=origin)


def stop_following(database: Database, registration_id: UUID, *, now: datetime) -> None:
    """From now on no helper sees anything, and no invite that is under way opens anything."""
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        links.revoke_all(connection, registration_id, {HELPER, INVITE}, now=now)
        registrations.change(connection, registration_id, helper_may_follow=False)


def note_no_contact(database: Database, registration_id: UUID) -> None:
    """Keep, for the resident's page only, that the helper may not be called any more. The municipality is not told:

    the contract has no message for it (contract/intake.md), so the resident tells it.
    """
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        record = registrations.get(connection, registration_id)
        if record is not None and record.helper_may_be_contacted:
            registrations.change(connection, registration_id, helper_may_be_contacted=False)
