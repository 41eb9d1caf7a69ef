"""Anybody who has the code of a proof may check it, and learns the fact alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from citizen_portal.registration.proof import parse_code
from citizen_portal.registration.reference import ALPHABET, check_character
from tests.support.databases import on_engine
from tests.support.portal import TestPortal
from tests.support.residents import Resident

UNKNOWN_BODY = "000000000000000"
UNKNOWN = "-".join(re.findall("....", UNKNOWN_BODY + check_character(UNKNOWN_BODY)))
HERE = {"postcode": "1012 AB", "house_number": "12"}


def check(portal: TestPortal, code: str) -> TestResponse:
    return portal.client().get(f"/nl/proof/{code}")


def seen(resident: Resident) -> str:
    answer = check(resident.portal, resident.code)
    assert answer.status_code == 200
    return re.sub("</?time[^>]*>", "", answer.get_data(as_text=True))


def test_it_says_the_fact_and_claims_nothing_more(resident: Resident) -> None:
    page = seen(resident)
    assert "maandag 23 november 2026" in page and "gemeente Amsterdam" in page
    assert "Wij hebben niet gecontroleerd wie dit deed" in page and "De aanvraag loopt nog" in page
    assert "Dit bewijs zegt niet dat er een pauze is" in page


def test_nothing_on_it_is_of_anybody(resident: Resident) -> None:
    resident.told("ontvangen", ontvangstnummer="Z-2026-118")
    page = seen(resident)
    for personal in ("Zoë", "Jansen", "1012", "zoe@example.nl", "12345678", "1980", "Z-2026-118"):
        assert personal not in page
    assert resident.record.reference not in page and str(resident.id) not in page and "/s/" not in page


@on_engine("sqlite")
@pytest.mark.parametrize(
    ("status", "data", "says"),
    [
        ("afgesloten", {}, "De aanvraag loopt niet meer, sinds maandag 23 november 2026"),
        ("verhuisd", {}, "De aanvraag loopt niet meer"),
        ("niet-toegelaten", {}, "De gemeente nam een besluit, op maandag 23 november 2026"),
        ("doorgestuurd", {"gemeentecode": "GM0344"}, "Gemeente Utrecht gaat er nu over"),
        ("kennisgeving-verstuurd", {"pauzeTot": "2027-07-20"}, "De aanvraag loopt nog"),
    ],
)
def test_it_says_whether_it_still_goes_on(resident: Resident, status: str, data: dict[str, Any], says: str) -> None:
    resident.told(status, **data)
    page = seen(resident)
    assert says in page and "gemeente Amsterdam" in page and "2027" not in page


@on_engine("sqlite")
def test_a_withdrawal_shows_too(resident: Resident) -> None:
    resident.opens("withdraw")
    assert "De aanvraag loopt niet meer, sinds maandag 23 november 2026" in seen(resident)


@pytest.mark.parametrize("code", [UNKNOWN, "0000", "x" * 3000, "%00", "é", "vals", "0000-0000-0000-0001", "%E2%80%AE"])
def test_an_unknown_code_is_not_to_be_found_and_never_false(portal: TestPortal, code: str) -> None:
    answer = check(portal, code)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404 and "Dit bewijs is niet (meer) te vinden" in page
    assert re.findall(r"[^.<>]*\bvals\b[^.<>]*", page.replace(f"/proof/{code}", "")) == [
        "Dat zegt niet dat het bewijs vals is"
    ]


@on_engine("sqlite")
def test_unknown_and_impossible_codes_give_one_same_page(portal: TestPortal) -> None:
    codes = (UNKNOWN, "0000", "vals")
    assert len({check(portal, code).get_data(as_text=True).replace(f"proof/{code}", "") for code in codes}) == 1


@on_engine("sqlite")
def test_a_code_that_was_typed_leads_to_its_page(resident: Resident) -> None:
    typed = resident.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    answer = resident.portal.client().get("/nl/proof", query_string={"code": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/nl/proof/{resident.code}")
    assert check(resident.portal, typed).status_code == 200
    assert resident.portal.client().get("/nl/proof").status_code == 404


@on_engine("sqlite")
def test_every_single_slip_in_a_code_is_noticed_before_anything_is_looked_up(resident: Resident) -> None:
    code = resident.code.replace("-", "")
    for position, right in enumerate(code):
        for typed in ALPHABET:
            slip = parse_code(code[:position] + typed + code[position + 1 :])
            assert (slip is None) == (typed != right)


class TestComparing:
    """Whether it belongs to an address: yes or no, five times a day."""

    def _compare(self, resident: Resident, given: dict[str, str]) -> TestResponse:
        return resident.portal.client().post(f"/nl/proof/{resident.code}", data=given)

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            (HERE, "Het adres klopt<"),
            ({"postcode": "1012ab", "house_number": "12-A"}, "Het adres klopt<"),
            ({"postcode": "1012 AB", "house_number": "13"}, "Het adres klopt niet<"),
            ({"postcode": "1012 AC", "house_number": "12"}, "Het adres klopt niet<"),
        ],
    )
    def test_it_agrees_or_not(self, resident: Resident, given: dict[str, str], says: str) -> None:
        answer = self._compare(resident, given)
        assert answer.status_code == 200 and says in answer.get_data(as_text=True)

    def test_what_cannot_be_an_address_costs_no_try(self, limited: TestPortal) -> None:
        resident = Resident(limited)
        for _ in range(9):
            answer = self._compare(resident, {"postcode": "Damrak", "house_number": "12"})
            page = answer.get_data(as_text=True)
            assert answer.status_code == 422 and 'value="Damrak"' in page and "Vul de postcode" in page
        assert "Het adres klopt<" in self._compare(resident, HERE).get_data(as_text=True)

    def test_after_five_tries_not_even_the_right_one_is_told(self, limited: TestPortal) -> None:
        resident = Resident(limited)
        for number in range(5):
            assert self._compare(resident, {**HERE, "house_number": str(40 + number)}).status_code == 200
        answer = self._compare(resident, HERE)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 429 and "Vandaag kan dit niet meer" in page
        assert "klopt<" not in page and "Er is hulp gevraagd" in page
        limited.clock.pass_by(days=1)
        assert "Het adres klopt<" in self._compare(resident, HERE).get_data(as_text=True)

    def test_without_an_address_there_is_nothing_to_compare(self, portal: TestPortal) -> None:
        homeless = Resident(portal, answers={"address": {"no_fixed_address": "yes"}})
        assert 'name="postcode"' not in seen(homeless)
        assert 'name="postcode"' in seen(Resident(portal))
        answer = self._compare(homeless, HERE)
        assert "Het adres klopt<" not in answer.get_data(as_text=True)

    def test_an_unknown_code_compares_nothing(self, portal: TestPortal) -> None:
        assert portal.client().post(f"/nl/proof/{UNKNOWN}", data=HERE).status_code == 404
