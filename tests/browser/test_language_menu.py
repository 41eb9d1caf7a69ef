"""The list of languages: on the smallest screens, by keyboard, and what it does with what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from citizen_portal.config.languages import MENU_ORDER
from tests.browser.visit import NARROW, PHONE, SUBMIT

pytestmark = pytest.mark.browser

_TARGET = 44


@contextmanager
def _tab(browser: Browser, screen: tuple[int, int] = PHONE, *, script: bool = True) -> Iterator[Page]:
    width, height = screen
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=script)
    context.set_default_timeout(10_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def _to_the_name(page: Page, site: str) -> None:
    """To the question for a name, whichever way leads there."""
    page.goto(f"{site}/nl/")
    page.locator("button.pause").first.click()
    page.locator('[name="for_whom"][value="self"]').check()
    _next(page)
    page.locator('[name="no_fixed_address"]').check()
    _next(page)
    page.locator('[name="municipality"]').first.select_option("GM0363")
    _next(page)
    page.locator('[name="urgent"][value="none"]').check()
    _next(page)
    expect(page.locator('[name="given_name"]')).to_be_visible()


def _next(page: Page) -> None:
    page.locator(SUBMIT).click()


@pytest.mark.parametrize("screen", [PHONE, NARROW])
@pytest.mark.parametrize("lang", ["nl", "ar", "ti"])
def test_the_list_opens_within_the_screen_and_every_name_can_be_touched(
    screen: tuple[int, int], lang: str, chromium: Browser, site: str
) -> None:
    with _tab(chromium, screen, script=False) as page:
        page.goto(f"{site}/{lang}/?gemeente=GM0363")
        summary, links = page.locator(".head summary"), page.locator(".head__languages li a")
        box = summary.bounding_box()
        assert box is not None and box["height"] >= _TARGET and box["width"] >= _TARGET
        expect(links.first).to_be_hidden()
        summary.click()
        expect(links).to_have_count(len(MENU_ORDER))
        for link in links.all():
            link.scroll_into_view_if_needed()
            box = link.bounding_box()
            assert box is not None and box["height"] >= _TARGET
            assert box["x"] >= 0 and box["x"] + box["width"] <= screen[0]
        assert page.evaluate("() => document.documentElement.scrollWidth") <= screen[0]


def test_the_list_works_by_keyboard_and_leads_to_the_same_page(chromium: Browser, site: str) -> None:
    with _tab(chromium) as page:
        page.goto(f"{site}/nl/about?gemeente=GM0363")
        page.locator(".head summary").focus()
        page.keyboard.press("Enter")
        for code in MENU_ORDER:
            page.keyboard.press("Tab")
            assert page.evaluate("() => document.activeElement.hreflang") == code
        for _ in MENU_ORDER[MENU_ORDER.index("uk") + 1 :]:
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{site}/uk/about?gemeente=GM0363")
        assert page.evaluate("() => document.documentElement.lang") == "uk"


def test_a_link_to_another_language_takes_along_what_was_typed(chromium: Browser, site: str) -> None:
    with _tab(chromium) as page:
        _to_the_name(page, site)
        page.locator('[name="given_name"]').fill("Zoë محمد")
        page.locator('[name="birth_date_day"]').fill("99")
        page.locator(".head summary").click()
        page.locator('.head a[hreflang="ar"]').click()
        page.wait_for_url("**/ar/d/*/name")
        expect(page.locator('[name="given_name"]')).to_have_value("Zoë محمد")
        expect(page.locator('[name="birth_date_day"]')).to_have_value("99")
        expect(page.locator("#error-summary")).to_have_count(0)
        page.reload()
        expect(page.locator('[name="given_name"]')).to_have_value("Zoë محمد")
        assert "Zo" not in page.url


def test_the_sentence_in_the_foot_takes_it_along_too(chromium: Browser, site: str) -> None:
    with _tab(chromium) as page:
        _to_the_name(page, site)
        page.goto(page.url.replace("/nl/", "/tr/"))
        page.locator('[name="given_name"]').fill("Ayşe")
        page.locator('.foot a[hreflang="nl"]').click()
        page.wait_for_url("**/nl/d/*/name")
        expect(page.locator('[name="given_name"]')).to_have_value("Ayşe")


def test_without_script_the_button_keeps_it_and_opens_the_list(chromium: Browser, site: str) -> None:
    with _tab(chromium, script=False) as page:
        _to_the_name(page, site)
        page.locator('[name="given_name"]').fill("Zoë")
        page.locator('button[name="switch"]').click()
        expect(page.locator(".head summary")).to_be_focused()
        page.locator('.head a[hreflang="pl"]').click()
        assert "/pl/" in page.url
        expect(page.locator('[name="given_name"]')).to_have_value("Zoë")


def test_enter_in_a_field_answers_and_does_not_change_the_language(chromium: Browser, site: str) -> None:
    with _tab(chromium, script=False) as page:
        _to_the_name(page, site)
        page.locator('[name="given_name"]').fill("Zoë")
        page.locator('[name="given_name"]').press("Enter")
        expect(page.locator("#error-summary")).to_be_visible()
