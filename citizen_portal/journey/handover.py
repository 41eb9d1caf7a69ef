"""Handing a draft over: a ticket (QR, or a code to type) moves it to the resident's own device.

A ticket follows from the draft's capability and a number, so the page that shows it can be loaded again, and only who
holds the draft can show it. What opens the draft with a ticket is the draft's own capability, sealed under the ticket:
until somebody goes on with it both work, and a ticket always leads to the latest answers. Whoever goes on gets a fresh
capability that was on no screen before; the old one and the ticket are gone then.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from citizen_portal.journey.draft import DraftKeys, keys_of, new_capability, seal_answers
from citizen_portal.journey.drafts import LIFE, SAVES_AT_THE_SAME_TIME, DraftGone, OpenDraft, opened_row
from citizen_portal.journey.steps import in_helpers_hands
from citizen_portal.registration.reference import crockford, spelled
from citizen_portal.sealing import KeyRing, SealBroken, derive, seal, unseal
from citizen_portal.storage import drafts, handovers
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.drafts import SealedDraft
from citizen_portal.storage.handovers import TicketRow

CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
"""Wrong codes; then the right one opens nothing either."""

CODE_CHARACTERS = 8
_HALF = CODE_CHARACTERS // 2
_LONGEST_TYPED = 40


class CodeWrong(Exception):
    """No draft can be taken over with this code: mistyped, used, past its time, or tried too often."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is shown to whoever goes on: `capability` for the path; `code` as `XXXX-XXXX`, None when it is over."""

    capability: str
    code: str | None
    code_expires_at: datetime | None


def make_ticket(database: Database, keys: KeyRing, draft: OpenDraft, *, now: datetime) -> Ticket:
    """A new ticket; the one before it opens nothing any more. Raises DraftGone."""
    with database.writing() as connection:
        drafts.wait_for_writers(connection, draft.keys.row_id)
        if drafts.load(connection, draft.keys.row_id, now=now) is None:
            raise DraftGone
        before = handovers.of_draft(connection, draft.keys.row_id)
        number = before.number + 1 if before else 1
        ticket, code = _ticket_keys(draft.keys, number), _code(draft.keys, number)
        row = TicketRow(
            ticket.row_id,
            draft.keys.row_id,
            number,
            seal(ticket.data_key, draft.keys.capability, ticket.row_id),
            now + LIFE,
            _locator(keys.keys(_LOCATORS)[0], code),
            seal(_code_key(keys.keys(_CODES)[0], code), ticket.capability, ticket.row_id),
            now + CODE_LIFE,
        )
        handovers.put(connection, row)
    return _shown(ticket, code, row, now)


def ticket_of(database: Database, draft: OpenDraft, *, now: datetime) -> Ticket | None:
    """The draft's ticket, if one was made and lives."""
    with database.reading() as connection:
        row = handovers.of_draft(connection, draft.keys.row_id)
    if row is None or row.expires_at <= now:
        return None
    return _shown(_ticket_keys(draft.keys, row.number), _code(draft.keys, row.number), row, now)


def open_ticket(database: Database, capability: str, *, now: datetime) -> OpenDraft:
    """The draft behind a ticket, as it is now; nothing changes. Raises DraftGone."""
    with database.reading() as connection:
        return _behind(connection, _keys(capability), now)


def take_over(database: Database, capability: str, *, now: datetime) -> OpenDraft:
    """Go on with the draft behind a ticket, under a fresh capability: ticket and old draft are gone, for all.

    Of two who come at once one goes on; the other's raises DraftGone, as does any ticket that opens nothing.
    """
    ticket = _keys(capability)
    for _ in range(SAVES_AT_THE_SAME_TIME):
        with database.writing() as connection:
            before = _behind(connection, ticket, now)
            if not drafts.remove(connection, before.keys.row_id, revision=before.revision):
                # Somebody saved an answer meanwhile: it comes along.
                continue
            if not handovers.remove(connection, ticket.row_id):
                raise DraftGone
            answers = replace(before.answers, taken_over=before.answers.taken_over or in_helpers_hands(before.answers))
            fresh = new_capability()
            own = _keys(fresh)
            drafts.add(connection, SealedDraft(own.row_id, 0, seal_answers(own, 0, answers)), expires_at=now + LIFE)
            return OpenDraft(fresh, own, 0, answers)
    raise DraftGone


def redeem(database: Database, keys: KeyRing, typed: str, *, now: datetime) -> str:
    """The ticket's capability for a code as somebody typed it; the code is used up by that. Raises CodeWrong.

    The first half of a code says whose it may be, the second half opens it: five wrong second halves end the code.
    """
    code = spelled(typed, _LONGEST_TYPED)
    if code is None or len(code) != CODE_CHARACTERS:
        raise CodeWrong
    with database.writing() as connection:
        for locator_key, code_key in zip(keys.keys(_LOCATORS), keys.keys(_CODES), strict=True):
            locator = _locator(locator_key, code)
            for row in handovers.with_locator(connection, locator, now=now, most_tries=MOST_TRIES):
                capability = _opened_by_code(_code_key(code_key, code), row)
                if capability is not None and handovers.use_code(connection, row.ticket_row_id):
                    return _spelled(capability)
            handovers.count_try(connection, locator)
    raise CodeWrong


_LOCATORS = "hand-over code locators"
_CODES = "hand-over codes"


def _keys(capability: str) -> DraftKeys:
    keys = keys_of(capability)
    if keys is None:
        raise DraftGone
    return keys


def _ticket_keys(draft: DraftKeys, number: int) -> DraftKeys:
    return _keys(_spelled(derive(draft.capability, f"hand-over ticket {number}")))


def _code(draft: DraftKeys, number: int) -> str:
    chance = derive(draft.capability, f"hand-over code {number}", CODE_CHARACTERS)
    return crockford(int.from_bytes(chance, "big"), CODE_CHARACTERS)


def _locator(key: bytes, code: str) -> bytes:
    return hmac.new(key, code[:_HALF].encode(), sha256).digest()


def _code_key(key: bytes, code: str) -> bytes:
    return hmac.new(key, code.encode(), sha256).digest()


def _opened_by_code(key: bytes, row: TicketRow) -> bytes | None:
    try:
        return unseal(key, row.code_sealed or b"", row.ticket_row_id)
    except SealBroken:
        return None


def _behind(connection: Connection, ticket: DraftKeys, now: datetime) -> OpenDraft:
    row = handovers.load(connection, ticket.row_id, now=now)
    if row is None:
        raise DraftGone
    try:
        capability = _spelled(unseal(ticket.data_key, row.sealed, ticket.row_id))
    except SealBroken as error:
        raise DraftGone from error
    keys = _keys(capability)
    return opened_row(capability, keys, drafts.load(connection, keys.row_id, now=now))


def _shown(ticket: DraftKeys, code: str, row: TicketRow, now: datetime) -> Ticket:
    has_code = row.code_expires_at is not None and row.code_expires_at > now and row.code_tries < MOST_TRIES
    written = f"{code[:_HALF]}-{code[_HALF:]}" if has_code else None
    return Ticket(_spelled(ticket.capability), written, row.code_expires_at if has_code else None)


def _spelled(capability: bytes) -> str:
    return base64.urlsafe_b64encode(capability).rstrip(b"=").decode()
