"""The address register client: right when the register is, and never in the way when it is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from citizen_portal.directory.address import Found, Locatieserver, NoRegister, NotFound, Unavailable, make_register
from tests.directory.clients import BOLSTRAAT, CODES
from tests.fakes.address_register import FakeAddressRegister, Mode, address


def answer_with(fake: FakeAddressRegister, answer: object) -> None:
    fake.mode, fake.body = Mode.RAW, json.dumps(answer).encode()


def test_the_recorded_address_is_found(register: Locatieserver) -> None:
    assert register.find("3581WS", 1, None) == BOLSTRAAT


def test_only_documented_parameters_are_asked_with_exact_filters(
    fake: FakeAddressRegister, register: Locatieserver
) -> None:
    register.find("3581WS", 1, "bis")
    assert fake.asked == [
        {
            "q": ["3581WS 1"],
            "fq": ["type:adres", "postcode:3581WS", "huisnummer:1"],
            "fl": ["straatnaam,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaatsnaam,gemeentecode"],
            "rows": ["100"],
        }
    ]


@pytest.mark.parametrize("ending", ["", "/", "/free", "/free/"])
def test_the_base_url_may_end_in_free(fake: FakeAddressRegister, ending: str) -> None:
    assert Locatieserver(fake.url + ending, CODES).find("3581WS", 1, None) == BOLSTRAAT


def test_an_unknown_number_is_not_found(register: Locatieserver) -> None:
    assert register.find("3581WS", 2, None) == NotFound()


def test_look_alikes_do_not_count(fake: FakeAddressRegister, register: Locatieserver) -> None:
    fake.mode = Mode.FUZZY
    assert register.find("3581WS", 1, None) == NotFound()


def test_a_postcode_in_two_municipalities_gives_both_and_no_street(
    fake: FakeAddressRegister, register: Locatieserver
) -> None:
    fake.mode = Mode.TWO_MUNICIPALITIES
    assert register.find("3731AA", 7, None) == Found(frozenset({"GM0344", "GM0310"}), None, None, confirmed=True)


@pytest.mark.parametrize(
    ("addition", "confirmed"),
    [
        (None, True),
        ("", True),
        (" ", True),
        ("A", True),
        ("a", True),
        ("a-2", True),
        ("A 2", True),
        ("a2", True),
        ("bis", True),
        ("-BIS", True),
        ("3", True),
        ("B", False),
        ("2", False),
        ("A2A", False),
        ("-", False),
        ("?" * 10_000, False),
    ],
)
def test_an_addition_is_confirmed_when_the_register_has_it(
    fake: FakeAddressRegister, register: Locatieserver, addition: str | None, confirmed: bool
) -> None:
    fake.documents = [
        address(),
        address(huisletter="A"),
        address(huisletter="A", huisnummertoevoeging="2"),
        address(huisnummertoevoeging="BIS"),
        address(huisnummertoevoeging=3),
    ]
    found = register.find("3581WS", 1, addition)
    assert isinstance(found, Found)
    assert found.confirmed is confirmed


def test_all_additions_of_a_number_are_one_question(fake: FakeAddressRegister, register: Locatieserver) -> None:
    for addition in (None, "a", "b"):
        register.find("3581WS", 1, addition)
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    ("postcode", "number"),
    [
        ("", 1),
        ("3581ws", 1),
        ("3581 WS", 1),
        ("0581WS", 1),
        ("3581WS\n", 1),
        ("3581WS OR *:*", 1),
        ("٣٥٨١WS", 1),
        ("3581WS", 0),
        ("3581WS", -1),
        ("3581WS", 100_000),
    ],
)
def test_nothing_but_a_postcode_and_a_number_reaches_the_register(
    fake: FakeAddressRegister, register: Locatieserver, postcode: str, number: int
) -> None:
    assert register.find(postcode, number, None) == NotFound()
    assert fake.asked == []


@pytest.mark.parametrize(
    "changes",
    [
        {"gemeentecode": "9999"},
        {"gemeentecode": "GM0344"},
        {"gemeentecode": 344},
        {"gemeentecode": "٠٣٤٤"},
        {"gemeentecode": ["0344"]},
        {"gemeentecode": {"0344": 1}},
        {"gemeentecode": None},
        {"postcode": "3581wt"},
        {"postcode": 3581},
        {"postcode": ["3581WS"]},
        {"huisnummer": 1.0},
        {"huisnummer": True},
        {"huisnummer": "01"},
        {"huisnummer": None},
    ],
)
def test_a_document_that_is_not_exact_does_not_count(
    fake: FakeAddressRegister, register: Locatieserver, changes: dict[str, Any]
) -> None:
    answer_with(fake, {"response": {"docs": [address(**changes), 1, None, "x", []]}})
    assert register.find("3581WS", 1, None) == NotFound()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Bol\x00stra\nat\x85", "Bol stra at"),
        ("\u202eBol\u200bstraat\ufeff", "Bolstraat"),
        ("Bol\ud800straat", "Bolstraat"),
        ("\u202e\n ", None),
        ("", None),
        (["Bolstraat"], None),
        (12, None),
        (None, None),
        ("x" * 5000, "x" * 200),
    ],
)
def test_a_street_is_text_to_show_or_nothing(
    fake: FakeAddressRegister, register: Locatieserver, given: object, shown: str | None
) -> None:
    answer_with(fake, {"response": {"docs": [address(straatnaam=given)]}})
    found = register.find("3581WS", 1, None)
    assert isinstance(found, Found)
    assert found.street == shown


def test_a_town_is_cut_at_a_hundred_characters(fake: FakeAddressRegister, register: Locatieserver) -> None:
    answer_with(fake, {"response": {"docs": [address(woonplaatsnaam="y" * 5000)]}})
    found = register.find("3581WS", 1, None)
    assert isinstance(found, Found)
    assert found.town == "y" * 100


@pytest.mark.parametrize("letter", [["A"], {"A": 1}, True, 1.5])
def test_an_addition_of_a_wrong_type_is_no_addition(
    fake: FakeAddressRegister, register: Locatieserver, letter: object
) -> None:
    answer_with(fake, {"response": {"docs": [address(huisletter=letter)]}})
    assert register.find("3581WS", 1, "A") == Found(frozenset({"GM0344"}), "Bolstraat", "Utrecht", confirmed=False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"response"',
        b"{}",
        b'{"response": []}',
        b'{"response": {}}',
        b'{"response": {"docs": {}}}',
        b'{"response": {"docs": [',
        b"[" * 200_000,
        b'{"response": {"docs": [' + b"9" * 5000 + b"]}}",
        b"\xff\xfe{\x00}\x00",
    ],
)
def test_an_answer_of_another_shape_is_unavailable(
    fake: FakeAddressRegister, register: Locatieserver, body: bytes
) -> None:
    fake.mode, fake.body = Mode.RAW, body
    assert register.find("3581WS", 1, None) == Unavailable()


@pytest.mark.parametrize("mode", [Mode.GARBAGE, Mode.ERROR, Mode.HUGE, Mode.REDIRECT, Mode.HANG_UP])
def test_a_wrong_answer_is_unavailable_at_once_and_not_kept(
    fake: FakeAddressRegister, register: Locatieserver, mode: Mode
) -> None:
    fake.mode = mode
    assert register.find("3581WS", 1, None) == Unavailable()
    assert len(fake.asked) == 1
    fake.mode = Mode.RIGHT
    assert register.find("3581WS", 1, None) == BOLSTRAAT


def test_an_empty_url_means_no_register(fake: FakeAddressRegister) -> None:
    off = make_register("", CODES)
    assert isinstance(off, NoRegister)
    assert off.find("3581WS", 1, None) == Unavailable()
    assert make_register(fake.url, CODES).find("3581WS", 1, None) == BOLSTRAAT
