"""Clocks on the page: what has passed comes first, with a sentence to read out and the number to call."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import Resident, deliver

pytestmark = on_engine("sqlite")


@pytest.fixture
def paused(resident: Resident) -> Resident:
    """The municipality asked for a pause until and with Tuesday 20 July 2027."""
    resident.told("kennisgeving-verstuurd", pauzeTot="2027-07-20")
    return resident


@pytest.mark.parametrize(
    ("now", "says", "call"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "Nog 34 weken.", False),
        (datetime(2027, 6, 21, 21, 59, tzinfo=UTC), "Nog 4 weken.", False),
        (datetime(2027, 6, 21, 22, 1, tzinfo=UTC), "Nog 4 weken.", True),
        (datetime(2027, 7, 13, 12, tzinfo=UTC), "Nog 1 week.", True),
        (datetime(2027, 7, 19, 12, tzinfo=UTC), "Nog 1 dag.", True),
        (datetime(2027, 7, 20, 21, 59, tzinfo=UTC), "Vandaag is de laatste dag.", True),
    ],
)
def test_the_page_counts_down_and_says_what_to_do_four_weeks_before(
    paused: Resident, now: datetime, says: str, call: bool
) -> None:
    paused.portal.clock.moment = now
    page = paused.sees()
    assert page.index(says) < page.index("<h1")
    assert ("Vraag wat er na de pauze komt" in page) is call
    assert not call or "14 020" in page[: page.index("<h1")]


def test_after_the_last_day_nothing_counts(paused: Resident) -> None:
    paused.portal.clock.moment = datetime(2027, 7, 20, 22, 1, tzinfo=UTC)
    page = paused.sees()
    assert "Er loopt nu geen pauze" in page and "Nog " not in page[: page.index("<h1")]


def test_what_has_passed_comes_first_with_a_sentence_and_a_number(portal: TestPortal) -> None:
    resident = Resident(portal, urgent=False)
    deliver(portal)
    portal.clock.moment = datetime(2026, 12, 21, 22, 59, tzinfo=UTC)
    assert "Uw gemeente moest" not in resident.sees()
    portal.clock.moment = datetime(2026, 12, 21, 23, 1, tzinfo=UTC)
    page = resident.sees()
    first = page[: page.index("<h1")]
    assert "maandag 21 december" in first and "14 020" in first
    assert "U kunt zeggen:" in first and "maandag 23 november" in first and resident.record.reference in first
