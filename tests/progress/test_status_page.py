"""The status page tells the truth about now, whatever came back. Every page is linted by the client."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from citizen_portal.storage import links
from citizen_portal.storage.tables import outbox, registration
from tests.support.portal import TestPortal
from tests.support.residents import Resident

NOTHING_PAUSED = "Er is nog niets gepauzeerd"


@pytest.fixture
def resident(portal: TestPortal) -> Resident:
    return Resident(portal)


def test_neither_name_nor_debt_is_in_title_or_address(resident: Resident) -> None:
    page = resident.sees()
    title = re.search(r"<title>(.*?)</title>", page)
    assert title and "schuld" not in title[1].lower() and "Zoë" not in page
    assert "schuld" not in resident.walk.path.lower()


def test_contact_and_kennisgeving_are_seen(resident: Resident) -> None:
    assert resident.headline() == "ingediend"
    resident.told("contact-gelegd", kanaal="telefoon")
    page = resident.sees()
    assert 'data-contact="made"' in page and NOTHING_PAUSED in page and "met de telefoon" in page
    resident.told("kennisgeving-verstuurd", pauzeTot="2027-07-20", aantalSchuldeisers=14)
    page = resident.sees()
    assert 'data-status="kennisgeving-verstuurd"' in page and 'data-kennisgeving="sent"' in page
    assert NOTHING_PAUSED not in page
    assert "dinsdag 20 juli 2027" in page and "14 bedrijven" in page
    assert "Wat geldt tijdens de pauze?" in page
    assert "Andere mogen nee zeggen" in page


def test_a_revoked_kennisgeving_was_never_sent(resident: Resident) -> None:
    resident.told("contact-gelegd")
    mistake = resident.told("kennisgeving-verstuurd")
    resident.told("herroepen", herroept=mistake)
    page = resident.sees()
    assert NOTHING_PAUSED in page and "data-kennisgeving" not in page and 'data-contact="made"' in page


@pytest.mark.parametrize(
    ("status", "data", "says"),
    [
        ("ontvangen", {"ontvangstnummer": "Z-2026-118"}, "Z-2026-118"),
        ("contactpoging", {"kanaal": "telefoon"}, "probeerde u te bereiken"),
        (
            "gesprek-gepland",
            {"afspraak": {"begint": "2026-11-25T09:00:00Z", "vorm": "kantoor", "locatie": "Stadhuis, kamer 3"}},
            "woensdag 25 november, 10:00",
        ),
        ("toegelaten", {}, "Uw gemeente gaat u helpen"),
        ("niet-toegelaten", {}, "bezwaar"),
        ("schuldeisers-bijgewerkt", {}, "hoorden hoe het gaat"),
        ("verhuisd", {}, "verhuisd"),
        ("geen-contact", {}, "kon u niet bereiken"),
        ("ingetrokken", {}, "Was u dit niet?"),
        ("afgesloten", {}, "afgesloten"),
    ],
)
def test_every_status_says_what_it_means_and_nothing_is_paused(
    resident: Resident, status: str, data: dict[str, Any], says: str
) -> None:
    resident.told(status, **data)
    page = resident.sees()
    assert f'data-status="{status}"' in page
    assert says in page
    assert re.search("Er is (nog )?niets gepauzeerd", page)


@pytest.mark.parametrize("ending", ["ingetrokken", "afgesloten"])
def test_after_the_end_no_page_says_that_a_pause_runs(resident: Resident, ending: str) -> None:
    resident.told("kennisgeving-verstuurd", pauzeTot="2027-07-20")
    resident.told(ending)
    page = resident.sees()
    assert "Er loopt nu geen pauze" in page and "Wat geldt tijdens de pauze?" not in page
    assert 'data-kennisgeving="sent"' in page


def test_a_refusal_after_the_kennisgeving_names_no_last_day_that_is_still_to_come(resident: Resident) -> None:
    resident.told("kennisgeving-verstuurd", pauzeTot="2027-07-20")
    resident.told("niet-toegelaten")
    page = resident.sees()
    assert "Er loopt nu geen pauze" in page and "De gevraagde pauze liep" not in page


def test_after_the_last_day_no_page_says_that_a_pause_runs(resident: Resident) -> None:
    resident.told("kennisgeving-verstuurd", pauzeTot="2026-12-01")
    resident.portal.clock.pass_by(days=8, hours=13)
    assert "Wat geldt tijdens de pauze?" in resident.sees()
    resident.portal.clock.pass_by(hours=2)
    page = resident.sees()
    assert "Er loopt nu geen pauze" in page and "Wat geldt tijdens de pauze?" not in page


def test_when_the_day_has_passed_the_page_says_so_first_and_what_to_say(resident: Resident) -> None:
    resident.told("ontvangen")
    resident.portal.clock.pass_by(days=3, hours=13)
    assert "Zij heeft ons nog niet gemeld" not in resident.sees()
    resident.portal.clock.pass_by(hours=2)
    page = resident.sees()
    assert page.index("donderdag 26 november") < page.index("<h1")
    assert "Zij heeft ons nog niet gemeld dat dit is gebeurd" in page
    assert "U kunt zeggen:" in page and "14 020" in page
    assert "geen contact" not in page


@pytest.mark.parametrize("meets", ["contact-gelegd", "toegelaten", "niet-toegelaten", "kennisgeving-verstuurd"])
def test_the_clock_is_met_by_the_first_of_these(resident: Resident, meets: str) -> None:
    resident.told(meets)
    resident.portal.clock.pass_by(days=10)
    assert "Zij heeft ons nog niet gemeld" not in resident.sees()


def test_an_attempt_does_not_meet_the_clock(resident: Resident) -> None:
    resident.told("contactpoging", kanaal="telefoon")
    resident.portal.clock.pass_by(days=10)
    assert "Zij heeft ons nog niet gemeld" in resident.sees()


def test_an_appointment_after_the_day_is_later_than_the_law_allows(resident: Resident) -> None:
    resident.told("gesprek-gepland", afspraak={"begint": "2026-12-10T09:00:00Z", "vorm": "telefoon"})
    assert "Dit is later dan de wet zegt" in resident.sees()


def test_what_is_not_delivered_in_time_is_told_with_what_to_do(portal: TestPortal) -> None:
    urgent, other = Resident(portal), Resident(portal, urgent=False)
    portal.clock.pass_by(hours=5)
    assert "Uw vraag is bewaard, maar nog niet bij uw gemeente" in urgent.sees()
    assert "Uw vraag is bewaard, maar nog niet bij uw gemeente" not in other.sees()
    portal.clock.pass_by(hours=20)
    assert "Uw vraag is bewaard, maar nog niet bij uw gemeente" in other.sees()


def test_nobody_is_told_to_do_nothing_where_there_is_something_to_do(portal: TestPortal) -> None:
    """One page says one thing: who should call back, or has to go somewhere, is not told to sit still."""
    tried, invited, waiting, undelivered = (Resident(portal) for _ in range(4))
    tried.told("contactpoging", kanaal="telefoon")
    invited.told("gesprek-gepland", afspraak={"begint": "2026-11-25T09:00:00Z", "vorm": "kantoor"})
    waiting.told("ontvangen")
    assert "U hoeft niets te doen." in waiting.sees()
    assert "U hoeft niets te doen." not in tried.sees()
    assert "U hoeft niets te doen." not in invited.sees()
    portal.clock.pass_by(hours=5)
    assert "U hoeft niets te doen." not in undelivered.sees()
    assert "Uw gemeente krijgt uw vraag" in undelivered.sees()


@pytest.mark.parametrize("over", ["niet-toegelaten", "verhuisd", "geen-contact", "ingetrokken", "afgesloten"])
def test_what_is_over_promises_nothing_for_later(resident: Resident, over: str) -> None:
    resident.told(over)
    page = resident.sees()
    assert "De gemeente stuurt de Kennisgeving" not in page and 'class="badge">Later' not in page


def test_forwarding_names_the_new_municipality_and_keeps_the_first_day(resident: Resident) -> None:
    resident.told("doorgestuurd", gemeentecode="GM0344")
    page = resident.sees()
    assert "Gemeente Utrecht gaat er nu over" in page and "14 030" in page
    assert "donderdag 26 november" in page
    resident.told("contact-gelegd", sender="GM0344")
    assert resident.headline() == "contact-gelegd"


def test_a_municipality_that_cannot_report_back_is_told_honestly(portal: TestPortal) -> None:
    silent = Resident(portal, "GM0014")
    portal.clock.pass_by(days=1)
    with portal.database.writing() as connection:
        connection.execute(update(registration).values(received_at=portal.clock()))
        connection.execute(update(outbox).values(state="delivered", body=None, wrapped_key=None))
    portal.clock.pass_by(days=9)
    page = silent.sees()
    assert "Uw gemeente meldt dit niet aan ons" in page
    assert "Zij heeft ons nog niet gemeld" not in page
    assert "gebruikt de Kennisgeving nog niet" in page


def test_received_comes_from_the_answer_of_the_intake(resident: Resident) -> None:
    with resident.portal.database.writing() as connection:
        connection.execute(update(registration).values(received_at=resident.portal.clock(), intake_number="A-1"))
    assert resident.headline() == "ontvangen"
    assert "A-1" in resident.sees()


def test_a_revoked_or_outlived_link_opens_nothing(resident: Resident) -> None:
    portal = resident.portal
    token = portal.app.extensions["citizen_portal"].links.read(resident.walk.step)
    with portal.database.writing() as connection:
        assert links.revoke(connection, token.hash, now=portal.clock())
    gone = portal.client().get(resident.walk.path)
    unknown = portal.client().get("/nl/s/unknown")
    assert gone.status_code == unknown.status_code == 404
    assert gone.get_data().replace(resident.walk.step.encode(), b"unknown") == unknown.get_data()


def test_a_link_lives_sixteen_months(resident: Resident) -> None:
    resident.told("contact-gelegd")
    resident.portal.clock.moment += timedelta(days=480)
    assert resident.headline() == "contact-gelegd"
    resident.portal.clock.moment += timedelta(days=20)
    assert resident.portal.client().get(resident.walk.path).status_code == 404
