""" "I was called": a note of the resident's own, which quiets a line and is nothing else."""

from __future__ import annotations

import pytest

from citizen_portal.registration.links import VIEW
from citizen_portal.storage.outbox import REGISTRATION
from tests.progress.sending import counts
from tests.support.databases import on_engine
from tests.support.residents import Resident, deliver

pytestmark = on_engine("sqlite")

OVERDUE = "Zij heeft ons nog niet gemeld"
NOTED = "U noteerde dat u gebeld bent"


@pytest.fixture
def waiting(resident: Resident) -> Resident:
    """Somebody whose day has passed, by what the municipality reported."""
    deliver(resident.portal)
    resident.portal.clock.pass_by(days=5)
    assert OVERDUE in resident.sees()
    return resident


def _say(resident: Resident, called: str) -> None:
    resident.sees()
    assert resident.posts("called", resident.walk.filled({"called": called})).status_code == 303


def test_it_quiets_the_overdue_line_and_can_be_taken_back(waiting: Resident) -> None:
    _say(waiting, "yes")
    page = waiting.sees()
    assert OVERDUE not in page and NOTED in page and "zaterdag 28 november" in page
    assert "Er is nog niets gepauzeerd" in page
    _say(waiting, "no")
    assert OVERDUE in waiting.sees() and NOTED not in waiting.walk.text


def test_it_is_never_an_event_and_nobody_is_told(waiting: Resident) -> None:
    before = counts(waiting.portal)
    _say(waiting, "yes")
    assert counts(waiting.portal) == before == (0, 0)
    assert [kind for kind, _, _ in waiting.lanes()] == [REGISTRATION]
    assert 'data-contact="made"' not in waiting.sees()
    assert waiting.headline() == "ontvangen"


def test_only_the_owner_sees_it(waiting: Resident) -> None:
    _say(waiting, "yes")
    page = waiting.sees(path=waiting.link(VIEW))
    assert NOTED not in page and OVERDUE in page


def test_a_form_that_is_not_ours_notes_nothing(waiting: Resident) -> None:
    assert waiting.posts("called", {"called": "yes"}).status_code == 303
    assert waiting.record.called_at is None


def test_what_the_municipality_reports_goes_before_it(waiting: Resident) -> None:
    _say(waiting, "yes")
    waiting.told("contact-gelegd")
    assert NOTED not in waiting.sees()


@pytest.mark.parametrize("status", ["toegelaten", "kennisgeving-verstuurd", "contact-gelegd"])
def test_nobody_is_asked_for_a_call_once_the_municipality_went_on(resident: Resident, status: str) -> None:
    resident.portal.clock.pass_by(days=10)
    assert "Ik ben al gebeld" in resident.sees()
    resident.told(status)
    assert "gebeld" not in resident.sees("")
