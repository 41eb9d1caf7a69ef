"""Which languages there are: a folder in `translations/` each, its place in the menu, and who has read its texts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from citizen_portal import resources

SOURCE_LANGUAGE = "nl"

# Dutch and English first, then by their own names and scripts. A language that is not named here comes last.
MENU_ORDER = ("nl", "en", "pl", "tr", "uk", "ar", "fa", "ti")

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
