"""Reference and postcode (or birth date) open a look at how it stands: no more, not for long, and the owner sees it."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from werkzeug.test import TestResponse

from citizen_portal.registration.links import BRIEF_LIFE, OWNER, VIEW
from citizen_portal.registration.reference import new_reference, spoken
from tests.support.databases import on_engine
from tests.support.plans import noted
from tests.support.portal import TestPortal
from tests.support.residents import Resident
from tests.support.walk import Form

HOME: dict[str, str] = {"postcode": "1012 AB", "house_number": "12"}
BORN: dict[str, str] = {"birth_date_day": "5", "birth_date_month": "3", "birth_date_year": "1980"}
USED = "Iemand keek met uw kenmerk"


def look(portal: TestPortal, reference: str, given: dict[str, str]) -> TestResponse:
    """What somebody sees who types this."""
    return portal.client().post("/nl/status", data={"reference": reference, **given})


def body(answer: TestResponse, reference: str) -> str:
    """The whole page, but for the reference that was typed into it."""
    return answer.get_data(as_text=True).replace(reference, "REFERENCE")


@pytest.mark.parametrize(
    "given",
    [
        HOME,
        BORN,
        {"postcode": "1012ab", "house_number": "12"},
        {"postcode": "１０１２ ab", "house_number": "12 A"},
        {**HOME, "birth_date_day": "6", "birth_date_month": "6", "birth_date_year": "1990"},
    ],
    ids=["postcode and number", "birth date", "as somebody types it", "wide, with addition", "birth date ignored"],
)
def test_what_was_given_at_the_press_opens_a_look(resident: Resident, given: dict[str, str]) -> None:
    answer = look(resident.portal, resident.record.reference, given)
    assert answer.status_code == 303
    path = answer.headers["Location"]
    read = resident.portal.app.extensions["citizen_portal"].links.read(path.rpartition("/")[2])
    assert read.scope == VIEW
    assert 'data-status="ingediend"' in resident.sees(path=path)


@pytest.mark.parametrize("spell", [str.lower, lambda text: text.replace("-", " "), spoken, lambda text: text[2:]])
def test_the_reference_may_be_typed_as_it_was_read_out(resident: Resident, spell: object) -> None:
    assert callable(spell)
    assert look(resident.portal, spell(resident.record.reference), HOME).status_code == 303


@pytest.mark.parametrize(
    "given",
    [
        {"postcode": "1012 AC", "house_number": "12"},
        {"postcode": "1012 AB", "house_number": "13"},
        {**BORN, "birth_date_day": "6"},
        {**BORN, "postcode": "1012 AC", "house_number": "12"},
    ],
    ids=["other postcode", "other number", "other birth date", "right birth date beside a wrong address"],
)
def test_wrong_and_unknown_give_one_same_page(resident: Resident, given: dict[str, str]) -> None:
    reference, unknown = resident.record.reference, new_reference()
    wrong = look(resident.portal, reference, given)
    nobody = look(resident.portal, unknown, given)
    assert wrong.status_code == nobody.status_code == 422
    assert "Wij vinden niets" in body(wrong, reference)
    assert body(wrong, reference) == body(nobody, unknown)
    assert dict(wrong.headers).keys() == dict(nobody.headers).keys()
    assert USED not in resident.sees()


def test_without_an_address_only_the_birth_date_opens(portal: TestPortal) -> None:
    homeless = Resident(portal, answers={"address": {"no_fixed_address": "yes"}})
    assert homeless.record.address_hash is None
    for given in (HOME, {"postcode": "1012AB", "house_number": "0"}):
        assert look(portal, homeless.record.reference, given).status_code == 422
    assert look(portal, homeless.record.reference, BORN).status_code == 303


def test_without_a_birth_date_no_birth_date_opens(portal: TestPortal) -> None:
    name: Form = {"given_name": "Zoë", "family_name": "Jansen"}
    private = Resident(portal, answers={"name": name})
    assert private.record.birth_hash is None
    assert look(portal, private.record.reference, BORN).status_code == 422
    today = {"birth_date_day": "23", "birth_date_month": "11", "birth_date_year": "2026"}
    assert look(portal, private.record.reference, today).status_code == 422
    assert look(portal, private.record.reference, HOME).status_code == 303


MALFORMED = [
    *("", "P", "P-0000-0001", "P-7K2M-9QX4-", "x" * 500, "P-1234-567É"),
    *("\u202eP-0000-0000\u202c1", "' OR 1=1 --", "\x00"),
]


@on_engine("sqlite")
@pytest.mark.parametrize("reference", MALFORMED)
def test_what_cannot_be_a_reference_is_said_without_looking_anything_up(resident: Resident, reference: str) -> None:
    with noted(resident.portal.database) as statements:
        answer = look(resident.portal, reference, HOME)
    assert answer.status_code == 422 and "Dit kenmerk klopt niet" in answer.get_data(as_text=True)
    assert statements == []


@on_engine("sqlite")
@pytest.mark.parametrize("given", [{}, {"postcode": "1012 AB"}, {"house_number": "12"}, {**BORN, "birth_date_day": ""}])
def test_too_little_is_said_without_looking_anything_up(resident: Resident, given: dict[str, str]) -> None:
    reference = resident.record.reference
    with noted(resident.portal.database) as statements:
        answer = look(resident.portal, reference, given)
    assert answer.status_code == 422 and "Of vul uw geboortedatum in" in answer.get_data(as_text=True)
    assert statements == []


@pytest.fixture
def hashes() -> Iterator[list[bytes]]:
    """Every comparison that is made meanwhile."""
    compared: list[bytes] = []
    really = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(other)
        return really(one, other)

    with patch("citizen_portal.registration.lookup.hmac.compare_digest", compare):
        yield compared


@pytest.mark.parametrize("given", [{"postcode": "1012 AC", "house_number": "12"}, {**BORN, "birth_date_day": "6"}])
def test_wrong_and_unknown_do_the_same_work(limited: TestPortal, hashes: list[bytes], given: dict[str, str]) -> None:
    """Counted, not timed: the statements, and the hashes that are made and compared."""
    known = Resident(limited)
    work = []
    for reference in (known.record.reference, new_reference()):
        hashes.clear()
        with noted(limited.database) as statements:
            assert look(limited, reference, given).status_code == 422
        work.append(([statement for statement, _ in statements], len(hashes)))
    assert work[0] == work[1]
    assert work[0][1] == 2


def test_the_link_lives_thirty_minutes(resident: Resident) -> None:
    path = look(resident.portal, resident.record.reference, HOME).headers["Location"]
    resident.portal.clock.moment += BRIEF_LIFE - timedelta(seconds=1)
    resident.sees(path=path)
    resident.portal.clock.moment += timedelta(seconds=1)
    assert resident.portal.client().get(path).status_code == 404
    assert timedelta(minutes=30) == BRIEF_LIFE


def test_each_use_shows_on_the_owners_page_and_on_no_other(resident: Resident) -> None:
    assert USED not in resident.sees()
    paths = []
    for _ in range(2):
        resident.portal.clock.pass_by(hours=26)
        paths.append(look(resident.portal, resident.record.reference, HOME).headers["Location"])
    page = resident.sees()
    assert USED in page and "dinsdag 24 november, 12:04" in page and "woensdag 25 november, 14:04" in page
    assert USED not in resident.sees(path=paths[-1])


def test_a_look_sees_stations_and_dates_and_nothing_else(sending_portal: TestPortal) -> None:
    resident = Resident(sending_portal)
    meeting = {"begint": "2026-11-25T09:00:00Z", "vorm": "kantoor", "locatie": "Stadhuis, kamer 3"}
    resident.told("ontvangen", ontvangstnummer="Z-2026-118")
    resident.told("gesprek-gepland", afspraak=meeting)
    own = resident.sees()
    path = look(sending_portal, resident.record.reference, HOME).headers["Location"]
    seen = resident.sees(path=path)
    for shared in ("woensdag 25 november, 10:00", "donderdag 26 november", resident.record.reference):
        assert shared in own and shared in seen
    for kept in ("Z-2026-118", "kamer 3", "proof.pdf", "calendar.ics", "/urgent", "/withdraw", "/messages", "/data"):
        assert kept in own and kept not in seen
    assert "U ziet een deel" in seen and "<form" not in seen.split("<main")[1]


@on_engine("sqlite")
def test_looking_writes_nothing_but_the_link(resident: Resident) -> None:
    before = resident.record
    path = look(resident.portal, resident.record.reference, HOME).headers["Location"]
    resident.sees(path=path)
    assert resident.record == before and resident.queued("supplement") == []


class TestTheOwnersLinkByMessage:
    """Full access comes back only by way of the address that was chosen for messages."""

    def _ask(self, portal: TestPortal, reference: str) -> TestResponse:
        return portal.client().post("/nl/status/message", data={"reference": reference})

    def test_with_and_without_an_address_and_unknown_give_one_same_answer(self, sending_portal: TestPortal) -> None:
        chosen = Resident(sending_portal)
        silent = Resident(sending_portal, answers={"updates": {"updates_by": "none"}})
        before = len(chosen.notices())
        references = [chosen.record.reference, silent.record.reference, new_reference()]
        answers = [self._ask(sending_portal, reference) for reference in references]
        assert {answer.status_code for answer in answers} == {200}
        assert len({body(answer, reference) for answer, reference in zip(answers, references, strict=True)}) == 1
        assert len(chosen.notices()) == before + 1 and silent.notices() == []

    def test_the_message_leads_to_the_owners_page_by_one_post(self, sending_portal: TestPortal) -> None:
        resident = Resident(sending_portal)
        self._ask(sending_portal, resident.record.reference)
        notice = resident.notices()[-1]
        assert (notice.kind, notice.stop_link, notice.to) == ("link", None, "zoe@example.nl")
        path = "/nl/s/" + notice.link.rpartition("/")[2]
        assert "data-status" not in resident.sees(path=path)
        own = resident.posts("", resident.walk.filled({}), path=path).headers["Location"]
        read = sending_portal.app.extensions["citizen_portal"].links.read(own.rpartition("/")[2])
        assert read.scope == OWNER
        assert 'data-status="ingediend"' in resident.sees(path=own)

    @pytest.mark.parametrize("reference", MALFORMED)
    @on_engine("sqlite")
    def test_what_cannot_be_a_reference_is_said(self, sending_portal: TestPortal, reference: str) -> None:
        answer = self._ask(sending_portal, reference)
        assert answer.status_code == 422 and "Dit kenmerk klopt niet" in answer.get_data(as_text=True)
