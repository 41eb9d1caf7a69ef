"""What a resident may still do after the press: tell that it became urgent, ask to stop, note a call, erase it all.

Each is one transaction, together with the message that it makes; whoever may do it has shown an owner's link before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from citizen_portal.intake.outbox import supplement_message, withdrawal_message
from citizen_portal.registration.deadlines import due_once_urgent
from citizen_portal.registration.model import UrgentKind
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import events, outbox, registrations
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.registrations import RegistrationRecord


class NotThereAnyMore(Exception):
    """The registration was erased since its page was shown."""


def tell_urgent(
    database: Database,
    keys: KeyRing,
    registration_id: UUID,
    kinds: tuple[UrgentKind, ...],
    day: date | None,
    *,
    now: datetime,
    extra_holidays: Collection[date] = (),
) -> date:
    """Keep that it became urgent (Wgs art. 4), and send it as `aanvulling`; the latest day of the conversation then.

    That day is the earliest of all so far and three working days from now: telling more never makes it later.
    Raises NotThereAnyMore.
    """
    with database.writing() as connection:
        record = _locked(connection, registration_id)
        due = due_once_urgent(record.conversation_due, told_at=now, extra_holidays=extra_holidays)
        registrations.change(connection, record.id, conversation_due=due, urgent=True, told_urgent_at=now)
        message = supplement_message(
            keys,
            registration_id=record.id,
            municipality_code=record.municipality_code,
            position=outbox.next_position(connection, record.id),
            told_at=now,
            kinds=kinds,
            day=day,
            due=due,
        )
        outbox.add(connection, message)
    return due


def withdraw(
    database: Database, keys: KeyRing, registration_id: UUID, *, before: datetime | None, now: datetime
) -> None:
    """Keep that somebody with the link asked to stop, and send it as `intrekking`: a request, which is verified there.

    `before` is the withdrawal that was kept when the page was shown; with a newer one this is a second tap, which
    changes nothing. Raises NotThereAnyMore.
    """
    with database.writing() as connection:
        record = _locked(connection, registration_id)
        if record.withdrawn_at != before:
            return
        registrations.change(connection, record.id, withdrawn_at=now)
        message = withdrawal_message(
            keys,
            registration_id=record.id,
            municipality_code=record.municipality_code,
            position=outbox.next_position(connection, record.id),
            told_at=now,
        )
        outbox.add(connection, message)


def note_call(database: Database, registration_id: UUID, *, called: bool, now: datetime) -> None:
    """Keep, for the resident's page only, that somebody called; or that this was noted by mistake."""
    with database.writing() as connection:
        registrations.change(connection, registration_id, called_at=now if called else None)


def erase(database: Database, registration_id: UUID) -> bool:
    """Erase all that the portal still has. False: something is on its way to the municipality, so nothing was erased.

    Whoever asks for help must not lose it by tidying up: what the municipality has not received stays until it has.
    """
    with database.writing() as connection:
        events.lock_registration(connection, registration_id)
        if outbox.is_under_way(connection, registration_id):
            return False
        registrations.remove(connection, registration_id)
    database.forget_erased()
    return True


def _locked(connection: Connection, registration_id: UUID) -> RegistrationRecord:
    events.lock_registration(connection, registration_id)
    record = registrations.get(connection, registration_id)
    if record is None:
        raise NotThereAnyMore
    return record
