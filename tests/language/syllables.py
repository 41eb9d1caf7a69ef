"""How many syllables a word has when it is said: counted by groups of vowels, as Dutch and English group them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Count = Callable[[str], int]
"""The syllables of a word."""

_VOWEL = re.compile(r"[aeiouyáéíóúàèìòùâêîôûäëïöü]")

# Longest first: each is said in one go. What is left over are single vowels: a trema begins a syllable of its own.
_DUTCH = re.compile(
    r"(?<=q)u[aeiou]+|eau|ieuw?|eeuw|uw(?=[^aeiouy]|$)|aai|ooi|oei|ioe(?=n)|io(?=n(?:s|n?e|n?en)?$)|[aá][aá]|[eé][eé]|"
    r"[oó][oó]|uu|[iî]e|ij|ëi|ei|eu|oe|ou|au|ui|ai|oi|[aeiouyáéíóúàèìòùâêîôûäëïöü]"
)
_DUTCH_OTHERWISE = {"website": 2, "site": 1, "online": 2, "digid": 3, "toolbox": 2, "team": 1, "serviceteam": 3}

_ENGLISH = re.compile(r"[aeiouy]+")
# The e at the end that is not said, and the -ed and -es that add none.
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcg])(?<![cs]h)es$")
# Two vowels side by side that are two syllables.
_APART = re.compile(r"(?<![tscgx])i[ao]|[aeouy]ing$|ua[lt]|(?<=[^aeiouy])n['’]t$|(?<=[^g])ism$")
_ENGLISH_OTHERWISE = {
    "anywhere": 3,
    "area": 3,
    "business": 2,
    "create": 2,
    "every": 2,
    "everyone": 3,
    "everything": 3,
    "example": 3,
    "favourites": 3,
    "idea": 3,
    "maybe": 2,
    "people": 2,
    "pincode": 2,
    "quiet": 2,
    "reference": 3,
    "safely": 2,
    "somebody": 3,
    "someone": 2,
    "something": 2,
    "sometimes": 2,
    "somewhere": 2,
    "therefore": 2,
    "useful": 2,
    "whether": 2,
}


def dutch(word: str) -> int:
    """The syllables of a Dutch word, at least 1. Letters that are named one by one (BSN, sms) count one each."""
    return _counted(word, _DUTCH_OTHERWISE, lambda lower: len(_DUTCH.findall(lower)))


def english(word: str) -> int:
    """The syllables of an English word, at least 1. Letters that are named one by one (PIN is not) count one each."""
    return _counted(word, _ENGLISH_OTHERWISE, _english)


def _english(lower: str) -> int:
    spoken = re.sub(r"['’]s$", "", lower)
    return len(_ENGLISH.findall(spoken)) - len(_SILENT.findall(spoken)) + len(_APART.findall(spoken))


def _counted(word: str, otherwise: Mapping[str, int], count: Count) -> int:
    """Of each part between hyphens, together."""
    total = 0
    for part in filter(None, re.split(r"[-–]", word)):
        lower = part.lower()
        letters = re.sub(r"\W", "", lower)
        if not _VOWEL.search(lower):
            total += len(letters)
        else:
            total += otherwise.get(lower) or max(1, count(lower))
    return max(1, total)
