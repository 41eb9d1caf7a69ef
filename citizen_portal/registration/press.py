"""The press: registration, sealed outbox entry, first link, owner's copy and the draft's removal, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from citizen_portal.intake.message import registration_body
from citizen_portal.intake.outbox import first_message
from citizen_portal.registration.deadlines import conversation_due
from citizen_portal.registration.links import BRIEF_LIFE, OWNER, OWNER_LIFE, token_hash
from citizen_portal.registration.lookup import Lookups
from citizen_portal.registration.model import EarlierRegistration, Registration, RequestForHelp
from citizen_portal.registration.owner_copy import seal_copy
from citizen_portal.registration.proof import ProofCodes, proof_hash
from citizen_portal.registration.reference import new_reference
from citizen_portal.registration.retention import COPY_LIFE, forget_at
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import drafts, presses, registrations
from citizen_portal.storage.database import Connection, Database, FateUnknown
from citizen_portal.storage.links import LENT
from citizen_portal.storage.owner_copies import OwnerCopy
from citizen_portal.storage.presses import DraftGone, FirstLink, Pressed, ReferenceTaken
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


Beside = Callable[[Connection, Registration], None]
"""Keeps something more in the transaction of a press: what the resident chose besides."""


def press(
    database: Database,
    keys: KeyRing,
    draft: PressedDraft,
    request: RequestForHelp,
    *,
    now: datetime,
    extra_holidays: Collection[date] = (),
    beside: Beside | None = None,
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
            _keep(database, keys, draft, registration, now=now, beside=beside)
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
    beside: Beside | None,
) -> None:
    lookups = Lookups(keys)
    same_person = lookups.person(registration.request.resident)
    record = _record(registration, draft.row_id, lookups, same_person, ProofCodes(keys))
    link = _first_link(registration, draft, now)
    message = first_message(keys, registration, now=now)
    # Never with `earlier`: whoever presses in another's name may not read that the other had pressed before.
    sealed = seal_copy(draft.link_bits, registration.id, registration_body(registration))
    copy = OwnerCopy(registration.id, sealed, now + COPY_LIFE)
    with database.writing() as connection:
        earlier = registrations.first_open_of(connection, record.municipality_code, same_person, now=now)
        if earlier is not None:
            # Seldom: only the municipality is told of an open registration by what looks like the same person.
            message = first_message(keys, registration, now=now, earlier=EarlierRegistration(*earlier))
        presses.keep(connection, Pressed(record, link, message, copy), revision=draft.revision)
        if beside is not None:
            beside(connection, registration)


def _first_link(registration: Registration, draft: PressedDraft, now: datetime) -> FirstLink:
    """The link that whoever pressed is led to; on a helper's device it is only lent, and the resident takes an own."""
    is_lent = registration.request.pressed_by_helper
    return FirstLink(
        token_hash(draft.link_bits, OWNER),
        registration.id,
        OWNER,
        created_at=now,
        expires_at=now + (BRIEF_LIFE if is_lent else OWNER_LIFE),
        origin=LENT if is_lent else None,
    )


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


def _record(
    registration: Registration, draft_row_id: bytes, lookups: Lookups, same_person: list[bytes], codes: ProofCodes
) -> RegistrationRecord:
    request, resident = registration.request, registration.request.resident
    address, birth_date = resident.address, resident.birth_date
    return RegistrationRecord(
        id=registration.id,
        reference=registration.reference,
        draft_row_id=draft_row_id,
        municipality_code=request.municipality_code,
        first_municipality_code=request.municipality_code,
        registered_at=registration.registered_at,
        conversation_due=registration.conversation_due,
        urgent=bool(request.urgent),
        address_hash=lookups.address(registration.id, address.postcode, address.house_number)[0] if address else None,
        birth_hash=lookups.birth(registration.id, birth_date)[0] if birth_date else None,
        person_hash=same_person[0] if same_person else None,
        proof_hash=proof_hash(codes.new(registration.id)),
        helper_may_be_contacted=request.helper.may_be_contacted if request.helper else None,
        helper_may_follow=request.helper.may_follow if request.helper else None,
        forget_at=forget_at(registration.registered_at),
    )
