"""In the web views of apps, and where all site data is blocked, nothing can be kept: the journey needs none of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import FLAGS, Visits, chromium_path
from tests.browser.stack import CONNECTED, Stack
from tests.browser.visit import Visit
from tests.browser.walk import ANSWERS, begin, to_check, wait_until_received

pytestmark = pytest.mark.browser

# As it is in a frame that may keep nothing: the very name raises.
_EVERYTHING_RAISES = """for (const [owner, name] of [
  [window, "localStorage"], [window, "sessionStorage"], [window, "indexedDB"], [window, "caches"],
  [Document.prototype, "cookie"],
]) {
  const refuse = () => { throw new DOMException("blocked", "SecurityError"); };
  Object.defineProperty(owner, name, { get: refuse, set: refuse });
}"""
_IS_BLOCKED = """() => {
  try { sessionStorage.length; return false; } catch (error) { return error.name === "SecurityError"; }
}"""
_NOTHING_AT_ALL = '{"profile": {"default_content_setting_values": {"cookies": 2}}}'


def test_the_journey_goes_where_every_storage_raises(visits: Visits) -> None:
    with visits(label="no-storage") as visit:
        visit.context.add_init_script(_EVERYTHING_RAISES)
        begin(visit)
        assert visit.page.evaluate(_IS_BLOCKED)
        assert to_check(visit) == [step for step in ANSWERS if step != "helper"]
        visit.press()
        wait_until_received(visit)
        # `kept` asks the storages, which raise: the context of the browser itself is asked instead.
        assert visit.context.storage_state() == {"cookies": [], "origins": []}
        visit.page.goto("about:blank")


def test_the_journey_goes_where_the_browser_blocks_all_site_data(
    driver: Playwright, stack: Stack, tmp_path: Path
) -> None:
    preferences = tmp_path / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text(_NOTHING_AT_ALL, encoding="utf-8")
    context = driver.chromium.launch_persistent_context(tmp_path, executable_path=chromium_path(), args=[*FLAGS])
    try:
        page = context.new_page()
        visit = Visit(context, page, stack, "nl", "blocked", script=True)
        begin(visit, CONNECTED)
        assert page.evaluate(_IS_BLOCKED), "the browser took no notice of its settings"
        to_check(visit)
        visit.press()
        expect(page.locator("main[data-status]")).to_be_visible()
        _goes_to_another_language(page)
    finally:
        context.close()


def _goes_to_another_language(page: Page) -> None:
    page.goto(page.url.replace("/nl/", "/en/"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main[data-status]")).to_be_visible()
