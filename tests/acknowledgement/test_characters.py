"""Text from anybody becomes text that can be printed, and nothing else about it changes."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.acknowledgement import pdf
from citizen_portal.acknowledgement.characters import direction, drawable, pieces, plain
from citizen_portal.journey.languages import own_names
from tests.support.proofs import OWN_WORDS

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
ANY_TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.integers(0xD800, 0xDFFF).map(chr)))
NAMES = [
    "Łukasz Żółć",
    "O'Brien-van 't Hof",
    "Nguyễn Thị Ánh",
    "Zoe\u0308",
    "ሃብቶም",
    "محمد",
    "می\u200cخواهم",
    "שָׁלוֹם",
    "नमस्ते",
    "Ελένη",
]


@pytest.mark.parametrize(
    "text", [*OWN_WORDS.values(), *NAMES, "#$\\\"'{}[]<>@`*_~/%&", "€ 1.000,50", "12\N{NO-BREAK SPACE}A"]
)
def test_what_the_fonts_have_stays_as_it_is(text: str) -> None:
    assert drawable(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\0b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("een\r\ntwee\rdrie\u2028vier\x85vijf\x0bzes", "een\ntwee\ndrie\nvier\nvijf\nzes"),
        ("een\ttwee", "een twee"),
        ("a\ud800b\udfff", f"a{UNKNOWN}b{UNKNOWN}"),
        ("gnp.\u202eexe\u202c.pdf", "gnp.exe.pdf"),
        ("bij \u2068سلام\u2069.", "bij \u2068سلام\u2069."),
        ("🙂", "🙂"),
    ],
)
def test_plain_text_has_no_controls_no_halves_and_no_overrides(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Li 李 Wei", f"Li {UNKNOWN} Wei"),
        ("🙂!", f"{UNKNOWN}!"),
        ("een\u3000twee\u205fdrie", "een twee drie"),
        # A mark of another script has no place on this letter.
        ("Ж\u064bb", "Жb"),
        ("a" + "\u0301" * 100, "a" + "\u0301" * 4),
        ("a\ufe0fb\ufeff\u2060\U000e0041c", "abc"),
        ("\ue000", UNKNOWN),
    ],
)
def test_what_cannot_be_drawn_is_marked_or_left_out(typed: str, drawn: str) -> None:
    assert drawable(typed) == drawn


@given(ANY_TEXT)
def test_drawable_text_can_be_encoded_and_is_not_changed_again(text: str) -> None:
    once = drawable(text)
    assert once.encode().decode() == once
    assert drawable(once) == once


@given(ANY_TEXT.map(drawable))
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_only_words_too_long_for_a_column_are_cut() -> None:
    assert pieces("korte woorden\nen nog een") == ["korte woorden", "\n", "en nog een"]
    assert pieces("een " + "x" * 26) == ["een " + "x" * 26]
    cut = pieces("een " + "x" * 100 + " twee")
    assert cut[0] == "een xxxxxxxx"
    assert cut[-1] == "xxxx twee"
    assert max(map(len, cut)) == 12


def test_a_cut_never_parts_a_letter_from_its_marks() -> None:
    assert all(not piece.startswith("\u0301") for piece in pieces("e\u0301" * 60))


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Anna", "ltr"),
        ("محمد Anna", "rtl"),
        ("12 (שלום)", "rtl"),
        ("06 12345678", "ltr"),
        ("", "ltr"),
        ("٠١٢ Anna محمد", "ltr"),
    ],
)
def test_a_value_begins_where_its_first_letter_does(text: str, begins: str) -> None:
    assert direction(text) == begins


def test_languages_are_written_from_the_side_that_cldr_says() -> None:
    for code, _name in own_names():
        from_right = Locale.parse(code).character_order == "right-to-left"
        assert (code in pdf.WRITTEN_FROM_THE_RIGHT) == from_right, code
