"""The proof as a PDF: read back by another library, in every language, whatever was typed."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops
from pypdf import PdfReader

from citizen_portal.acknowledgement.document import Both, ProofDocument, Row, Section
from citizen_portal.acknowledgement.pdf import PdfFailed, to_pdf
from tests.support.proofs import (
    CHECK_URL,
    CREATED,
    OWN_WORDS,
    RIGHT_TO_LEFT,
    codes_in,
    pictures,
    proof,
    shown_inside,
    structure,
    text_of,
)

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
HOSTILE = [
    "#sys.inputs",
    "#panic()",
    '#read("proof.typ")',
    "$x^2$ *vet* _schuin_ `code` = kop - lijst + lijst / term: uitleg",
    '\\ \\u{41} " \' " \\"',
    "//commentaar /* */ <label> @verwijzing ~ -- --- ...",
    '{"dutch": null}]}',
    "=HYPERLINK(1)",
    "<script>alert(1)</script> %PDF-1.7 endobj",
]
# Marks of all kinds, halves of pairs, invisible ones: more of them than chance would bring.
NASTY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.integers(0xD800, 0xDFFF).map(chr),
        st.sampled_from(
            "\0\t\n\r\x1b\x7f\u061c\u0301\u064b\u093f\u200b\u200c\u200d\u200e\u202e\u2028\u2067\u2069\ufe0f\ufeff"
        ),
        st.sampled_from("aéЖعمبלአह🙂中\U000e0041\U0010ffff"),
    ),
    max_size=500,
)


def same_order(text: str, *parts: str) -> bool:
    """Whether `parts` stand in `text` one after the other."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def test_it_says_that_it_is_accessible_and_in_which_language() -> None:
    reader = PdfReader(io.BytesIO(to_pdf(proof("Anna"))))
    root: Any = reader.root_object
    assert root["/Lang"] == "nl-NL"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Bewijs van uw vraag om hulp"
    assert reader.xmp_metadata is not None
    (part,) = reader.xmp_metadata.rdf_root.getElementsByTagNameNS("http://www.aiim.org/pdfua/ns/id/", "part")
    assert part.firstChild is not None
    assert part.firstChild.nodeValue == "1"


def test_it_names_nobody_in_its_metadata() -> None:
    reader = PdfReader(io.BytesIO(to_pdf(proof("Anna de Vries"))))
    assert reader.metadata is not None
    assert reader.xmp_metadata is not None
    assert "Anna" not in f"{reader.metadata} {reader.xmp_metadata.rdf_root.toxml()}"
    assert reader.metadata.author is None


def test_headings_lists_link_and_picture_are_tagged() -> None:
    elements = structure(to_pdf(proof("Anna", "Bram")))
    assert [(one.tag, one.title) for one in elements if one.tag.startswith("H")] == [
        ("H1", "Bewijs van uw vraag om hulp"),
        ("H2", "Uw aanvraag"),
        ("H2", "Dit is verstuurd"),
        ("H2", "Wat gebeurt er nu?"),
    ]
    tags = [one.tag for one in elements]
    assert tags.count("L") == 2
    assert tags.count("LI") == 4
    assert "Link" in tags
    assert [one.other_text for one in elements if one.tag == "Figure"] == [f"QR: {CHECK_URL}"]


def test_all_that_is_drawn_is_tagged_or_decoration() -> None:
    inside = list(shown_inside(to_pdf(proof(*["Anna"] * 60))))
    assert all(inside), "text without a place in the structure"
    assert any("Artifact" in around for around in inside), "the foot of the page is read out as text"
    assert not all("Artifact" in around for around in inside)


def test_text_comes_in_the_order_in_which_it_is_read() -> None:
    text = text_of(to_pdf(proof("Anna de Vries", "Kerkstraat 12 A")))
    assert same_order(
        text,
        "Bewijs van uw vraag om hulp",
        "Op 3 maart 2026",
        "Kenmerk PK-7Q4M-2XKD",
        "Gemeente Amsterdam",
        "Scan de code.",
        "7Q4M-2XKD-9RTV-0HJK",
        CHECK_URL,
        "Naam Anna de Vries",
        "Naam Kerkstraat 12 A",
        "De gemeente praat met u.",
        "Bewaar dit.",
        "Pagina 1 / 1",
    )


@pytest.mark.parametrize("language", sorted(set(OWN_WORDS) - {"nl"}))
def test_the_other_language_stands_beside_the_dutch_and_is_marked_as_such(language: str) -> None:
    pdf = to_pdf(proof("Anna", language=language))
    headings = [(one.tag, one.language) for one in structure(pdf) if one.tag.startswith("H")]
    assert headings == [(tag, lang) for tag in ("H1", "H2", "H2", "H2") for lang in ("nl-NL", language)]
    text = text_of(pdf)
    assert UNKNOWN not in text
    # Words of Arabic come letter by letter in the order of reading.
    for word in OWN_WORDS[language].replace("\u200c", " ").split():
        assert word.strip("،؟:") in text, word


