"""A link on somebody else's device: lent for a while, taken along, and dead when the device is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from citizen_portal.registration.devices import (
    PAPER_LIFE,
    FreshLink,
    leave,
    lend,
    print_envelope,
    show_envelope,
    took_along,
)
from citizen_portal.registration.links import (
    BRIEF_LIFE,
    ENVELOPE,
    HELPER,
    INVITE,
    OWNER,
    OWNER_LIFE,
    VIEW,
    LinkToken,
)
from citizen_portal.registration.new_link import LinkUsed, open_envelope
from citizen_portal.storage import links
from citizen_portal.storage.database import Database
from citizen_portal.storage.links import LENT, PAPER, SHOWN, LiveLink
from tests.support.deliveries import MONDAY, pressed_with_link

SECOND = timedelta(seconds=1)
Make = Callable[..., FreshLink]


@dataclass
class Borrowed:
    """Somebody's registration, and their link on a device that is not theirs."""

    database: Database
    id: UUID
    link: LinkToken

    def opens(self, bits: bytes, scope: str, *, after: timedelta = timedelta()) -> bool:
        """Whether a link with these bits opens something, so long after the press."""
        with self.database.reading() as connection:
            return links.follow(connection, LinkToken(bits, scope).hash, scope, now=MONDAY + after) is not None


@pytest.fixture
def borrowed(database: Database) -> Borrowed:
    registration_id, own = pressed_with_link(database)
    lend(database, own, now=MONDAY)
    return Borrowed(database, registration_id, own)


def test_a_lent_link_lives_half_an_hour_and_lending_it_again_adds_nothing(borrowed: Borrowed) -> None:
    lend(borrowed.database, borrowed.link, now=MONDAY + timedelta(minutes=20))
    assert borrowed.opens(borrowed.link.bits, OWNER, after=BRIEF_LIFE - SECOND)
    assert not borrowed.opens(borrowed.link.bits, OWNER, after=BRIEF_LIFE)


def test_what_is_shown_lives_as_long_as_the_lent_link_can_and_paper_two_weeks(borrowed: Borrowed) -> None:
    for make, life in ((show_envelope, BRIEF_LIFE), (print_envelope, PAPER_LIFE)):
        fresh = make(borrowed.database, borrowed.link, borrowed.id, now=MONDAY)
        assert fresh.works_until == MONDAY + life
        assert borrowed.opens(fresh.bits, ENVELOPE, after=life - SECOND)
        assert not borrowed.opens(fresh.bits, ENVELOPE, after=life)


def test_what_is_shown_next_replaces_what_was_shown_and_paper_stays(borrowed: Borrowed) -> None:
    papers = [print_envelope(borrowed.database, borrowed.link, borrowed.id, now=MONDAY).bits for _ in range(2)]
    shown = [show_envelope(borrowed.database, borrowed.link, borrowed.id, now=MONDAY).bits for _ in range(2)]
    assert [borrowed.opens(bits, ENVELOPE) for bits in shown] == [False, True]
    assert [borrowed.opens(bits, ENVELOPE) for bits in papers] == [True, True]


def test_leaving_ends_the_link_and_all_that_was_shown_but_not_paper(borrowed: Borrowed) -> None:
    paper = print_envelope(borrowed.database, borrowed.link, borrowed.id, now=MONDAY).bits
    shown = show_envelope(borrowed.database, borrowed.link, borrowed.id, now=MONDAY).bits
    for _ in range(2):
        leave(borrowed.database, borrowed.link, borrowed.id, now=MONDAY)
        assert not borrowed.opens(borrowed.link.bits, OWNER)
        assert not borrowed.opens(shown, ENVELOPE)
        assert borrowed.opens(paper, ENVELOPE)


def test_what_the_owner_opened_before_the_device_was_left_goes_on(borrowed: Borrowed) -> None:
    shown = show_envelope(borrowed.database, borrowed.link, borrowed.id, now=MONDAY).bits
    own = open_envelope(borrowed.database, LinkToken(shown, ENVELOPE), borrowed.id, now=MONDAY)
    leave(borrowed.database, borrowed.link, borrowed.id, now=MONDAY)
    assert borrowed.opens(own, OWNER, after=OWNER_LIFE - SECOND)


@pytest.mark.parametrize("make", [show_envelope, print_envelope])
def test_a_device_that_was_left_makes_no_more_links(borrowed: Borrowed, make: Make) -> None:
    leave(borrowed.database, borrowed.link, borrowed.id, now=MONDAY)
    with pytest.raises(LinkUsed):
        make(borrowed.database, borrowed.link, borrowed.id, now=MONDAY)


@pytest.mark.parametrize("make", [show_envelope, print_envelope])
def test_a_lent_link_that_is_over_makes_no_more_links(borrowed: Borrowed, make: Make) -> None:
    with pytest.raises(LinkUsed):
        make(borrowed.database, borrowed.link, borrowed.id, now=MONDAY + BRIEF_LIFE)


@pytest.mark.parametrize(
    ("scope", "origin", "is_taken"),
    [
        (OWNER, None, True),
        (OWNER, LENT, False),
        (ENVELOPE, None, True),
        (ENVELOPE, PAPER, True),
        (ENVELOPE, SHOWN, False),
        (VIEW, None, False),
        (HELPER, None, False),
        (INVITE, SHOWN, False),
    ],
)
def test_taken_along_is_what_opens_the_owners_page_and_does_not_end_here(
    scope: str, origin: str | None, is_taken: bool
) -> None:
    lent = LiveLink(OWNER, LENT, MONDAY, MONDAY + BRIEF_LIFE)
    assert took_along([lent, LiveLink(scope, origin, MONDAY, MONDAY + OWNER_LIFE)]) is is_taken
