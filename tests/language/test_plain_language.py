"""Residents can read what we write: every page in Dutch and English is measured as it was sent.

Half of the people in debt help have trouble with written language. So: short sentences, spoken words, no words of
offices. What each page scores is printed at the end of the tests' output.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from babel.messages.pofile import read_po

from tests.browser.states.catalogue import ROOT, Catalogue
from tests.language import report
from tests.language.officialese import officialese_in
from tests.language.passages import Sentence, sentences_of, split
from tests.language.readability import LANGUAGES, Measured, measured

MOST_WORDS_ON_AVERAGE = 12
"""In the whole sentences of any page. Plain language asks for 15 at most; what is read under stress, for less."""
MOST_WORDS = 20
"""In any one sentence."""
LEAST_SCORE = 70
"""Fairly easy, as both authors say; about B1 (readability.py has the sources)."""

_TAG = re.compile(r"<[^>]+>")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@dataclass(frozen=True, slots=True)
class Read:
    """One state of a page, and what it says."""

    kind: str
    sentences: tuple[Sentence, ...]
    figures: Measured


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    language: str = request.param
    return language


@pytest.fixture(scope="module")
def pages(lang: str, catalogue: Catalogue) -> dict[str, Read]:
    """Every state of every page in this language, by name."""
    read: dict[str, Read] = {}
    for name, seen in catalogue.pages.items():
        if seen.lang == lang:
            sentences = tuple(sentences_of(seen.html))
            read[name] = Read(seen.state.kind, sentences, measured(lang, sentences))
    return read


def test_every_page_is_easy_enough(
    lang: str, pages: dict[str, Read], record_property: Callable[[str, object], None]
) -> None:
    """A page too short for a score of its own is read together with the others of its language that are."""
    figures = {name: (page.kind, page.figures) for name, page in pages.items()}
    record_property(report.PROPERTY, "\n".join(report.lines(figures)))
    scores = {name: page.figures.score for name, page in pages.items() if page.figures.is_a_sample}
    assert len(scores) > 50
    assert {name: score for name, score in scores.items() if score < LEAST_SCORE} == {}
    short = {sentence for page in pages.values() if not page.figures.is_a_sample for sentence in page.sentences}
    assert measured(lang, short).score >= LEAST_SCORE


def test_the_sentences_of_every_page_are_short(pages: dict[str, Read]) -> None:
    means = {name: page.figures.words_per_sentence for name, page in pages.items()}
    assert {name: mean for name, mean in means.items() if mean > MOST_WORDS_ON_AVERAGE} == {}
    assert _long_ones(sentence for page in pages.values() for sentence in page.sentences) == []


def test_no_page_speaks_like_an_office(lang: str, pages: dict[str, Read]) -> None:
    said = {sentence.text for page in pages.values() for sentence in page.sentences}
    assert {text: words for text in said if (words := officialese_in(lang, text))} == {}


def test_what_is_on_no_page_is_as_plain(lang: str) -> None:
    """Messages, the proof, the calendar, and what only a rare mistake says."""
    sentences = [sentence for text in _texts(lang) for sentence in split(text)]
    assert len(sentences) > 500
    assert _long_ones(sentences) == []
    assert [sentence.text for sentence in sentences if officialese_in(lang, sentence.text)] == []


def _long_ones(sentences: Iterable[Sentence]) -> list[str]:
    return sorted({sentence.text for sentence in sentences if len(sentence.words) > MOST_WORDS})


def _texts(lang: str) -> Iterator[str]:
    """What is translated, as it stands in the catalogue of English beside its source. A placeholder is one word."""
    with (ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file, locale="en"):
            form = message.id if lang == "nl" else message.string
            for text in (form,) if isinstance(form, str) else form:
                yield _PLACEHOLDER.sub("X", _TAG.sub("", text))
