"""How hard a text is to read: the length of its sentences, and the score of Flesch in the language that it is in.

Dutch: W. H. Douma, "De leesbaarheid van landbouwbladen" (Wageningen, 1960): 206.84 - 0.77 times the syllables per 100
words - 0.93 times the words per sentence. English: R. Flesch, "A new readability yardstick", Journal of Applied
Psychology 32 (1948): 206.835 - 84.6 times the syllables per word - 1.015 times the words per sentence.

Both authors read a score alike: 90 to 100 very easy, 80 to 90 easy, 70 to 80 fairly easy (the last years of primary
school), 60 to 70 standard, below that ever more difficult. No standard ties the scores to the levels of the CEFR; one
who tried (englishexpert.de, "Readability", 2025) puts B1 at 70 to 80, and B2 at 60 to 70. A score says nothing of
sense: it only shows where words or sentences grow long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.language import syllables
from tests.language.passages import Sentence

SAMPLE_WORDS = 100
"""Flesch and Douma count in samples of 100 words. In a shorter text one long word decides."""

# A page about municipalities cannot do without the word, and its readers learn it first of all.
_TERMS = {"municipality", "municipalities"}


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one text: how many `words`, `syllables` and `sentences`, in whole sentences only: labels make none easier.

    `longest` has most words of all that was read, whole or not; None when nothing was.
    """

    lang: str
    words: int
    syllables: int
    sentences: int
    longest: Sentence | None

    @property
    def words_per_sentence(self) -> float:
        """0 when there is no whole sentence."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def score(self) -> float:
        """Reading ease: about 0 (very hard) to 100 (very easy), above it for very short words. 100 without words."""
        if not self.words:
            return 100.0
        per_word = self.syllables / self.words
        if self.lang == "nl":
            return 206.84 - 77 * per_word - 0.93 * self.words_per_sentence
        return 206.835 - 84.6 * per_word - 1.015 * self.words_per_sentence

    @property
    def is_a_sample(self) -> bool:
        """Long enough for its score to say something."""
        return self.words >= SAMPLE_WORDS


_COUNTED_BY: dict[str, syllables.Count] = {"nl": syllables.dutch, "en": syllables.english}
LANGUAGES = tuple(_COUNTED_BY)
"""The languages that can be measured."""


def measured(lang: str, sentences: Iterable[Sentence]) -> Measured:
    """The figures of a text in one of `LANGUAGES`, else KeyError."""
    count = _COUNTED_BY[lang]
    read = list(sentences)
    whole = [sentence.words for sentence in read if sentence.is_whole]
    plain = [word for words in whole for word in words]
    # A term weighs in the length of its sentence; its syllables are those of the other words on the average.
    others = [word for word in plain if word.lower() not in _TERMS]
    counted = sum(map(count, others))
    return Measured(
        lang,
        words=len(plain),
        syllables=round(counted * len(plain) / len(others)) if others else len(plain),
        sentences=len(whole),
        longest=max(read, key=lambda sentence: len(sentence.words), default=None),
    )
