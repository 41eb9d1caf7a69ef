"""Text from anybody, made fit for paper: only characters that can be drawn, in lines that can be broken."""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from citizen_portal import resources

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that cannot be shown, so that nobody takes what is left for the whole."""

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "ltr", "rtl"

# Longer words than this may not fit in a column: they may be broken after every so many characters.
_LONGEST_WORD = 26
_PIECE = 8

# One letter carries as many marks as any living language needs; a tower of them would cover the lines above.
_MOST_MARKS = 4

_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Overrides and embeddings can make a text look like another one. Isolates keep a name apart and cannot.
_DECEIVING = re.compile("[\u202a-\u202e]")
# What nobody sees in any script (Default_Ignorable_Code_Point) but would be copied along with the text.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_ISOLATES = "\u2066\u2067\u2068\u2069"
_JOINERS = "\u200c\u200d"
_MARKS_OF_DIRECTION = "\u061c\u200e\u200f"
_INVISIBLE = frozenset(_ISOLATES + _JOINERS + _MARKS_OF_DIRECTION)


def plain(text: str) -> str:
    """`text` without control characters, halves of surrogate pairs (they are U+FFFD) and overrides of direction.

    Every kind of line end is a line feed, a tab is a space. What is returned can always be encoded.
    """
    lines = _LINE_ENDS.sub("\n", text.replace("\t", " "))
    return "".join(_plain_characters(_DECEIVING.sub("", lines)))


def _plain_characters(text: str) -> Iterator[str]:
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            yield UNKNOWN
        elif category != "Cc" or character == "\n":
            yield character


def drawable(text: str) -> str:
    """`plain(text)` with U+FFFD for each character that none of the fonts in `fonts/` can draw.

    A letter and its marks are drawn by one font; a mark that this font has not is left out, and so is what nobody sees.
    """
    return "".join(map(_drawable_letter, _letters(_UNSEEN.sub("", plain(text)))))


def _letters(text: str) -> Iterator[str]:
    """Each character with the marks that stand on it and the invisible ones behind it."""
    letter = ""
    for character in text:
        belongs = character in _INVISIBLE or unicodedata.category(character)[0] == "M"
        if letter and not belongs:
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter


def _drawable_letter(letter: str) -> str:
    base, marks = letter[0], letter[1:]
    if base == "\n":
        return base
    if unicodedata.category(base) == "Zs":
        base = base if base == "\N{NO-BREAK SPACE}" else " "
    able = [family for family in coverage() if _has(family, base)]
    if not able:
        return UNKNOWN
    drawn = [mark for mark in marks if mark not in _INVISIBLE]
    best = max(able, key=lambda family: sum(_has(family, mark) for mark in drawn))
    left = _MOST_MARKS
    kept = base
    for mark in marks:
        if mark in _INVISIBLE:
            kept += mark
        elif left and _has(best, mark):
            kept += mark
            left -= 1
    return kept


def _has(family: tuple[int, ...], character: str) -> bool:
    # An odd number of bounds below it: inside a stretch.
    return character in _INVISIBLE or bisect_right(family, ord(character)) % 2 == 1


@lru_cache(maxsize=1)
def coverage() -> tuple[tuple[int, ...], ...]:
    """For each font family the bounds of what it has: first, one past the last, first, ... (code points)."""
    families = json.loads((resources.folder("fonts") / "coverage.json").read_bytes())
    return tuple(
        tuple(chain.from_iterable((first, last + 1) for first, last in stretches)) for stretches in families.values()
    )


def pieces(text: str) -> list[str]:
    """`text` cut where a line may end although nothing in it says so: inside words too long for a column.

    Joined again it is the same text. A line feed is a piece of its own.
    """
    found: list[str] = [""]
    for word in re.split(r"(\n|[^\S\n]+)", text):
        if word == "\n":
            found += [word, ""]
        elif len(word) <= _LONGEST_WORD:
            found[-1] += word
        else:
            letters = list(_letters(word))
            cut = ["".join(letters[start : start + _PIECE]) for start in range(0, len(letters), _PIECE)]
            found[-1] += cut[0]
            found += cut[1:]
    return [piece for piece in found if piece]


def direction(text: str) -> str:
    """Where `text` begins, by its first letter that has a direction (UAX 9, P2 and P3); `ltr` when none has."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return LEFT_TO_RIGHT if kind == "L" else RIGHT_TO_LEFT
    return LEFT_TO_RIGHT
