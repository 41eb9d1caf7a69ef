"""What the portal still has: shown, given along whole, and erased at once, but never before it has arrived."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from citizen_portal.registration.links import ENVELOPE, STOP, VIEW
from citizen_portal.storage.tables import metadata
from tests.progress.sending import document, send
from tests.support.portal import TestPortal
from tests.support.residents import Resident, deliver
from tests.support.walk import Form

ANY_UNICODE = "Ζωή 佐江 زوي ዞኢ 👩‍👧 =1+1 \"'<&>"


def export(resident: Resident, path: str | None = None) -> dict[str, Any]:
    answer = resident.portal.client().get(f"{path or resident.path}/data/export.json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gegevens.json"'
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def left_of(resident: Resident) -> list[str]:
    """The tables in which something of this registration stands."""
    with resident.portal.database.reading() as connection:
        found = {
            table.name
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            if resident.id in row or str(resident.id) in map(str, row)
        }
    return sorted(found)


class TestExport:
    def test_it_holds_everything_that_was_sent_reported_and_chosen(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal)
        sent = resident.queued("registration")[0]
        deliver(sending_portal)
        resident.told("kennisgeving-verstuurd", pauzeTot="2027-07-20", aantalSchuldeisers=14)
        sending_portal.clock.pass_by(hours=1)
        resident.opens("urgent", {"urgent": ["gas"]})
        home = {"reference": resident.record.reference, "postcode": "1012AB", "house_number": "12"}
        sending_portal.client().post("/nl/status", data=home)
        told = export(resident)
        assert told == {
            "kenmerk": resident.record.reference,
            "aanmeldingId": str(resident.id),
            "ingediendOp": "2026-11-23T09:04:00Z",
            "gemeente": "GM0363",
            "eersteGemeente": "GM0363",
            "ontvangstnummer": None,
            "dringend": True,
            "uiterlijkGesprekOp": "2026-11-26",
            "dringendGemeldOp": "2026-11-23T10:04:00Z",
            "ontvangenOp": "2026-11-23T09:04:00Z",
            "wordtGewistOp": told["wordtGewistOp"],
            "verstuurd": sent,
            "gemeld": [
                {
                    "status": "kennisgeving-verstuurd",
                    "ingegaanOp": "2026-11-23T09:04:00Z",
                    "pauzeTot": "2027-07-20",
                    "aantalSchuldeisers": 14,
                }
            ],
            "bekekenMetKenmerkOp": ["2026-11-23T10:04:00Z"],
            "helper": {"gemeenteMagMetHelperPraten": None, "helperMagMeekijken": None, "kijktMeeSinds": []},
            "berichten": {"manier": "email", "naar": "zoe@example.nl", "gekozenOp": "2026-11-23T09:04:00Z"},
        }

    def test_any_name_comes_out_as_it_went_in(self, portal: TestPortal) -> None:
        name: Form = {"given_name": ANY_UNICODE, "family_name": "Ö" * 200}
        resident = Resident(portal, answers={"name": name})
        person = export(resident)["verstuurd"]["inwoner"]
        assert (person["voornaam"], person["achternaam"]) == (ANY_UNICODE, "Ö" * 200)

    def test_the_answers_are_in_it_for_seventy_two_hours(self, resident: Resident) -> None:
        resident.portal.clock.pass_by(hours=71, minutes=59)
        assert export(resident)["verstuurd"]["kenmerk"] == resident.record.reference
        assert "Wat u invulde. Dat gaat 72 uur na het drukken weg" in resident.sees("data")
        resident.portal.clock.pass_by(minutes=1)
        assert export(resident)["verstuurd"] is None
        assert "Niet meer wat u invulde" in resident.sees("data")

    @pytest.mark.parametrize("scope", [VIEW, STOP, ENVELOPE])
    def test_no_other_link_gets_it(self, resident: Resident, scope: str) -> None:
        path = resident.link(scope)
        assert resident.portal.client().get(f"{path}/data/export.json").status_code == 404


class TestErasing:
    def _erase(self, resident: Resident) -> int:
        return resident.opens("data", {"erase": "yes"}).status_code

    def test_it_is_refused_while_the_municipality_has_yet_to_receive_something(self, resident: Resident) -> None:
        before = resident.record
        answer = resident.opens("data", {"erase": "yes"})
        assert answer.status_code == 409 and "Wissen kan nog niet" in answer.get_data(as_text=True)
        deliver(resident.portal)
        resident.opens("urgent", {"urgent": ["gas"]})
        assert self._erase(resident) == 409
        assert resident.record.reference == before.reference
        deliver(resident.portal)
        assert self._erase(resident) == 303

    def test_afterwards_nothing_is_left_and_no_link_opens_anything(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal)
        deliver(sending_portal)
        resident.told("contact-gelegd")
        other, code = resident.link(VIEW), resident.code
        assert set(left_of(resident)) >= {"event", "link", "message_choice", "outbox", "owner_copy", "registration"}
        answer = resident.opens("data", {"erase": "yes"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/nl/deleted")
        assert left_of(resident) == []
        client = sending_portal.client()
        for path in (resident.path, other, f"{resident.path}/proof.pdf", f"/nl/proof/{code}"):
            assert client.get(path).status_code == 404

    def test_a_message_to_the_resident_does_not_hold_it_up(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal)
        deliver(sending_portal)
        resident.told("contact-gelegd")
        assert len(resident.notices()) == 1
        assert self._erase(resident) == 303
        assert left_of(resident) == []

    def test_an_event_that_comes_afterwards_finds_nobody(self, resident: Resident) -> None:
        deliver(resident.portal)
        self._erase(resident)
        event = document("contact-gelegd", subject=resident.id, at=resident.portal.clock())
        assert send(resident.portal, event).status_code == 202

    def test_a_page_that_was_open_too_long_erases_nothing(self, resident: Resident) -> None:
        deliver(resident.portal)
        resident.sees("data")
        form = resident.walk.filled({"erase": "yes"})
        resident.portal.clock.pass_by(hours=25)
        for sent in (form, {"erase": "yes"}, {}):
            answer = resident.posts("data", sent)
            assert answer.status_code == 422 and "Er is nog niets gewist" in answer.get_data(as_text=True)
        assert resident.record.reference

    def test_looking_erases_nothing(self, resident: Resident) -> None:
        deliver(resident.portal)
        before = resident.record
        page = resident.sees("data")
        assert "Wis alles wat deze website heeft" in page and "woensdag 23 februari 2028" in page
        assert resident.record == before
