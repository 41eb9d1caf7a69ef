"""What residents print for the door or the fridge fits on one sheet."""

from __future__ import annotations

from io import BytesIO

import pytest
from playwright.sync_api import PdfMargins
from pypdf import PdfReader

from citizen_portal.web.information import SITUATIONS
from tests.browser.states.gallery import Gallery

pytestmark = pytest.mark.browser

_MARGINS: PdfMargins = {"top": "1.5cm", "right": "1.5cm", "bottom": "1.5cm", "left": "1.5cm"}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_to_do_fits_on_one_sheet_of_paper(situation: str, shown: Gallery) -> None:
    shown.show(f"nl-what-if-{situation}")
    sheets = PdfReader(BytesIO(shown.page.pdf(format="A4", margin=_MARGINS))).pages
    words = " ".join(sheets[0].extract_text().split())
    assert len(sheets) == 1
    # The last words of the page, and nothing that only a screen needs.
    assert "Of laat iemand u helpen." in words and "Print deze pagina" not in words and "Snel weg" not in words


def test_the_first_sheet_of_the_status_page_has_what_counts(shown: Gallery) -> None:
    """What a library's printer gives: how it stands, and the reference, without what can only be pressed."""
    shown.show("nl-status-called-when-overdue")
    sheets = PdfReader(BytesIO(shown.page.pdf(format="A4", margin=_MARGINS))).pages
    first = " ".join(sheets[0].extract_text().split())
    assert "Er is nog niets gepauzeerd" in first and "Uw kenmerk" in first and "Aan de telefoon" in first
    words = " ".join(" ".join(sheet.extract_text().split()) for sheet in sheets)
    assert "Wat kunt u nu doen?" in words
    for pressed in ("Het is dringend geworden", "Toch nog niet gebeld", "Bewaar deze pagina", "Stoppen met uw vraag"):
        assert pressed not in words
