"""Which languages there are, and who has read their texts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizen_portal import config, resources
from citizen_portal.config import languages
from citizen_portal.config.languages import Review, ReviewFileError
from citizen_portal.journey.languages import CONTACT_LANGUAGES

GOOD = """
[[review]]
by = "Olena K., taalambassadeur"
on = 2027-01-15
what = "all"

[[review]]
by = "J. Bakker, tolk"
on = 2027-03-01
what = "the what-if pages"
"""
FAULTS = {
    "not a table": 'review = "Olena"',
    "something else": 'reviewer = "Olena"',
    "no day": '[[review]]\nby = "Olena"\nwhat = "all"',
    "a day in quotation marks": '[[review]]\nby = "Olena"\non = "2027-01-15"\nwhat = "all"',
    "a moment": '[[review]]\nby = "Olena"\non = 2027-01-15T10:00:00\nwhat = "all"',
    "nobody": '[[review]]\nby = " "\non = 2027-01-15\nwhat = "all"',
    "one key too many": '[[review]]\nby = "Olena"\non = 2027-01-15\nwhat = "all"\nnote = "x"',
    "no table at all": "review = [1]",
    "no TOML": "[[review",
}


def _file(folder: Path, text: str) -> Path:
    (folder / "uk").mkdir()
    (folder / "uk" / "review.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_review_says_who_when_and_what(tmp_path: Path) -> None:
    assert languages.reviews_of("uk", _file(tmp_path, GOOD)) == (
        Review("Olena K., taalambassadeur", date(2027, 1, 15), "all"),
        Review("J. Bakker, tolk", date(2027, 3, 1), "the what-if pages"),
    )


def test_an_empty_file_says_that_nobody_has_read_it(tmp_path: Path) -> None:
    assert languages.reviews_of("uk", _file(tmp_path, "# nobody yet\n")) == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, fault: str) -> None:
    with pytest.raises(ReviewFileError, match=r"uk/review\.toml"):
        languages.reviews_of("uk", _file(tmp_path, FAULTS[fault]))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReviewFileError, match="cannot be read"):
        languages.reviews_of("uk", tmp_path)


def test_only_who_read_everything_makes_a_language_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Review("J. Bakker", date(2027, 3, 1), "the what-if pages")
    monkeypatch.setattr(languages, "reviews_of", lambda _language: (part,))
    assert not languages.is_reviewed("uk")
    monkeypatch.setattr(languages, "reviews_of", lambda _language: (part, Review("O", date(2027, 3, 2), "all")))
    assert languages.is_reviewed("uk")
    assert languages.is_reviewed("nl"), "the source"


def test_a_review_file_with_a_mistake_stops_the_portal_at_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(language: str) -> bool:
        raise ReviewFileError(f"{language}/review.toml: cannot be read")

    monkeypatch.setattr(config, "is_reviewed", broken)
    with pytest.raises(config.SettingsError, match=r"translations/nl/review\.toml: cannot be read"):
        config.load({"PORTAL_SECRET_KEYS": "x" * 32, "PORTAL_LANGUAGES": "nl"})


def test_every_language_but_the_source_has_its_files() -> None:
    for language in languages.MENU_ORDER[1:]:
        folder = resources.folder("translations") / language
        assert languages.reviews_of(language) is not None
        assert (folder / "glossary.md").read_text(encoding="utf-8").startswith("# ")


def test_names_and_directions_are_those_of_unicode() -> None:
    for language in languages.MENU_ORDER:
        assert languages.written(language) == languages.in_cldr(language)
    assert languages.written("ur") == ("اردو", "rtl")


def test_languages_stand_in_one_order_and_unknown_ones_come_last() -> None:
    assert languages.in_menu_order(["zu", "ti", "so", "en", "nl", "en"]) == ("nl", "en", "ti", "so", "zu")


def test_who_reads_a_language_can_be_called_in_it() -> None:
    assert set(languages.MENU_ORDER) <= CONTACT_LANGUAGES
