"""Of a page all is read that somebody reads or hears, sentence by sentence, and nothing else."""

from __future__ import annotations

from tests.language.passages import Sentence, sentences_of, split

_PAGE = """<!DOCTYPE html><html lang="nl" dir="ltr"><head><title>Titel.</title></head><body><header>Kop.</header>
<main id="inhoud">{main}</main><footer>Voet.</footer></body></html>"""


def _said(main: str) -> list[str]:
    return [sentence.text for sentence in sentences_of(_PAGE.format(main=main))]


def test_only_main_is_read() -> None:
    assert _said("<p>Hier staat het.</p>") == ["Hier staat het."]


def test_each_block_is_a_sentence_of_its_own() -> None:
    main = "<h1>Wat nu</h1><ul><li>Bel ons</li><li>Wacht <b>even</b> af</li></ul><label>Naam<br>Voornaam</label>"
    assert _said(main) == ["Wat nu", "Bel ons", "Wacht even af", "Naam", "Voornaam"]


def test_what_nobody_sees_or_hears_is_left_out() -> None:
    main = (
        "<p>Ja<span aria-hidden='true'> Nee <b>nooit</b></span>. <svg><text>Weg</text></svg></p><p hidden>Weg.</p>"
        "<select><option>Aa en Hunze</option></select><script>weg()</script><p class='hidden'>Alleen gehoord.</p>"
    )
    assert _said(main) == ["Ja.", "Alleen gehoord."]


def test_another_language_is_left_out_and_the_own_one_in_it_read() -> None:
    main = '<p lang="en">Away. <b lang="nl">Wel dit.</b></p><p>En dit: <a lang="en">English</a>.</p>'
    assert _said(main) == ["Wel dit.", "En dit: ."]


def test_a_paragraph_is_split_where_a_sentence_ends() -> None:
    text = "Bel vóór 17.00 uur (gratis). ‘Wilt u wachten?’ Ja! 3 dagen … Bijv. een brief aan naam@voorbeeld.nl."
    assert [sentence.text for sentence in split(text)] == [
        "Bel vóór 17.00 uur (gratis).",
        "‘Wilt u wachten?’",
        "Ja!",
        "3 dagen …",
        "Bijv. een brief aan naam@voorbeeld.nl.",
    ]


def test_a_whole_sentence_is_told_from_a_label() -> None:
    assert [sentence.is_whole for sentence in split("Klaar")] == [False]
    assert [sentence.is_whole for sentence in split("Is het klaar?’")] == [True]


def test_numbers_codes_and_addresses_of_the_internet_are_no_words() -> None:
    sentence = Sentence("Zo’n e-mail (P-2ZF1-R128) gaat, op 3 december, naar zoe@example.nl of www.example.nl!", True)
    assert sentence.words == ["Zo’n", "e-mail", "gaat", "op", "december", "naar", "of"]
    assert list(split("14 020")) == []
