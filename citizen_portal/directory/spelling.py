"""What residents type for a municipality, and how well that fits one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# No name is longer; what is typed beyond it cannot help, and only costs.
_MOST_SEARCH_CHARACTERS = 80
_MOST_SHOWN_CHARACTERS = 100
# One or two letters stand somewhere inside nearly every name: they only count at the start of a word.
_FEWEST_LETTERS_INSIDE = 3


@dataclass(frozen=True, slots=True)
class Spellings:
    """A municipality's names as they look once everything is dropped that does not count."""

    names: tuple[str, ...]
    from_words: tuple[str, ...]

    @classmethod
    def of(cls, name: str, province: str, others: Iterable[str] = ()) -> Spellings:
        """Of a municipality called `name` in `province`, and known by `others` too."""
        # CBS tells namesakes apart as "Bergen (L.)": residents type "Bergen", or "Bergen Limburg".
        bare = re.sub(r" \(.*\)$", "", name)
        spellings = tuple(dict.fromkeys([bare, name, *others]))
        from_words = [tail for spelling in spellings for tail in _from_each_word(spelling)]
        return cls(
            tuple(fold(spelling).replace(" ", "") for spelling in spellings),
            (*from_words, fold(f"{bare} {province}").replace(" ", "")),
        )

    def rank(self, typed: str) -> int | None:
        """How well `typed` (of `as_typed`) fits: 0 is best, None not at all."""
        if typed in self.names:
            return 0
        if any(name.startswith(typed) for name in self.names):
            return 1
        if any(tail.startswith(typed) for tail in self.from_words):
            return 2
        if len(typed) >= _FEWEST_LETTERS_INSIDE and any(typed in name for name in self.names):
            return 3
        return None


def fold(text: str) -> str:
    """`text` as words of plain small letters and digits with one space between: accents and signs are gone."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = (sign if sign.isalnum() else " " for sign in decomposed if not unicodedata.combining(sign))
    return " ".join("".join(letters).split())


def as_typed(text: str) -> str:
    """What counts of a search: folded, without spaces and without a leading "gemeente"; cut where names end."""
    words = fold(text.strip()[:_MOST_SEARCH_CHARACTERS])
    return words.removeprefix("gemeente ").replace(" ", "")[:_MOST_SEARCH_CHARACTERS]


def to_show_again(text: str) -> str:
    """What was typed into a search, on its way back into the page: cut, and without what no page may hold."""
    return "".join(sign for sign in text[:_MOST_SHOWN_CHARACTERS] if sign.isprintable()).strip()


def reading_order(name: str) -> str:
    """Sorts names as a Dutch reader looks for them: 's-Hertogenbosch stands under H."""
    return fold(name.removeprefix("'s-"))


def _from_each_word(name: str) -> Iterator[str]:
    words = fold(name).split()
    return ("".join(words[first:]) for first in range(len(words)))
