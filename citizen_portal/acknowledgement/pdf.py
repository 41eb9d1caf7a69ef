"""A proof as a tagged PDF (PDF/UA-1, ISO 14289-1), set by typst with the fonts of `fonts/` and no others.

What anybody entered goes to `templates/acknowledgement/proof.typ` as JSON in a system input: data, never markup.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from citizen_portal import resources
from citizen_portal.acknowledgement.characters import LEFT_TO_RIGHT, RIGHT_TO_LEFT, direction, drawable, pieces
from citizen_portal.acknowledgement.document import Both, ProofDocument, Section
from citizen_portal.acknowledgement.qr import qr_svg

if TYPE_CHECKING:
    import typst

_GROUP = 4

# Primary language tags that are written from right to left (CLDR, character order).
WRITTEN_FROM_THE_RIGHT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


class PdfFailed(Exception):
    """The document could not be set. Says the typesetter's reason, which may quote the document: not for a log."""


def to_pdf(document: ProofDocument) -> bytes:
    """`document` as PDF/UA-1: tagged, Dutch, the other language marked as such. The same document, the same bytes.

    A character that no font has is U+FFFD. typst is imported here, when the first proof is asked for. Raises PdfFailed.
    """
    import typst  # noqa: PLC0415 - a process that never makes a proof never loads it

    try:
        made = typeset(document).compile(
            format="pdf", pdf_standards="ua-1", timestamp=int(document.created.timestamp())
        )
    except (typst.TypstError, ValueError, OSError) as error:
        raise PdfFailed(str(error)) from error
    if not isinstance(made, bytes):
        raise PdfFailed("no file was made")
    return made


def typeset(document: ProofDocument) -> typst.Compiler:
    """A compiler that has `document` before it: for a PDF, or for pictures of its pages.

    Each has its own: a compiler cannot be used by two threads at once. The fonts are shared. Raises ValueError when
    the address to check is longer than a QR code can hold.
    """
    import typst  # noqa: PLC0415

    folder = resources.folder("templates") / "acknowledgement"
    return typst.Compiler(
        input=folder / "proof.typ",
        root=folder,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"proof": json.dumps(_data(document))},
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[resources.folder("fonts")])


def _data(document: ProofDocument) -> dict[str, Any]:
    """What the template reads. Texts are lists of pieces between which a line may end."""
    primary = document.language.lower().replace("_", "-").split("-")[0]
    return {
        "title": _both(document.title),
        # The title of the file is one string.
        "file_title": drawable(document.title.dutch).replace("\n", " ").strip(),
        "lead": _both(document.lead),
        "sections": [_section(section) for section in document.sections],
        "check": _both(document.check),
        "check_url": drawable(document.check_url),
        "check_url_pieces": pieces(drawable(document.check_url)),
        "check_code": _grouped(drawable(document.check_code)),
        "qr": qr_svg(document.check_url),
        "language": primary,
        "direction": RIGHT_TO_LEFT if primary in WRITTEN_FROM_THE_RIGHT else LEFT_TO_RIGHT,
        "page": _both(document.page_label),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": _both(section.title),
        "rows": [
            {
                "label": _both(row.label),
                "lines": [
                    {"text": pieces(line), "direction": direction(line)} for line in drawable(row.value).split("\n")
                ],
            }
            for row in section.rows
        ],
        "paragraphs": [_both(paragraph) for paragraph in section.paragraphs],
    }


def _both(text: Both) -> dict[str, list[str] | None]:
    dutch, own = drawable(text.dutch).strip(), drawable(text.own or "").strip()
    return {"dutch": pieces(dutch), "own": pieces(own) if own else None}


def _grouped(code: str) -> str:
    """`code` in groups of four, unless it comes in groups."""
    if not code.isalnum():
        return code
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
