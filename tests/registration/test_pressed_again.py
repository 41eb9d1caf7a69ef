"""A second press by what looks like the same person: accepted, seen by the municipality, and by nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import NO_MESSAGES, Resident
from tests.support.walk import ZOE, Form

EARLIER = "eerdereAanmelding"


def again(portal: TestPortal, *, after_hours: float = 1, municipality: str = "GM0363", **name: str) -> Resident:
    """The same person presses once more."""
    portal.clock.pass_by(hours=after_hours)
    given: Form = {**ZOE["name"], **name}
    return Resident(portal, municipality, answers={**NO_MESSAGES, "name": given})


def earlier(resident: Resident) -> object:
    [message] = resident.queued("registration")
    return message.get(EARLIER)


def carried(first: Resident) -> dict[str, str]:
    return {"aanmeldingId": str(first.id), "ingediendOp": "2026-11-23T09:04:00Z"}


@pytest.fixture
def first(portal: TestPortal) -> Resident:
    return Resident(portal, answers=NO_MESSAGES)


@pytest.mark.parametrize(
    "name",
    [{}, {"given_name": "ZOE", "family_name": "jansen"}, {"given_name": "Zoé", "family_name": "Jánsen"}],
    ids=["as before", "capitals, no accents", "other accents"],
)
def test_the_municipality_sees_the_first_day(first: Resident, name: dict[str, Any]) -> None:
    assert earlier(first) is None
    assert earlier(again(first.portal, **name)) == carried(first)


def test_the_third_press_carries_the_first_one_too(first: Resident) -> None:
    again(first.portal)
    assert earlier(again(first.portal)) == carried(first)


@on_engine("sqlite")
def test_another_municipality_learns_nothing(first: Resident) -> None:
    assert earlier(again(first.portal, municipality="GM0344")) is None


@on_engine("sqlite")
def test_a_municipality_that_it_was_forwarded_to_is_the_same_one(first: Resident) -> None:
    first.told("doorgestuurd", gemeentecode="GM0344")
    assert earlier(again(first.portal)) is None
    assert earlier(again(first.portal, municipality="GM0344")) == carried(first)


@on_engine("sqlite")
@pytest.mark.parametrize("other", [{"family_name": "Janssen"}, {"birth_date_day": "6"}])
def test_another_person_carries_nothing(first: Resident, other: dict[str, Any]) -> None:
    assert earlier(again(first.portal, **other)) is None


@pytest.mark.parametrize("ending", ["afgesloten", "verhuisd", "geen-contact", "ingetrokken", "niet-toegelaten"])
def test_what_has_ended_is_not_carried(first: Resident, ending: str) -> None:
    first.told(ending)
    assert earlier(again(first.portal)) is None


@on_engine("sqlite")
def test_after_the_last_day_of_the_pause_it_has_ended(first: Resident) -> None:
    first.told("kennisgeving-verstuurd", pauzeTot="2026-12-01")
    assert earlier(again(first.portal)) == carried(first)
    assert earlier(again(first.portal, after_hours=9 * 24)) is not None, "the second press is open"
    second_is_later = again(first.portal)
    assert earlier(second_is_later) != carried(first)


@on_engine("sqlite")
def test_an_ending_that_was_revoked_is_open_again(first: Resident) -> None:
    mistake = first.told("afgesloten")
    first.told("herroepen", herroept=mistake)
    assert earlier(again(first.portal)) == carried(first)


@on_engine("sqlite")
def test_a_withdrawal_that_nobody_verified_ends_nothing(first: Resident) -> None:
    first.opens("withdraw")
    assert earlier(again(first.portal)) == carried(first)


@on_engine("sqlite")
def test_neither_page_nor_copy_shows_that_somebody_pressed_before(first: Resident) -> None:
    """Whoever presses in another's name learns nothing: the pages differ in what is each one's own alone."""

    def page(resident: Resident, act: str) -> str:
        text = resident.sees(act).replace(resident.walk.path.split("/")[3], "TOKEN")
        text = text.replace(resident.record.reference, "REFERENCE")
        text = re.sub(r"(?:[0-9A-Z], ){8}[0-9A-Z]", "SPOKEN", text)
        return re.sub(r'name="form_token" value="[^"]+"', "FORM", text)

    fresh = [page(first, act) for act in ("", "data", "urgent", "withdraw", "messages")]
    second = again(first.portal, after_hours=0)
    assert [page(second, act) for act in ("", "data", "urgent", "withdraw", "messages")] == fresh
    assert earlier(second) is not None
    told = second.portal.client().get(f"{second.path}/data/export.json").get_data(as_text=True)
    assert EARLIER not in told and str(first.id) not in told
