"""Words of offices are found whole, in any letters, and nothing that only looks like them."""

from __future__ import annotations

import pytest

from tests.language.officialese import FORBIDDEN, officialese_in


@pytest.mark.parametrize(("lang", "word"), [(lang, word) for lang, words in FORBIDDEN.items() for word in words])
def test_each_forbidden_word_is_found_whatever_its_letters(lang: str, word: str) -> None:
    assert officialese_in(lang, f"a {word}, b") == [word]
    assert officialese_in(lang, f"{word.capitalize()} a") == [word]
    assert officialese_in(lang, f"x{word} {word}x") == []


def test_a_phrase_is_found_across_a_broken_line() -> None:
    assert officialese_in("nl", "met betrekking\n  tot uw schuld") == ["met betrekking tot"]


@pytest.mark.parametrize("text", ["De eerste keer. Een medewerker. Alsof. De middelste.", "Uw gemeente dien u niet."])
def test_plain_dutch_is_let_through(text: str) -> None:
    assert officialese_in("nl", text) == []


def test_what_stands_in_its_place_is_not_forbidden_itself() -> None:
    for lang, words in FORBIDDEN.items():
        assert [plain for plain in words.values() if officialese_in(lang, plain)] == []
