"""The figures are those of Flesch and Douma, over whole sentences."""

from __future__ import annotations

import pytest

from tests.language.passages import Sentence, split
from tests.language.readability import Measured, measured


def _of(lang: str, text: str) -> Measured:
    return measured(lang, split(text))


def test_a_dutch_text_has_the_score_of_flesch_and_douma() -> None:
    # Bel uw ge-meen-te. Dan hoort u wat kan.
    figures = _of("nl", "Bel uw gemeente. Dan hoort u wat kan.")
    assert (figures.words, figures.syllables, figures.sentences) == (8, 10, 2)
    assert figures.score == pytest.approx(206.84 - 0.77 * 125 - 0.93 * 4)


def test_an_english_text_has_the_score_of_flesch() -> None:
    # You can al-ways call. Some-bod-y an-swers.
    figures = _of("en", "You can always call. Somebody answers.")
    assert (figures.words, figures.syllables, figures.sentences) == (6, 10, 2)
    assert figures.score == pytest.approx(206.835 - 84.6 * 10 / 6 - 1.015 * 3)


def test_longer_words_and_longer_sentences_are_harder() -> None:
    easy = _of("nl", "Wij helpen u. Bel ons.").score
    assert _of("nl", "Wij ondersteunen u. Bel ons.").score < easy
    assert _of("nl", "Wij helpen u en bel ons.").score < easy


def test_labels_make_no_text_easier_but_a_long_one_is_seen() -> None:
    text = [*split("Bel uw gemeente."), *split("Ja"), *split("Een heel lang kopje boven een veld")]
    figures = measured("nl", text)
    assert figures.score == _of("nl", "Bel uw gemeente.").score
    assert figures.longest == Sentence("Een heel lang kopje boven een veld", is_whole=False)


def test_a_term_weighs_as_the_words_around_it() -> None:
    with_term, without = _of("en", "Your municipality can help."), _of("en", "Your town hall can help.")
    assert with_term.words_per_sentence == 4
    assert with_term.score > without.score


def test_a_page_without_a_whole_sentence_is_no_fault() -> None:
    figures = measured("nl", [])
    assert (figures.score, figures.words_per_sentence, figures.longest) == (100.0, 0.0, None)
    assert not figures.is_a_sample
