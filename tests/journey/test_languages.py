"""The languages to ask for, by their own names."""

from __future__ import annotations

from citizen_portal.config.languages import in_cldr
from citizen_portal.journey.languages import CONTACT_LANGUAGES, OTHER, own_names


def test_every_language_has_the_name_that_cldr_gives_it() -> None:
    assert dict(own_names()) == {code: in_cldr(code).own_name for code in CONTACT_LANGUAGES - {OTHER}}


def test_dutch_and_english_come_first_and_the_others_by_name() -> None:
    codes = [code for code, _ in own_names()]
    names = [name.casefold() for _, name in own_names()]
    assert codes[:2] == ["nl", "en"]
    assert names[2:] == sorted(names[2:])
