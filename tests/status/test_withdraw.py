"""To stop is a request that the municipality verifies: seen at once, sent once, and never the last word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from citizen_portal.registration.later import withdraw
from citizen_portal.registration.links import STOP, VIEW
from citizen_portal.storage.outbox import REGISTRATION, WITHDRAWAL
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import Resident, deliver
from tests.support.walk import press_as

THREADS = 4


def test_it_is_seen_at_once_and_sent_as_a_request(resident: Resident) -> None:
    answer = resident.opens("withdraw")
    assert (answer.status_code, answer.headers["Location"]) == (303, resident.path)
    assert resident.headline() == "ingetrokken"
    page = resident.walk.text
    assert "Er is niets gepauzeerd" in page and "Was u dit niet? Bel" in page and "14 020" in page
    assert 'href="/nl/"' in page and "Druk opnieuw op de pauzeknop" in page
    [message] = resident.queued(WITHDRAWAL)
    assert message.pop("intrekkingId")
    assert message == {"ingediendOp": "2026-11-23T09:04:00Z"}
    assert deliver(resident.portal) == [REGISTRATION, WITHDRAWAL]


@on_engine("sqlite")
def test_looking_at_the_page_says_what_it_means_and_changes_nothing(resident: Resident) -> None:
    before = resident.record
    page = resident.sees("withdraw")
    assert "Zij vraagt eerst aan u of dat klopt" in page and "Bedrijven mogen u om geld blijven vragen" in page
    assert (resident.record, resident.queued(WITHDRAWAL)) == (before, [])
    assert resident.headline() == "ingediend"


@on_engine("sqlite")
def test_what_was_never_received_is_not_told_to_be(resident: Resident) -> None:
    """The municipality does not have it only because its owner asked to stop."""
    resident.opens("withdraw")
    page = resident.sees()
    assert "Uw gemeente heeft uw vraag" not in page and "Uw gemeente heeft dit gemeld" not in page
    deliver(resident.portal)
    assert "Uw gemeente heeft uw vraag" in resident.sees()


@on_engine("sqlite")
def test_the_same_page_sent_twice_is_one_request(resident: Resident) -> None:
    resident.sees("withdraw")
    form = resident.walk.filled({})
    assert [resident.posts("withdraw", form).status_code for _ in range(2)] == [303, 303]
    assert len(resident.queued(WITHDRAWAL)) == 1


@on_engine("sqlite")
def test_the_same_page_sent_again_after_the_municipality_went_on_is_no_new_request(resident: Resident) -> None:
    resident.sees("withdraw")
    form = resident.walk.filled({})
    resident.posts("withdraw", form)
    resident.portal.clock.pass_by(hours=2)
    resident.told("contact-gelegd")
    assert resident.posts("withdraw", form).status_code == 303
    assert len(resident.queued(WITHDRAWAL)) == 1 and resident.headline() == "contact-gelegd"
    resident.opens("withdraw")
    assert len(resident.queued(WITHDRAWAL)) == 2 and resident.headline() == "ingetrokken"


def test_two_taps_at_the_same_moment_are_one_request(resident: Resident) -> None:
    portal, together = resident.portal, Barrier(THREADS)

    def tap(_number: int) -> None:
        together.wait()
        withdraw(portal.database, portal.keys, resident.id, before=None, now=portal.clock())

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(tap, range(THREADS)))
    assert len(resident.queued(WITHDRAWAL)) == 1


def test_what_the_municipality_reports_later_counts(resident: Resident) -> None:
    resident.told("kennisgeving-verstuurd", pauzeTot="2027-07-20")
    assert "Wat geldt tijdens de pauze?" in resident.sees()
    resident.portal.clock.pass_by(hours=1)
    resident.opens("withdraw")
    page = resident.sees()
    assert "Er loopt nu geen pauze" in page and "Wat geldt tijdens de pauze?" not in page
    resident.portal.clock.pass_by(days=1)
    resident.told("contact-gelegd")
    page = resident.sees()
    assert resident.headline() == "contact-gelegd"
    assert "Wat geldt tijdens de pauze?" in page and "Nog 34 weken" in page


@on_engine("sqlite")
def test_what_was_before_the_withdrawal_and_is_told_late_does_not_undo_it(resident: Resident) -> None:
    before = resident.portal.clock()
    resident.portal.clock.pass_by(hours=1)
    resident.opens("withdraw")
    resident.told("contact-gelegd", at=before)
    assert resident.headline() == "ingetrokken"
    assert 'data-contact="made"' in resident.walk.text


@on_engine("sqlite")
def test_a_page_that_was_open_too_long_stops_nothing(resident: Resident) -> None:
    resident.sees("withdraw")
    form = resident.walk.filled({})
    resident.portal.clock.pass_by(hours=25)
    for sent in (form, {}, {"form_token": "of-nobody"}):
        answer = resident.posts("withdraw", sent)
        assert answer.status_code == 422 and "Er is nog niets gestopt" in answer.get_data(as_text=True)
    assert resident.queued(WITHDRAWAL) == [] and resident.record.withdrawn_at is None


@on_engine("sqlite")
def test_links_that_may_only_look_stop_nothing(resident: Resident) -> None:
    resident.sees("withdraw")
    form = resident.walk.filled({})
    for scope in (VIEW, STOP):
        assert resident.posts("withdraw", form, path=resident.link(scope)).status_code == 404
    assert resident.queued(WITHDRAWAL) == []


@on_engine("sqlite")
def test_where_the_municipality_is_not_connected_the_page_says_whom_to_call(resident: Resident) -> None:
    resident.told("doorgestuurd", gemeentecode="GM0518")
    page = resident.sees("withdraw")
    assert "Bel haar als u wilt stoppen" in page and "14 070" in page
    assert "<form" not in page.split("<main")[1]


@on_engine("sqlite")
def test_the_button_can_be_pressed_again(portal: TestPortal, resident: Resident) -> None:
    resident.opens("withdraw")
    assert press_as(portal).path != resident.path
