"""A draft opens with its own link, at its own row and revision, and in no other way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.journey.answers import Answers, RegisterAnswer
from citizen_portal.journey.draft import DraftKeys, keys_of, new_capability, open_answers, seal_answers
from citizen_portal.sealing import SealBroken

ANSWERS = Answers(
    steps={"name": {"given_name": "Zoë", "family_name": "علي"}, "urgent": {"urgent": ["gas", "water"]}},
    register=RegisterAnswer(("GM0363",), "Bolstraat", "Amsterdam", confirmed=True),
    started_for="GM0344",
    started_as_helper=True,
)


def fresh_keys() -> DraftKeys:
    keys = keys_of(new_capability())
    assert keys is not None
    return keys


def test_what_was_sealed_comes_back_whole() -> None:
    keys = fresh_keys()
    assert open_answers(keys, 3, seal_answers(keys, 3, ANSWERS)) == ANSWERS


def test_another_link_another_row_and_another_revision_open_nothing() -> None:
    keys, other = fresh_keys(), fresh_keys()
    sealed = seal_answers(keys, 3, ANSWERS)
    for wrong_keys, revision in (
        (other, 3),
        (keys, 2),
        (DraftKeys(keys.capability, other.row_id, keys.data_key), 3),
    ):
        with pytest.raises(SealBroken):
            open_answers(wrong_keys, revision, sealed)


def test_the_row_names_neither_the_link_nor_the_key() -> None:
    keys = fresh_keys()
    assert keys.capability not in keys.row_id
    assert len({keys.row_id, keys.data_key, keys.capability}) == 3
    assert b"family_name" in ANSWERS.to_bytes()
    assert b"family_name" not in seal_answers(keys, 0, ANSWERS)


def test_the_same_link_always_gives_the_same_status_link() -> None:
    capability = new_capability()
    first, second = keys_of(capability), keys_of(capability)
    assert first is not None and second is not None
    assert first.link_bits == second.link_bits != fresh_keys().link_bits


def test_the_length_of_a_sealed_draft_says_nothing_about_short_answers() -> None:
    keys = fresh_keys()
    short = Answers(steps={"name": {"given_name": "A", "family_name": "B"}})
    longer = Answers(steps={"name": {"given_name": "A" * 90, "family_name": "B" * 90}})
    assert len(seal_answers(keys, 0, short)) == len(seal_answers(keys, 0, longer))


@pytest.mark.parametrize("spoiled", ["", "x", "é" * 43, "=" * 43, "a" * 42, "a" * 44, "!" * 43, "a" * 42 + "\n"])
def test_what_cannot_be_a_link_is_none(spoiled: str) -> None:
    assert keys_of(spoiled) is None


@given(st.text(max_size=60))
def test_any_text_is_a_link_or_none_and_never_an_error(text: str) -> None:
    keys_of(text)


def test_a_link_has_one_spelling() -> None:
    capability = new_capability()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spellings = [capability[:-1] + last for last in alphabet if keys_of(capability[:-1] + last)]
    assert len({keys.row_id for one in spellings if (keys := keys_of(one))}) == len(spellings)
