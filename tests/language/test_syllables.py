"""Syllables are counted as they are said: these words were counted by hand."""

from __future__ import annotations

import pytest

from tests.language import syllables

_DUTCH = {
    1: "u uw ik hulp schuld huis ruw vrouw één vóór mooi draai groei leeuw nieuw zo’n team",
    2: "pauze brieven schulden nieuwe eeuwen bureau milieu toilet station pensioen miljoen koeien fraaie buien idee "
    "ieder zeeën beslag foto’s e-mails website drukken duwen duurzaam",
    3: "gemeente kenmerken energie sociaal theater bijvoorbeeld speciaal uiteinde computer gisteren DigiD gemeenten",
    4: "Kennisgeving situatie januari periode beëindigen officieel financieel reageren",
    5: "organisatie geïnteresseerd coördinatie officiële verantwoordelijk",
    6: "zorgverzekeringspas toeslagenaffaire",
}
_ENGLISH = {
    1: "the you your help debt pause wage times asked closed called helped does don’t can’t tried here home through",
    2: "letter reading doing people pauses table needed wanted office isn’t doesn’t places changes social someone "
    "question website request being quiet",
    3: "companies messages agreement appointment insurance official previous example idea period area financial usual",
    4: "information material electrical emergency",
    5: "electricity organisation",
    6: "municipality responsibility",
}


def _each(counted: dict[int, str]) -> list[tuple[str, int]]:
    return [(word, number) for number, words in counted.items() for word in words.split()]


@pytest.mark.parametrize(("word", "number"), _each(_DUTCH))
def test_a_dutch_word_has_the_syllables_that_are_heard(word: str, number: int) -> None:
    assert syllables.dutch(word) == number


@pytest.mark.parametrize(("word", "number"), _each(_ENGLISH))
def test_an_english_word_has_the_syllables_that_are_heard(word: str, number: int) -> None:
    assert syllables.english(word) == number


@pytest.mark.parametrize("count", [syllables.dutch, syllables.english])
def test_letters_that_are_named_count_one_each(count: syllables.Count) -> None:
    assert [count(word) for word in ("BSN", "sms", "PDF", "Wgs")] == [3, 3, 3, 3]
