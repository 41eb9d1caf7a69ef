"""Another language by keyboard alone: opened, chosen, and back at the same question with what was said before."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.keyboard import Keyboard
from tests.browser.walk import ANSWERS, begin, step_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_the_language_is_changed_by_keyboard_and_the_place_is_kept(visits: Visits, script: bool) -> None:
    with visits(script=script, label="keyboard-language") as visit:
        page = visit.page
        begin(visit)
        visit.fill(ANSWERS["for-whom"])
        visit.submit()
        visit.fill(ANSWERS["address"])
        visit.submit()
        page.goto(page.url.replace(f"/{step_of(page)}", "/address"))
        here = urlsplit(page.url).path

        keyboard = Keyboard(page)
        _tab_to(keyboard, ".head__languages summary")
        keyboard.press("Enter")
        _tab_to(keyboard, '.head__languages a[lang="ar"]')
        keyboard.follow("Enter")

        assert urlsplit(page.url).path == here.replace("/nl/", "/ar/")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("#postcode")).to_have_value(re.compile("1012 ?AB"))
        # From right to left the order of reading is still the order of Tab.
        keyboard.through({})
        assert keyboard.faults == [], "\n".join(keyboard.faults)


def _tab_to(keyboard: Keyboard, selector: str) -> None:
    for _ in range(20):
        keyboard.press("Tab")
        if keyboard.page.locator(f"{selector}:focus").count():
            stop = keyboard.here()
            assert stop and stop["hasRing"] and not stop["over"] and not stop["isOutOfSight"], stop
            return
    raise AssertionError(f"Tab does not come to {selector}")
