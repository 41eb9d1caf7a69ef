"""The fonts that are shipped: every letter of every language, and as small as they can be."""

from __future__ import annotations

import json
import unicodedata
from itertools import chain

import pytest
from fontTools.ttLib import TTFont

from citizen_portal import resources
from tests.support.proofs import OWN_WORDS
from tools import build_fonts

FONTS = resources.folder("fonts")
MOST_BYTES = 2_500_000
LETTERS = {
    "nl": "ĲĳÁÉÍÓÚÄËÏÖÜáéíóúäëïöüèêç€",
    "en": "£‘’“”–—",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْٰ،؛؟ـ٠١٢٣٤٥٦٧٨٩",
    "fa": "پچژگکیۀ‌۰۱۲۳۴۵۶۷۸۹٪٫٬",
    "ti": "".join(
        chr(code) for code in range(0x1200, 0x1380) if unicodedata.category(chr(code)) in {"Lo", "Mn", "Po", "No"}
    ),
    "tr": "ÇĞİIÖŞÜçğıiöşüâîû",
    "pl": "ĄĆĘŁŃÓŚŹŻąćęłńóśźż„”",
    "uk": "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюяʼ",
}


def characters(file: str) -> set[int]:
    with TTFont(FONTS / file) as font:
        return set(font.getBestCmap())


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
@pytest.mark.parametrize("language", sorted(OWN_WORDS))
def test_every_letter_of_every_language_is_there(language: str, weight: str) -> None:
    have = set().union(*(characters(f"{family.file}-{weight}.ttf") for family in build_fonts.FAMILIES.values()))
    assert not {letter for letter in LETTERS[language] + OWN_WORDS[language] if ord(letter) not in have}


def test_the_written_coverage_is_what_both_weights_have() -> None:
    written = json.loads((FONTS / "coverage.json").read_bytes())
    assert list(written) == list(build_fonts.FAMILIES)
    for name, family in build_fonts.FAMILIES.items():
        both = characters(f"{family.file}-Regular.ttf") & characters(f"{family.file}-Bold.ttf")
        assert set(chain.from_iterable(range(first, last + 1) for first, last in written[name])) == both, name


def test_a_template_names_each_family_as_the_files_do() -> None:
    template = (resources.folder("templates") / "acknowledgement" / "proof.typ").read_text(encoding="utf-8")
    for name, family in build_fonts.FAMILIES.items():
        with TTFont(FONTS / f"{family.file}-Bold.ttf") as font:
            assert font["name"].getBestFamilyName() == name
        assert f'"{name}"' in template


def test_the_fonts_stay_small_and_carry_their_licence() -> None:
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < MOST_BYTES
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    # Who reserves the name of a font does not allow that a changed one bears it.
    assert "with Reserved Font Name" not in licence
    assert licence.count("Copyright 20") == len(build_fonts.FAMILIES)


def test_a_font_is_what_its_source_builds() -> None:
    if not build_fonts.PACKAGES.is_dir():
        pytest.skip("node_modules/ is not there: make dev-install")
    # The smallest one stands for all: the others take seconds.
    family = build_fonts.FAMILIES["Noto Sans Hebrew"]
    source = build_fonts.PACKAGES / family.package / "400Regular" / f"{family.file}_400Regular.ttf"
    built, _characters = build_fonts.cut(source, {code for one in family.kept for code in one})
    assert (FONTS / f"{family.file}-Regular.ttf").read_bytes() == built, "type: make fonts"
    assert (FONTS / "OFL.txt").read_text(encoding="utf-8") == build_fonts.licence(), "type: make fonts"


def test_stretches_are_unbroken_rows() -> None:
    assert list(build_fonts.stretches([0, 5, 3, 4, 9])) == [(0, 0), (3, 5), (9, 9)]
    assert list(build_fonts.stretches([])) == []
