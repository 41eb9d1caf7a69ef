"""A new secret in front of the list: what an older one made goes on working, as long as that stands in the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from citizen_portal.intake.operations import rotate_keys
from citizen_portal.sealing import KeyRing
from tests.support.portal import CAN_SEND, SECRET, TestPortal, make_portal
from tests.support.residents import Resident, links_in

NEWEST = "a newer secret of the tests that is long enough too"

Rotate = Callable[[TestPortal, str], TestPortal]


@pytest.fixture
def rotate(tmp_path: Path, database_url: str) -> Iterator[Rotate]:
    """Start the portal again with these secrets."""
    made: list[TestPortal] = []

    def again(portal: TestPortal, secrets: str) -> TestPortal:
        environ = {**CAN_SEND, "PORTAL_SECRET_KEYS": secrets}
        started = make_portal(tmp_path, database_url, environ=environ)
        started.clock.moment = portal.clock()
        made.append(started)
        return started

    yield again
    for portal in made:
        portal.database.close()


def test_links_codes_hashes_and_addresses_go_on_working(sending_portal: TestPortal, rotate: Rotate) -> None:
    resident = Resident(sending_portal)
    reference, code = resident.record.reference, resident.code
    [news] = resident.notices()
    later = rotate(sending_portal, f"{NEWEST},{SECRET}")
    client = later.client()
    assert client.get(resident.path).status_code == 200
    for token in links_in(news.text):
        act = "/messages" if f"{token}/messages" in news.text else ""
        assert client.get(f"/nl/s/{token}{act}").status_code == 200
    assert client.get(f"/nl/proof/{code}").status_code == 200
    home = {"postcode": "1012 AB", "house_number": "12"}
    assert "Het adres klopt<" in client.post(f"/nl/proof/{code}", data=home).get_data(as_text=True)
    born = {"birth_date_day": "5", "birth_date_month": "3", "birth_date_year": "1980"}
    for given in (home, born):
        assert client.post("/nl/status", data={"reference": reference, **given}).status_code == 303
    told = client.get(f"{resident.path}/data/export.json").get_json()
    assert told["berichten"]["naar"] == "zoe@example.nl" and told["verstuurd"]["kenmerk"] == reference


def test_the_same_person_is_still_seen_as_that(sending_portal: TestPortal, rotate: Rotate) -> None:
    first = Resident(sending_portal)
    second = Resident(rotate(sending_portal, f"{NEWEST},{SECRET}"))
    assert second.queued("registration")[0]["eerdereAanmelding"]["aanmeldingId"] == str(first.id)


def test_after_the_command_the_old_secret_is_needed_for_no_message(sending_portal: TestPortal, rotate: Rotate) -> None:
    resident = Resident(sending_portal)
    assert rotate_keys(sending_portal.database, KeyRing([NEWEST, SECRET])) == 3
    resident.portal = rotate(sending_portal, NEWEST)
    assert [notice.to for notice in resident.notices()] == ["zoe@example.nl"]
    assert resident.queued("registration")[0]["kenmerk"] == resident.record.reference
    resident.portal.clock.pass_by(hours=1)
    resident.told("contact-gelegd")
    assert [notice.to for notice in resident.notices()] == ["zoe@example.nl"] * 2


def test_without_the_old_secret_its_links_and_codes_are_unknown(sending_portal: TestPortal, rotate: Rotate) -> None:
    resident = Resident(sending_portal)
    client = rotate(sending_portal, NEWEST).client()
    assert client.get(resident.path).status_code == 404
    home = {"reference": resident.record.reference, "postcode": "1012 AB", "house_number": "12"}
    assert client.post("/nl/status", data=home).status_code == 422
