"""What was typed can be compared with, also under an older secret, and tells nothing by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.registration.lookup import Lookups, agrees
from citizen_portal.registration.model import Resident
from citizen_portal.sealing import KeyRing
from tests.support.deliveries import EXAMPLE

OLD, NEW = Lookups(KeyRing(["old"])), Lookups(KeyRing(["new", "old"]))
ONE, OTHER = UUID(int=1), UUID(int=2)
PERSON = EXAMPLE.request.resident


def called(given_name: str, family_name: str) -> Resident:
    return replace(PERSON, given_name=given_name, family_name=family_name)


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [
        ("zoe", "van den berg unal"),
        ("ZOË", "VAN DEN BERG-ÜNAL"),
        ("Zoe\u0308", "van den Berg-U\u0308nal"),
        ("Zoë van den", "Berg Ünal"),
        (" Z.o.ë ", "van-den-Berg'Ünal"),
    ],
)
def test_case_accents_and_signs_do_not_make_another_person(given_name: str, family_name: str) -> None:
    assert OLD.person(called(given_name, family_name)) == OLD.person(PERSON)


@pytest.mark.parametrize(
    "other",
    [
        called("Zoe", "van den Berg"),
        replace(PERSON, birth_date=date(1980, 5, 2)),
        replace(PERSON, birth_date=None),
        replace(PERSON, address=None),
    ],
)
def test_another_name_birth_date_or_postcode_is_another_person(other: Resident) -> None:
    assert OLD.person(other)
    assert set(OLD.person(other)).isdisjoint(OLD.person(PERSON))


@pytest.mark.parametrize(
    "nobody",
    [
        replace(PERSON, birth_date=None, address=None),
        replace(called("...", "--"), birth_date=None),
        replace(called("", ""), address=None),
    ],
)
def test_a_name_alone_or_no_letter_at_all_is_no_person(nobody: Resident) -> None:
    assert OLD.person(nobody) == []


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_name_is_a_person_or_none(given_name: str, family_name: str) -> None:
    once, again = (Lookups(KeyRing(["old"])).person(called(given_name, family_name)) for _ in range(2))
    assert once == again
    assert len(once) in {0, 1}


@pytest.mark.parametrize(("one", "other"), [("佐江", "佐恵"), ("Ζωή", "زوي"), ("ዞኢ", "ዞአ")])
def test_names_in_other_scripts_are_told_apart(one: str, other: str) -> None:
    assert OLD.person(called(one, "X")) != OLD.person(called(other, "X"))


def test_households_at_one_address_cannot_be_told_to_be_that() -> None:
    assert OLD.address(ONE, "1012JS", 1) != OLD.address(OTHER, "1012JS", 1)
    assert OLD.birth(ONE, date(1980, 5, 1)) != OLD.birth(OTHER, date(1980, 5, 1))


def test_no_two_lists_of_parts_spell_the_same() -> None:
    hashes = {
        *OLD.address(ONE, "1012JS", 11),
        *OLD.address(ONE, "1012JS1", 1),
        *OLD.address(ONE, "", 1),
        *OLD.birth(ONE, date(1980, 5, 1)),
        *OLD.person(PERSON),
    }
    assert len(hashes) == 5
    assert all(len(one) == 32 for one in hashes)


def test_what_an_older_secret_made_still_agrees() -> None:
    kept = OLD.address(ONE, "1012JS", 1)[0]
    assert agrees(kept, NEW.address(ONE, "1012JS", 1))
    assert not agrees(kept, NEW.address(ONE, "1012JS", 2))
    assert OLD.person(PERSON)[0] in NEW.person(PERSON) and NEW.person(PERSON)[0] not in OLD.person(PERSON)
    assert not agrees(kept, Lookups(KeyRing(["new"])).address(ONE, "1012JS", 1))


def test_nothing_agrees_with_what_was_never_given() -> None:
    assert not agrees(None, OLD.address(uuid4(), "1012JS", 1))
    assert not agrees(b"", [])
