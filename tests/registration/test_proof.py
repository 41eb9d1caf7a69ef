"""The code of a proof: not to be guessed, worked out again, read as people type it."""

from __future__ import annotations

import re
from collections import Counter
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.registration.proof import ProofCodes, parse_code, proof_hash
from citizen_portal.registration.reference import ALPHABET, check_character
from citizen_portal.sealing import KeyRing

CODES = ProofCodes(KeyRing(["a secret"]))
MANY = 2_000


def test_it_is_seventy_five_bits_and_a_check_character() -> None:
    code = CODES.new(uuid4())
    assert re.fullmatch("-".join([f"[{ALPHABET}]{{4}}"] * 4), code)
    body = code.replace("-", "")
    assert check_character(body[:15]) == body[15]
    assert 32**15 == 2**75


def test_neighbours_have_nothing_in_common() -> None:
    made = [CODES.new(UUID(int=number)).replace("-", "") for number in range(MANY)]
    assert len(set(made)) == MANY
    for position in range(15):
        drawn = Counter(code[position] for code in made)
        assert len(drawn) == 32
        assert max(drawn.values()) < 3 * MANY / 32


def test_it_follows_from_the_registration_and_a_secret_alone() -> None:
    registration = uuid4()
    assert CODES.new(registration) == ProofCodes(KeyRing(["a secret"])).new(registration)
    assert CODES.new(registration) != ProofCodes(KeyRing(["another"])).new(registration)


def test_it_is_found_again_under_an_older_secret_and_gone_without_it() -> None:
    registration = uuid4()
    kept = proof_hash(CODES.new(registration))
    rotated = ProofCodes(KeyRing(["new", "a secret"]))
    assert rotated.of(registration, kept) == CODES.new(registration) != rotated.new(registration)
    assert ProofCodes(KeyRing(["new"])).of(registration, kept) is None
    assert CODES.of(registration, None) is None
    assert CODES.of(uuid4(), kept) is None


@given(st.uuids(), st.booleans(), st.sampled_from(["", " ", "-", " - ", "  "]))
def test_it_may_be_typed_as_it_is_read(registration: UUID, lower: bool, between: str) -> None:
    code = CODES.new(registration)
    typed = code.replace("-", between).replace("0", "O").replace("1", "I")
    assert parse_code(typed.lower() if lower else typed) == code
    assert parse_code(code.replace("1", "l")) == code


@given(st.uuids(), st.integers(0, 15), st.sampled_from(ALPHABET))
def test_every_single_slip_is_noticed(registration: UUID, position: int, typed: str) -> None:
    right = CODES.new(registration).replace("-", "")
    wrong = right[:position] + typed + right[position + 1 :]
    assert (parse_code(wrong) is None) == (wrong != right)


@given(st.text(max_size=200))
def test_any_text_is_a_code_or_none(text: str) -> None:
    parse_code(text)


@pytest.mark.parametrize(
    "text", ["", "0000", "0" * 15, "0" * 17, "U" * 16, "0000-0000-0000-0001", "0" * 16 + " " * 200]
)
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert parse_code(text) is None
