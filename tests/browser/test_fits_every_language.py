"""What has to fit fits in every language that is offered, the longest words included."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, PdfMargins
from pypdf import PdfReader

from citizen_portal.resources import folder
from tests.browser.visit import PHONE
from tests.support.proofs import codes_in

pytestmark = pytest.mark.browser

LANGUAGES = sorted({"nl", *(path.name for path in folder("translations").iterdir() if path.is_dir())})
STARTS = ("", "?gemeente=GM0363", "?gemeente=GM0518", "?gemeente=GM0599", "?helper=1", "?helper=1&gemeente=GM0518")
_MARGINS: PdfMargins = {"top": "1.5cm", "right": "1.5cm", "bottom": "1.5cm", "left": "1.5cm"}


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[Page]:
    """A small phone."""
    context = chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, is_mobile=True, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_button_shows_without_scrolling(lang: str, phone: Page, site: str) -> None:
    for start in STARTS:
        phone.goto(f"{site}/{lang}/{start}")
        button = phone.locator(".pause").bounding_box()
        assert button is not None
        assert button["y"] + button["height"] <= PHONE[1], start


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_helpers_read_fits_on_one_sheet_with_a_code_that_leads_to_the_start(
    lang: str, phone: Page, site: str
) -> None:
    for chosen in ("", "?gemeente=GM0363"):
        phone.goto(f"{site}/{lang}/helpers{chosen}")
        begin = phone.locator(".main .utrecht-button").first.get_attribute("href") or ""
        assert begin.startswith(f"/{lang}/?helper=1")
        sheets = PdfReader(BytesIO(phone.pdf(format="A4", margin=_MARGINS))).pages
        assert len(sheets) == 1
        phone.emulate_media(media="print")
        printed = Image.open(BytesIO(phone.locator(".qr").screenshot()))
        phone.emulate_media(media="null")
        [code] = codes_in(printed)
        assert code.endswith(begin)
        assert code.partition("://")[2] == phone.locator(".main strong[dir=ltr]").first.inner_text()
