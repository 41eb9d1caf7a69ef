"""A proof to try things with, and what another program reads from the PDF and from pictures of its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ContentStream

from citizen_portal.acknowledgement.document import Both, ProofDocument, Row, Section
from citizen_portal.acknowledgement.pdf import typeset

CHECK_URL = "https://pauzeknop.example.nl/nl/proof/7Q4M-2XKD-9RTV-0HJK"
CREATED = datetime(2026, 3, 3, 13, 5, tzinfo=UTC)

# The languages of the portal, each with words that hold its own letters.
OWN_WORDS = {
    "nl": "Coördinatie geïnd, reünie, één, à, ĳ",
    "en": "Proof of your request for help",
    "ar": "إثبات طلبك للمساعدة، ما الذي يحدث بعد ذلك؟",
    "fa": "گواهی درخواست کمک: چه می\u200cشود؟ پژوهش، ژاله، گچ",
    "ti": "መረጋገጺ ሕቶ ሓገዝ፦ ቀጺሉ እንታይ ይኸውን። ቖ ቐ ኸ ጸ",
    "tr": "Yardım başvurunuzun kanıtı: İstanbul, ığüşöç ĞÜŞÖÇ",
    "pl": "Potwierdzenie prośby o pomoc: zażółć gęślą jaźń ŻÓŁĆ",
    "uk": "Підтвердження прохання про допомогу: ґанок, їжа, є, ЄҐЇ",
}
RIGHT_TO_LEFT = {"ar", "fa"}


def proof(*values: str, language: str = "nl", created: datetime = CREATED) -> ProofDocument:
    """A short proof with `values` as what was entered; the other language says everything with its own words."""

    def both(dutch: str) -> Both:
        return Both(dutch, None if language == "nl" else OWN_WORDS[language])

    return ProofDocument(
        title=both("Bewijs van uw vraag om hulp"),
        lead=both("Op 3 maart 2026 is hulp gevraagd bij gemeente Amsterdam."),
        sections=(
            Section(both("Uw aanvraag"), (Row(both("Kenmerk"), "PK-7Q4M-2XKD"), Row(both("Gemeente"), "Amsterdam"))),
            Section(both("Dit is verstuurd"), tuple(Row(both("Naam"), value) for value in values)),
            Section(both("Wat gebeurt er nu?"), paragraphs=(both("De gemeente praat met u."), both("Bewaar dit."))),
        ),
        check=both("Is dit bewijs echt? Scan de code."),
        check_url=CHECK_URL,
        check_code="7Q4M-2XKD-9RTV-0HJK",
        language=language,
        page_label=Both("Pagina", "صفحة" if language in RIGHT_TO_LEFT else None),
        created=created,
    )


def text_of(pdf: bytes) -> str:
    """The text of all pages, in the order in which the file has it, white space as one space."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@dataclass(frozen=True)
class Tagged:
    """One element of the structure tree: its tag, its language (its own or that around it), title, other text."""

    tag: str
    language: str | None
    title: str | None
    other_text: str | None


def structure(pdf: bytes) -> list[Tagged]:
    """The structure tree, in reading order."""
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    return list(_elements(root["/StructTreeRoot"]["/K"], str(root["/Lang"])))


def _elements(node: Any, language: str) -> Iterator[Tagged]:
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from _elements(one, language)
    elif isinstance(node, dict):
        language = str(node.get("/Lang", language))
        if "/S" in node:
            title, other = (str(node[key]) if key in node else None for key in ("/T", "/Alt"))
            yield Tagged(str(node["/S"])[1:], language, title, other)
        if "/K" in node:
            yield from _elements(node["/K"], language)


def shown_inside(pdf: bytes) -> Iterator[tuple[str, ...]]:
    """For each piece of text that is drawn: the marked content that it stands in, outermost first."""
    reader = PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        around: list[str] = []
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"BDC", b"BMC"}:
                around.append(str(operands[0])[1:])
            elif operator == b"EMC":
                around.pop()
            elif operator in {b"Tj", b"TJ"}:
                yield tuple(around)


def pictures(document: ProofDocument, *, ppi: int = 144) -> list[Image.Image]:
    """Each page as a picture."""
    made: Any = typeset(document).compile(format="png", ppi=ppi)
    return [picture(page) for page in (made if isinstance(made, list) else [made])]


def picture(png: bytes) -> Image.Image:
    """A PNG as grey values."""
    return Image.open(io.BytesIO(png)).convert("L")


def codes_in(image: Image.Image) -> list[str]:
    """What the bar codes in a picture say."""
    return [found.text for found in zxingcpp.read_barcodes(image)]
