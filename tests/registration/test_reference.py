"""A reference can be read out and typed over, and a slip is noticed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.registration.reference import ALPHABET, check_character, new_reference, parse_reference


def test_a_new_reference_has_the_form_of_the_contract() -> None:
    pattern = re.compile(r"P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
    references = {new_reference() for _ in range(200)}
    assert len(references) == 200
    assert all(pattern.fullmatch(one) and parse_reference(one) == one for one in references)


@pytest.mark.parametrize(("body", "check"), [("0000000", "0"), ("0000001", "Y"), ("7K3M9QX", None)])
def test_the_check_character_is_luhn_mod_32(body: str, check: str | None) -> None:
    total = 0
    for position, character in enumerate(reversed(body + check_character(body))):
        value = ALPHABET.index(character) * (2 if position % 2 else 1)
        total += value // 32 + value % 32
    assert total % 32 == 0
    assert check is None or check_character(body) == check


@given(st.text(ALPHABET, min_size=7, max_size=7), st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_slip_is_noticed(body: str, position: int, typed: str) -> None:
    right = body + check_character(body)
    wrong = right[:position] + typed + right[position + 1 :]
    assert (parse_reference(wrong) is not None) == (wrong == right)


def test_it_may_be_typed_as_it_is_heard() -> None:
    reference = "P-" + "0110" + "-" + "000" + check_character("0110000")
    spoken = reference.replace("0", "o").replace("1", "l").lower().replace("-", " ")
    assert parse_reference(spoken) == reference
    assert parse_reference(reference.removeprefix("P-")) == reference


@given(st.text(max_size=100))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    parse_reference(text)


def test_a_text_that_is_far_too_long_is_no_reference_whatever_stands_in_it() -> None:
    assert parse_reference(f"{new_reference()}{' ' * 40}") is None
