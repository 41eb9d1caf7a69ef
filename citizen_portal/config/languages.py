"""Which languages there are: a folder in `translations/` each, its place in the menu, and who has read its texts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from citizen_portal import resources

SOURCE_LANGUAGE = "nl"


class Written(NamedTuple):
    """How a language calls itself, and which way its script runs: `ltr` or `rtl`."""

    own_name: str
    direction: str = "ltr"


# In the order of the menu: Dutch and English, then by their own names and scripts. As CLDR has them; a language that
# is not here yet is looked up there and comes last, and costs every worker a megabyte.
_MENU = {
    "nl": Written("Nederlands"),
    "en": Written("English"),
    "pl": Written("Polski"),
    "tr": Written("Türkçe"),
    "uk": Written("Українська"),
    "ar": Written("العربية", "rtl"),
    "fa": Written("فارسی", "rtl"),
    "ti": Written("ትግርኛ"),
}
MENU_ORDER = tuple(_MENU)

EVERYTHING = "all"
_KEYS = {"by", "on", "what"}


class ReviewFileError(Exception):
    """A review.toml that says something else than docs/languages.md asks for; the text names file and reason."""


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody who reads both languages read the texts: who, when, and what (`all`, or which part in words)."""

    by: str
    on: date
    what: str


def in_menu_order(languages: Iterable[str]) -> tuple[str, ...]:
    """Each of these once, in the order in which every menu names them."""
    return tuple(sorted(set(languages), key=lambda code: (_PLACES.get(code, len(_PLACES)), code)))


def written(language: str) -> Written:
    """The name of a language in that language, with a capital, and its direction."""
    return _MENU.get(language) or in_cldr(language)


@lru_cache(maxsize=256)
def in_cldr(language: str) -> Written:
    """The same by Unicode's own tables."""
    locale = Locale.parse(language)
    name = locale.get_display_name(language) or language
    direction = "rtl" if locale.character_order == "right-to-left" else "ltr"
    return Written(name[0].upper() + name[1:], direction)


def installed_languages() -> tuple[str, ...]:
    """Dutch, the source, and every language with a compiled catalogue in `translations/`, in the menu's order."""
    folders = resources.folder("translations").glob("*/LC_MESSAGES/messages.mo")
    return in_menu_order([SOURCE_LANGUAGE, *(path.parent.parent.name for path in folders)])


def reviews_of(language: str, folder: Path | None = None) -> tuple[Review, ...]:
    """What `translations/<language>/review.toml` says; `folder` stands for `translations/`.

    None for an empty file: nobody has read these texts. Raises ReviewFileError when there is no such file, or when it
    says something else.
    """
    path = (folder or resources.folder("translations")) / language / "review.toml"
    name = f"{language}/review.toml"
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReviewFileError(f"{name}: cannot be read ({error.__class__.__name__})") from error
    found = read.pop("review", [])
    if read or not isinstance(found, list):
        raise ReviewFileError(f"{name}: only [[review]] tables can stand here")
    return tuple(_review(name, one) for one in found)


def is_reviewed(language: str) -> bool:
    """Whether somebody read all texts of this language; Dutch is the source. Raises ReviewFileError."""
    return language == SOURCE_LANGUAGE or any(review.what == EVERYTHING for review in reviews_of(language))


def _review(name: str, given: object) -> Review:
    if not isinstance(given, dict) or set(given) != _KEYS:
        raise ReviewFileError(f"{name}: every [[review]] has `by`, `on` and `what`")
    by, on, what = given["by"], given["on"], given["what"]
    if not all(isinstance(text, str) and text.strip() for text in (by, what)):
        raise ReviewFileError(f"{name}: `by` and `what` are words")
    if not isinstance(on, date) or isinstance(on, datetime):
        raise ReviewFileError(f"{name}: `on` is a day without quotation marks, for example 2027-01-15")
    return Review(by, on, what)


_PLACES = {code: place for place, code in enumerate(MENU_ORDER)}
