"""Every state in the languages that are not looked at most closely: nothing is lost on small screens, by axe neither.

What depends on the page alone is judged in Dutch and English (states/catalogue.py). Here is what another script,
another direction and longer words can break. One language is rendered at a time: all of them would fill the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from citizen_portal.config.languages import MENU_ORDER
from tests.browser.states import axe
from tests.browser.states.catalogue import LANGUAGES, STATES, Catalogue, render_all
from tests.browser.states.gallery import Gallery, gallery
from tests.browser.states.state import State
from tests.browser.visit import NARROW, PHONE

pytestmark = pytest.mark.browser

OTHERS = tuple(code for code in MENU_ORDER if code not in LANGUAGES)
_ON_ONE_SCREEN = ("start", "contact-wrong", "check-most", "status-overdue", "what-if-bailiff")
FEW = tuple(state for state in STATES if state.name in _ON_ONE_SCREEN)
# Right to left, and the widest letters.
_ALWAYS = ("ar", "ti")
_MEASURE = (Path(__file__).parent / "states" / "measure.js").read_text(encoding="utf-8")


def test_each_language_is_looked_at_here_or_closely() -> None:
    assert {*OTHERS, *LANGUAGES} == set(MENU_ORDER)
    assert len(FEW) == len(_ON_ONE_SCREEN), "a state has another name now"


@pytest.mark.parametrize("lang", _ALWAYS)
def test_a_few_pages_fit_small_screens(lang: str, chromium: Browser, tmp_path: Path) -> None:
    assert _lost(chromium, render_all(tmp_path, [lang], FEW)) == []


@pytest.mark.long
@pytest.mark.parametrize("lang", OTHERS)
def test_every_page_fits_small_screens_and_axe_finds_nothing(lang: str, chromium: Browser, tmp_path: Path) -> None:
    catalogue = render_all(tmp_path, [lang], STATES)
    assert _lost(chromium, catalogue) == []
    assert _found_by_axe(chromium, catalogue, _one_of_each_kind(STATES)) == []


def _lost(browser: Browser, catalogue: Catalogue) -> list[str]:
    """What does not fit at 375 and at 320 pixels, page by page, with all lists open."""
    faults: list[str] = []
    with gallery(browser, catalogue) as shown:
        for name in catalogue.pages:
            shown.show(name)
            shown.unfold()
            for width, height in (PHONE, NARROW):
                shown.page.set_viewport_size({"width": width, "height": height})
                faults += [f"{name} at {width}: {fault}" for fault in shown.page.evaluate(_MEASURE)]
            faults += [f"{name}: {fault}" for fault in shown.faults]
    return faults


def _found_by_axe(browser: Browser, catalogue: Catalogue, states: Sequence[State]) -> list[str]:
    kept = {state.name for state in states}
    with gallery(browser, catalogue) as shown:
        return [
            f"{name}: {fault}"
            for name, seen in catalogue.pages.items()
            if seen.state.name in kept
            for fault in _violations(shown, name)
        ]


def _violations(shown: Gallery, name: str) -> list[str]:
    shown.show(name)
    return list(axe.violations(shown.page))


def _one_of_each_kind(states: Sequence[State]) -> tuple[State, ...]:
    return tuple({state.kind: state for state in states}.values())