@pytest.mark.parametrize("language", sorted(set(OWN_WORDS) - {"nl"}))
def test_a_language_is_written_from_its_own_side(language: str) -> None:
    word = OWN_WORDS[language].split(maxsplit=1)[0]
    one, more = (
        pictures(replace(proof(language=language), lead=Both("x", own)))[0] for own in (word, f"{word} {word[0]}")
    )
    box = ImageChops.difference(one, more).getbbox()
    assert box is not None
    # The other language has the right half of the page: a short line stands at the side where it begins.
    on_the_right = box[0] > one.width * 0.7
    assert on_the_right == (language in RIGHT_TO_LEFT)
    assert box[0] > one.width * 0.5


@pytest.mark.parametrize("value", HOSTILE)
def test_what_was_typed_stands_there_and_does_nothing(value: str) -> None:
    assert value in text_of(to_pdf(proof(value)))


@settings(max_examples=60, deadline=None)
@given(value=NASTY, name=NASTY)
def test_any_text_at_all_makes_an_accessible_pdf(value: str, name: str) -> None:
    document = proof(value)
    named = replace(document, lead=Both(f"Gemeente \u2068{name}\u2069.", f"\u2068{name}\u2069"))
    assert to_pdf(named).startswith(b"%PDF-")


def test_every_character_of_unicode_makes_an_accessible_pdf() -> None:
    planes = [*range(0x30000), *range(0xE0000, 0xE0200), 0xF0000, 0x10FFFF]
    for start in range(0, len(planes), 4096):
        assert to_pdf(proof(" ".join(map(chr, planes[start : start + 4096])))).startswith(b"%PDF-")


def test_what_cannot_be_drawn_is_marked_and_the_rest_stays() -> None:
    assert f"A{UNKNOWN}B {UNKNOWN}" in text_of(to_pdf(proof("A中B \ud800")))


@pytest.mark.parametrize(
    "value", ["Wolfeschlegelsteinhausen" * 10, "W" * 200, "x" * 500, "woord " * 83, "محمد " * 100, "محمد" * 125]
)
@pytest.mark.parametrize("language", ["nl", "en", "ar"])
def test_a_very_long_value_stays_inside_the_margins(value: str, language: str) -> None:
    pages = pictures(proof(value, language=language), ppi=72)
    for page in pages:
        # 20 mm at 72 points an inch is 56 points; the last two of them are left to the edges of letters.
        margin = page.crop((page.width - 54, 0, page.width, page.height))
        assert margin.getextrema() == (255, 255)
    words = text_of(to_pdf(proof(value, language=language))).replace(" ", "")
    assert words.count(value[0]) >= value.count(value[0])


def test_a_line_end_stays_a_line_end() -> None:
    one, two = (
        [line for page in PdfReader(io.BytesIO(to_pdf(proof(value)))).pages for line in page.extract_text().split("\n")]
        for value in ("eerste tweede", "eerste\r\ntweede")
    )
    assert any("eerste tweede" in line for line in one)
    assert any(line.endswith("eerste") for line in two)
    assert "tweede" in two


def test_a_camera_reads_the_address_from_the_paper() -> None:
    assert codes_in(pictures(proof("Anna"))[0]) == [CHECK_URL]


def test_the_code_to_check_is_on_the_first_page_of_many() -> None:
    pages = pictures(proof(*["x " * 250] * 8))
    assert len(pages) > 1
    assert codes_in(pages[0]) == [CHECK_URL]


def test_every_page_says_its_number_and_the_code() -> None:
    pages = PdfReader(io.BytesIO(to_pdf(proof(*["x " * 250] * 8)))).pages
    for number, page in enumerate(pages, 1):
        assert f"Pagina {number} / {len(pages)}" in page.extract_text()
        assert "7Q4M-2XKD-9RTV-0HJK" in page.extract_text()


def test_a_code_without_groups_gets_them() -> None:
    assert "7Q4M-2XKD-9RTV-0HJK" in text_of(to_pdf(replace(proof(), check_code="7Q4M2XKD9RTV0HJK")))


def test_a_proof_without_a_code_leaves_it_out() -> None:
    assert CHECK_URL in text_of(to_pdf(replace(proof(), check_code="")))


def test_the_same_document_gives_the_same_bytes() -> None:
    document = proof("Anna", language="ar")
    assert to_pdf(document) == to_pdf(document)
    assert to_pdf(document) != to_pdf(replace(document, created=CREATED + timedelta(minutes=1)))


def test_the_date_of_the_file_is_that_of_the_document() -> None:
    metadata = PdfReader(io.BytesIO(to_pdf(proof("Anna")))).metadata
    assert metadata is not None
    assert metadata.creation_date == CREATED


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        proof(created=datetime(2026, 3, 3, 14, 5))


def test_an_address_too_long_for_a_code_is_a_failure_that_can_be_caught() -> None:
    with pytest.raises(PdfFailed):
        to_pdf(replace(proof(), check_url="https://example.nl/" + "x" * 4000))


def test_a_document_with_nothing_in_it_is_still_one() -> None:
    nothing = Both("", "")
    empty = ProofDocument(
        title=Both("Bewijs", ""),
        lead=nothing,
        sections=(Section(nothing), Section(nothing, (Row(nothing, ""),), (nothing,))),
        check=nothing,
        check_url="https://example.nl",
        check_code="",
        language="en",
        page_label=nothing,
        created=CREATED,
    )
    assert "Bewijs" in text_of(to_pdf(empty))
    assert "Bewijs" in text_of(to_pdf(replace(empty, sections=())))
