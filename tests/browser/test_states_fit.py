"""Nothing of any state is lost on a small screen (WCAG 1.4.10), in large text (1.4.4) or in airy text (1.4.12)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.states.catalogue import DUTCH_FIRST
from tests.browser.states.gallery import Gallery
from tests.browser.visit import NARROW, PHONE

pytestmark = pytest.mark.browser

# What 400 % leaves of 1280 by 1024: nothing may stick to so low a screen.
LOW = (320, 256)
WIDE = (640, 667)
_MEASURE = (Path(__file__).parent / "states" / "measure.js").read_text(encoding="utf-8")
_TEXT_OF_THE_PAGE_AT = "percent => { document.documentElement.style.fontSize = `${percent}%`; }"
_AIRY = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.parametrize("name", DUTCH_FIRST)
def test_nothing_is_lost_on_small_screens_in_zoomed_and_in_airy_text(name: str, shown: Gallery) -> None:
    page, words = _opened(shown, name)
    faults = _lost(page, "on a phone", PHONE, words)
    faults += _lost(page, "on a small screen", NARROW, words)
    faults += _lost(page, "on a low screen", LOW, words)
    page.evaluate(_TEXT_OF_THE_PAGE_AT, 200)
    faults += _lost(page, "when only the text grows", PHONE, words)
    page.evaluate(_TEXT_OF_THE_PAGE_AT, 100)
    page.evaluate(_AIRY)
    faults += _lost(page, "in airy text", NARROW, words)
    assert faults == []


@pytest.mark.parametrize("name", DUTCH_FIRST)
def test_nothing_is_lost_in_text_of_twice_the_size(name: str, shown_large: Gallery) -> None:
    page, words = _opened(shown_large, name)
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
    faults = _lost(page, "by the browser's settings, on a phone", PHONE, words)
    faults += _lost(page, "by the browser's settings, on a wide screen", WIDE, words)
    assert faults == []


def _opened(gallery: Gallery, name: str) -> tuple[Page, str]:
    """The page of this state with all that it can show, and its words."""
    gallery.show(name)
    gallery.unfold()
    return gallery.page, _words(gallery.page)


def _words(page: Page) -> str:
    return "".join(page.inner_text("body").split())


def _lost(page: Page, where: str, screen: tuple[int, int], words: str) -> list[str]:
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    faults = [f"{where}: {fault}" for fault in page.evaluate(_MEASURE)]
    return faults if _words(page) == words else [*faults, f"{where}: not the same words"]
