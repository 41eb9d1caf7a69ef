"""Handing over: both links lead to the same answers until somebody goes on, and then only the new one does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from citizen_portal import housekeeping
from citizen_portal.journey import drafts, handover
from citizen_portal.journey.answers import Answers
from citizen_portal.journey.draft import keys_of
from citizen_portal.journey.drafts import DraftGone, OpenDraft
from citizen_portal.journey.handover import CODE_LIFE, MOST_TRIES, CodeWrong, Ticket
from citizen_portal.registration.reference import ALPHABET
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import drafts as rows
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.tables import handover as handover_table
from tests.support.portal import MONDAY, SECRET

KEYS = KeyRing([SECRET])
BY_HELPER = (
    Answers(started_as_helper=True)
    .with_step("for-whom", {"for_whom": "other"})
    .with_step("name", {"given_name": "Zoë", "family_name": "Jansen"})
)
_SECOND = timedelta(seconds=1)


@pytest.fixture
def draft(database: Database) -> OpenDraft:
    """What a helper filled in."""
    return drafts.open_draft(database, drafts.start(database, BY_HELPER, now=MONDAY), now=MONDAY)


@pytest.fixture
def ticket(database: Database, draft: OpenDraft) -> Ticket:
    """A ticket for it."""
    return handover.make_ticket(database, KEYS, draft, now=MONDAY)


def code_of(ticket: Ticket) -> str:
    """The code, which is there for ten minutes."""
    assert ticket.code is not None
    return ticket.code


def other_codes(code: str) -> Iterator[str]:
    """Wrong codes whose first half is right."""
    return (code[:-1] + character for character in ALPHABET if character != code[-1])


def test_until_somebody_goes_on_both_links_lead_to_the_latest_answers(
    database: Database, draft: OpenDraft, ticket: Ticket
) -> None:
    drafts.save(database, draft, lambda answers: answers.with_step("urgent", {"urgent": ["gas"]}), now=MONDAY)
    behind = handover.open_ticket(database, ticket.capability, now=MONDAY)
    assert behind.answers.several("urgent", "urgent") == ("gas",)
    assert drafts.open_draft(database, draft.capability, now=MONDAY).answers == behind.answers
    assert not behind.answers.taken_over


def test_whoever_goes_on_gets_a_link_that_was_on_no_screen_and_all_others_are_dead(
    database: Database, draft: OpenDraft, ticket: Ticket
) -> None:
    own = handover.take_over(database, ticket.capability, now=MONDAY)
    assert own.capability not in {draft.capability, ticket.capability}
    assert own.answers.steps == BY_HELPER.steps and own.answers.taken_over
    assert drafts.open_draft(database, own.capability, now=MONDAY).answers == own.answers
    with pytest.raises(DraftGone):
        drafts.open_draft(database, draft.capability, now=MONDAY)
    with pytest.raises(DraftGone):
        handover.open_ticket(database, ticket.capability, now=MONDAY)
    with pytest.raises(DraftGone):
        handover.take_over(database, ticket.capability, now=MONDAY)


def test_somebody_who_takes_an_own_form_along_is_no_helped_resident(database: Database) -> None:
    alone = Answers().with_step("for-whom", {"for_whom": "self"})
    draft = drafts.open_draft(database, drafts.start(database, alone, now=MONDAY), now=MONDAY)
    ticket = handover.make_ticket(database, KEYS, draft, now=MONDAY)
    assert not handover.take_over(database, ticket.capability, now=MONDAY).answers.taken_over


def test_the_page_that_shows_a_ticket_shows_the_same_one_again(
    database: Database, draft: OpenDraft, ticket: Ticket
) -> None:
    assert handover.ticket_of(database, draft, now=MONDAY) == ticket


def test_a_new_ticket_ends_the_one_before_it(database: Database, draft: OpenDraft, ticket: Ticket) -> None:
    new = handover.make_ticket(database, KEYS, draft, now=MONDAY)
    assert (new.capability, new.code) != (ticket.capability, ticket.code)
    with pytest.raises(DraftGone):
        handover.open_ticket(database, ticket.capability, now=MONDAY)
    with pytest.raises(CodeWrong):
        handover.redeem(database, KEYS, code_of(ticket), now=MONDAY)


@pytest.mark.parametrize("spelling", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_is_read_as_people_type_it_and_works_once(
    database: Database, ticket: Ticket, spelling: type[str]
) -> None:
    typed = spelling(code_of(ticket))
    assert handover.redeem(database, KEYS, typed, now=MONDAY) == ticket.capability
    with pytest.raises(CodeWrong):
        handover.redeem(database, KEYS, typed, now=MONDAY)


def test_after_ten_minutes_the_code_is_over_and_the_ticket_is_not(
    database: Database, draft: OpenDraft, ticket: Ticket
) -> None:
    assert handover.redeem(database, KEYS, code_of(ticket), now=MONDAY + CODE_LIFE - _SECOND) == ticket.capability
    later = handover.make_ticket(database, KEYS, draft, now=MONDAY)
    with pytest.raises(CodeWrong):
        handover.redeem(database, KEYS, code_of(later), now=MONDAY + CODE_LIFE)
    shown = handover.ticket_of(database, draft, now=MONDAY + CODE_LIFE)
    assert shown == Ticket(later.capability, None, None)
    handover.take_over(database, later.capability, now=MONDAY + CODE_LIFE)


def test_five_wrong_tries_end_a_code(database: Database, draft: OpenDraft, ticket: Ticket) -> None:
    code = code_of(ticket)
    for _, wrong in zip(range(MOST_TRIES), other_codes(code), strict=False):
        with pytest.raises(CodeWrong):
            handover.redeem(database, KEYS, wrong, now=MONDAY)
    with pytest.raises(CodeWrong):
        handover.redeem(database, KEYS, code, now=MONDAY)
    shown = handover.ticket_of(database, draft, now=MONDAY)
    assert shown is not None and shown.code is None


def test_a_slip_or_two_do_not_end_it(database: Database, ticket: Ticket) -> None:
    code = code_of(ticket)
    for _, wrong in zip(range(MOST_TRIES - 1), other_codes(code), strict=False):
        with pytest.raises(CodeWrong):
            handover.redeem(database, KEYS, wrong, now=MONDAY)
    assert handover.redeem(database, KEYS, code, now=MONDAY) == ticket.capability


@pytest.mark.parametrize("typed", ["", "AAAA", "AAAA-AAAA-A", "ÄÄÄÄ-ÄÄÄÄ", "U" * 8, "A" * 100_000, "\0" * 8])
def test_what_cannot_be_a_code_opens_nothing(database: Database, ticket: Ticket, typed: str) -> None:
    with pytest.raises(CodeWrong):
        handover.redeem(database, KEYS, typed, now=MONDAY)


@pytest.mark.parametrize("typed", ["", "A", "A" * 43, "/", "ticket"])
def test_what_cannot_be_a_ticket_opens_nothing(database: Database, typed: str) -> None:
    with pytest.raises(DraftGone):
        handover.open_ticket(database, typed, now=MONDAY)
    with pytest.raises(DraftGone):
        handover.take_over(database, typed, now=MONDAY)


def test_a_code_goes_on_working_when_the_secrets_are_rotated(database: Database, ticket: Ticket) -> None:
    rotated = KeyRing(["a newer secret that is long enough, too", SECRET])
    assert handover.redeem(database, rotated, code_of(ticket), now=MONDAY) == ticket.capability


def test_what_is_kept_opens_nothing_without_ticket_or_code(
    database: Database, draft: OpenDraft, ticket: Ticket
) -> None:
    opens = [keys.capability for keys in (keys_of(draft.capability), keys_of(ticket.capability)) if keys]
    opens += [code_of(ticket).encode(), code_of(ticket).replace("-", "").encode()]
    with database.reading() as connection:
        [row] = connection.execute(select(handover_table)).all()
    kept = b"".join(value for value in row if isinstance(value, bytes))
    assert not [secret for secret in opens if secret in kept]


def test_a_draft_that_was_erased_takes_its_ticket_along(database: Database, draft: OpenDraft, ticket: Ticket) -> None:
    drafts.erase(database, draft)
    with pytest.raises(DraftGone):
        handover.take_over(database, ticket.capability, now=MONDAY)
    with pytest.raises(CodeWrong):
        handover.redeem(database, KEYS, code_of(ticket), now=MONDAY)
    with pytest.raises(DraftGone):
        handover.make_ticket(database, KEYS, draft, now=MONDAY)


def test_of_two_who_go_on_at_once_one_does(database: Database, ticket: Ticket) -> None:
    def take(_: int) -> str | None:
        try:
            return handover.take_over(database, ticket.capability, now=MONDAY).capability
        except DraftGone:
            return None

    with ThreadPoolExecutor(4) as pool:
        went_on = [capability for capability in pool.map(take, range(4)) if capability]
    assert len(went_on) == 1
    assert drafts.open_draft(database, went_on[0], now=MONDAY).answers.taken_over


def test_a_save_that_comes_between_is_no_reason_to_give_up(
    database: Database, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove, overtaken = rows.remove, iter([True])

    def overtaken_once(connection: Connection, row_id: bytes, *, revision: int | None = None) -> bool:
        return not next(overtaken, False) and remove(connection, row_id, revision=revision)

    monkeypatch.setattr(rows, "remove", overtaken_once)
    assert handover.take_over(database, ticket.capability, now=MONDAY).answers.steps == BY_HELPER.steps


def test_codes_and_tickets_are_forgotten_in_time(database: Database, draft: OpenDraft, ticket: Ticket) -> None:
    housekeeping.purge(database, MONDAY + CODE_LIFE)
    with database.reading() as connection:
        [row] = connection.execute(select(handover_table)).all()
    assert (row.code_locator, row.code_sealed) == (None, None)
    gone = housekeeping.purge(database, MONDAY + drafts.LIFE)
    assert gone["hand-overs"] == 1
