"""The press: registration, sealed outbox entry, first link and the draft's removal, in one transaction or none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from citizen_portal.intake.outbox import first_message
from citizen_portal.registration.deadlines import conversation_due
from citizen_portal.registration.links import OWNER, OWNER_LIFE, token_hash
from citizen_portal.registration.model import Registration, RequestForHelp
from citizen_portal.registration.reference import new_reference
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import drafts, presses, registrations
from citizen_portal.storage.database import Database, FateUnknown
from citizen_portal.storage.presses import DraftGone, FirstLink, ReferenceTaken
from citizen_portal.storage.registrations import RegistrationRecord

PRESS_AGAIN = timedelta(minutes=15)
"""For so long the same press gives the same status page; after that a used draft is gone like any other."""


class DraftChanged(Exception):
    """The answers were changed, or the draft was used or erased, after the page with the button was shown."""


@dataclass(frozen=True, slots=True)
class PressedDraft:
    """What is pressed: the row, the revision that the resident saw, and the bits of the first link."""

    row_id: bytes
    revision: int
    link_bits: bytes


def press(
    database: Database,
    keys: KeyRing,
    draft: PressedDraft,
    request: RequestForHelp,
    *,
    now: datetime,
    extra_holidays: Collection[date] = (),
) -> None:
    """Keep the registration. When this returns, it is in the database together with its delivery (promise 1).

    Two presses at once: one writes, the other raises DraftChanged, and `pressed_before` tells the two apart.
    A commit that was cut off is read again, never repeated. Raises DatabaseAway when nothing was kept, and when
    nobody answers who could tell: the same press once more is safe either way.
    """
    due = conversation_due(now, urgent=bool(request.urgent), extra_holidays=extra_holidays)
    while True:
        registration = Registration(uuid4(), new_reference(), now.replace(microsecond=0), due, request)
        try:
            _keep(database, keys, draft, registration, now=now)
        except ReferenceTaken:
            continue
        except DraftGone:
            raise DraftChanged from None
        except FateUnknown:
            if not _was_kept(database, draft):
                raise
        return


def _keep(
    database: Database,
    keys: KeyRing,
    draft: PressedDraft,
    registration: Registration,
    *,
    now: datetime,
) -> None:
    record = _record(registration, draft.row_id)
    link = FirstLink(token_hash(draft.link_bits, OWNER), registration.id, OWNER, now, now + OWNER_LIFE)
    message = first_message(keys, registration, now=now)
    with database.writing() as connection:
        presses.keep(connection, record, link, message, revision=draft.revision)


def _was_kept(database: Database, draft: PressedDraft) -> bool:
    """Whether the press is in the database after all; a commit that the server is still busy with is waited for."""
    with database.writing() as connection:
        drafts.wait_for_writers(connection, draft.row_id)
        return registrations.of_draft(connection, draft.row_id) is not None


def pressed_before(database: Database, row_id: bytes, *, now: datetime) -> UUID | None:
    """The registration that this draft became within the last 15 minutes."""
    with database.reading() as connection:
        found = registrations.of_draft(connection, row_id)
    return found.id if found and now - found.registered_at <= PRESS_AGAIN else None


def _record(registration: Registration, draft_row_id: bytes) -> RegistrationRecord:
    code = registration.request.municipality_code
    return RegistrationRecord(
        id=registration.id,
        reference=registration.reference,
        draft_row_id=draft_row_id,
        municipality_code=code,
        first_municipality_code=code,
        registered_at=registration.registered_at,
        conversation_due=registration.conversation_due,
        urgent=bool(registration.request.urgent),
    )
