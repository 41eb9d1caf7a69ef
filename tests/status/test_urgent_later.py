"""It became urgent after the press: the day of the conversation comes nearer, and never goes back."""

from __future__ import annotations

from datetime import date

import pytest

from citizen_portal.storage.outbox import REGISTRATION, SUPPLEMENT, WITHDRAWAL
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import Resident, deliver
from tests.support.walk import Form

GAS: Form = {"urgent": ["gas"]}


@pytest.fixture
def calm(portal: TestPortal) -> Resident:
    """Somebody who pressed on Monday 23 November 2026, when nothing was urgent yet."""
    return Resident(portal, urgent=False)


def test_it_is_sent_once_as_the_contract_has_it_after_the_registration_in_the_same_lane(calm: Resident) -> None:
    assert calm.record.conversation_due == date(2026, 12, 21)
    calm.portal.clock.pass_by(days=2)
    until: Form = {"urgent_date_day": "30", "urgent_date_month": "11", "urgent_date_year": "2026"}
    answer = calm.opens("urgent", {"urgent": ["other", "eviction"], **until})
    assert (answer.status_code, answer.headers["Location"]) == (303, calm.path)
    [message] = calm.queued(SUPPLEMENT)
    assert message.pop("aanvullingId")
    assert message == {
        "ingediendOp": "2026-11-25T09:04:00Z",
        "dringend": ["ontruiming", "anders"],
        "dringendDatum": "2026-11-30",
        "uiterlijkGesprekOp": "2026-11-30",
    }
    assert calm.lanes() == [(REGISTRATION, "GM0363", 0), (SUPPLEMENT, "GM0363", 1)]
    assert deliver(calm.portal) == [REGISTRATION, SUPPLEMENT]
    page = calm.sees()
    assert "maandag 30 november" in page and "21 december" not in page
    assert "U meldde dat het dringend is" in page and calm.record.reference in page


def test_told_ten_times_the_day_never_becomes_later_and_each_is_sent(calm: Resident) -> None:
    days = [calm.record.conversation_due]
    for _ in range(10):
        calm.portal.clock.pass_by(days=1, hours=7)
        assert calm.opens("urgent", GAS).status_code == 303
        days.append(calm.record.conversation_due)
    assert days == sorted(days, reverse=True)
    assert set(days[1:]) == {date(2026, 11, 27)}
    sent = calm.queued(SUPPLEMENT)
    assert len({message["aanvullingId"] for message in sent}) == 10
    assert {message["uiterlijkGesprekOp"] for message in sent} == {"2026-11-27"}


def test_who_was_urgent_from_the_start_keeps_the_earlier_day(resident: Resident) -> None:
    resident.portal.clock.pass_by(days=2)
    resident.opens("urgent", GAS)
    assert resident.record.conversation_due == date(2026, 11, 26)
    assert resident.queued(SUPPLEMENT)[0]["uiterlijkGesprekOp"] == "2026-11-26"


def test_without_a_kind_nothing_is_sent_and_the_typed_day_is_still_there(calm: Resident) -> None:
    typed: Form = {"urgent_date_day": "30", "urgent_date_month": "november", "urgent_date_year": "2026"}
    answer = calm.opens("urgent", typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="november"' in page and 'value="2026"' in page
    assert "Kies wat er dringend is" in page and "Deze datum klopt niet" in page
    assert calm.queued(SUPPLEMENT) == [] and calm.record.told_urgent_at is None


@pytest.mark.parametrize("year", ["1926", "2062"])
def test_a_day_whose_year_must_be_a_slip_is_asked_again(calm: Resident, year: str) -> None:
    until: Form = {"urgent_date_day": "30", "urgent_date_month": "11", "urgent_date_year": year}
    assert calm.opens("urgent", {**GAS, **until}).status_code == 422
    assert calm.queued(SUPPLEMENT) == []


def test_a_page_that_was_open_too_long_keeps_what_was_chosen(calm: Resident) -> None:
    calm.sees("urgent")
    form = calm.walk.filled(GAS)
    calm.portal.clock.pass_by(hours=25)
    answer = calm.posts("urgent", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Wat u typte staat er nog" in page
    assert 'value="gas" checked' in page
    assert calm.queued(SUPPLEMENT) == []


@on_engine("sqlite")
def test_looking_at_the_page_tells_nobody_anything(calm: Resident) -> None:
    before = calm.record
    calm.sees("urgent")
    assert calm.record == before and calm.queued(SUPPLEMENT) == []


def _not_passed_on(resident: Resident) -> None:
    page = resident.sees("urgent")
    assert "Bel uw gemeente vandaag nog" in page and "Het is nu dringend" in page
    assert "<form" not in page.split("<main")[1]
    before = resident.lanes()
    assert resident.posts("urgent", {**GAS, "form_token": "x"}).status_code in {200, 422}
    assert resident.lanes() == before
    assert resident.record.told_urgent_at is None


@on_engine("sqlite")
@pytest.mark.parametrize("ending", ["afgesloten", "ingetrokken", "verhuisd", "geen-contact"])
def test_after_the_end_the_page_says_whom_to_call_and_sends_nothing(calm: Resident, ending: str) -> None:
    calm.told(ending)
    _not_passed_on(calm)


@on_engine("sqlite")
def test_after_a_withdrawal_the_page_says_whom_to_call_and_sends_nothing(calm: Resident) -> None:
    calm.opens("withdraw")
    before = calm.lanes()
    _not_passed_on(calm)
    assert [kind for kind, _, _ in before] == [REGISTRATION, WITHDRAWAL]


@on_engine("sqlite")
def test_where_the_municipality_is_not_connected_the_page_says_whom_to_call_and_sends_nothing(calm: Resident) -> None:
    calm.told("doorgestuurd", gemeentecode="GM0518")
    _not_passed_on(calm)
    assert "14 070" in calm.walk.text


@on_engine("sqlite")
def test_after_a_forwarding_it_goes_to_the_municipality_that_has_it_now(calm: Resident) -> None:
    calm.told("doorgestuurd", gemeentecode="GM0344")
    calm.opens("urgent", GAS)
    assert calm.lanes()[-1] == (SUPPLEMENT, "GM0344", 1)
