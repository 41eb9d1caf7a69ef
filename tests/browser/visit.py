"""One resident at a small screen: every page they see is judged, and what the browser complains of is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from citizen_portal.web.i18n import catalogue
from tests.browser.stack import Stack
from tests.browser.states import axe

PHONE = (375, 667)
# What remains of 1280 at 400 %: reflow, WCAG 1.4.10.
NARROW = (320, 667)
SUBMIT = 'main form[method="post"]:not([data-secondary]) [type="submit"]'
"""The one button of a page that leads on."""
# Chromium says this of every page that is an answer to a mistake; all else in the console is a fault.
_EXPECTED = re.compile(r"^Failed to load resource: the server responded with a status of (404|422)\b")
# Templates trim the line end after a block, and with it the space between two sentences.
_ADDRESS = re.compile(r"https?://\S+")
_JOINED = re.compile(r"\w+[.?!][A-Z][a-z]+")
_WIDTH = "() => document.documentElement.scrollWidth"
_STORED = "() => localStorage.length + sessionStorage.length + document.cookie.length"


@dataclass
class Visit:
    """A browser without a past, opened by one resident; `page` is the tab they look at."""

    context: BrowserContext
    page: Page
    stack: Stack
    lang: str
    label: str
    script: bool
    faults: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> None:
        """Go to a page of the portal, in the language of this visit, and judge nothing yet."""
        self.page.goto(f"{self.stack.portal}/{self.lang}/{path}")

    def new_tab(self, url: str) -> Page:
        """A second tab of the same browser."""
        tab = self.context.new_page()
        tab.goto(url)
        return tab

    def fill(self, answers: dict[str, str | list[str]], page: Page | None = None) -> None:
        """Put answers into the fields with these names; a list ticks boxes."""
        page = page or self.page
        for name, given in answers.items():
            fields = page.locator(f'main [name="{name}"]')
            if fields.first.get_attribute("type") in {"radio", "checkbox"}:
                for value in [given] if isinstance(given, str) else given:
                    page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif fields.first.evaluate("field => field.tagName") == "SELECT":
                fields.first.select_option(given)
            else:
                assert isinstance(given, str)
                fields.first.fill(given)

    def submit(self, page: Page | None = None) -> None:
        """Press the one primary button of the question."""
        (page or self.page).locator(SUBMIT).click()

    def press(self, page: Page | None = None) -> None:
        """Press the round button."""
        (page or self.page).locator("button.pause").click()

    def seen(self, name: str, page: Page | None = None) -> None:
        """Judge the page as it is now: accessible (where asked), no wider than two small screens, sentences apart."""
        page = page or self.page
        # With its style sheet: what was just reloaded may come without for a moment.
        page.wait_for_load_state()
        expect(page.locator("h1")).to_have_count(1)
        self.faults += [f"{name}: {fault}" for fault in self._faults_of(page)]
        shot(page, f"{name}-{self.label}")

    def refused(self, name: str, page: Page | None = None) -> None:
        """Judge a page that says what is wrong: the title says so first, and reading starts at the summary."""
        page = page or self.page
        expect(page.locator("#error-summary")).to_be_focused()
        assert page.title().startswith(error_title(self.lang)), page.title()
        self.seen(f"{name}-error", page)

    def kept(self) -> list[str]:
        """What the browser remembers of this visit besides its history: nothing, if all is well."""
        cookies = [str(cookie.get("name")) for cookie in self.context.cookies()]
        stores = [page.url for page in self.context.pages if page.url != "about:blank" and page.evaluate(_STORED)]
        return cookies + stores

    def _faults_of(self, page: Page) -> Iterator[str]:
        yield from self._too_wide(page)
        yield from self._inaccessible(page)
        words = page.locator("body").inner_text()
        yield from (f"no space in {joined!r}" for joined in _JOINED.findall(_ADDRESS.sub("", words)))

    def _too_wide(self, page: Page) -> Iterator[str]:
        for width, height in (NARROW, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            # Not clientWidth: a phone widens that for a page that does not name its viewport.
            content = page.evaluate(_WIDTH)
            if content > width:
                yield f"{content} px wide on a screen of {width}"

    def _inaccessible(self, page: Page) -> Iterator[str]:
        # axe is a script itself; tests/browser/test_states_accessible.py judges what a browser without script is sent.
        if self.script:
            yield from axe.violations(page)


@contextmanager
def visiting(
    browser: Browser,
    stack: Stack,
    *,
    lang: str = "nl",
    script: bool = True,
    label: str = "",
) -> Iterator[Visit]:
    """A visit by a phone. Afterwards: no fault in any page, nothing asked of another site, nothing kept behind."""
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        is_mobile=True,
        has_touch=True,
        device_scale_factor=2,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        java_script_enabled=script,
        color_scheme="light",
        service_workers="block",
    )
    context.set_default_timeout(10_000)
    label = "-".join(part for part in (label, lang, "" if script else "no-script") if part)
    visit = Visit(context, context.new_page(), stack, lang, label, script)
    _listen(visit)
    try:
        yield visit
        assert visit.faults == [], "\n".join(["", *visit.faults])
        assert visit.kept() == []
    finally:
        context.close()


def error_title(lang: str) -> str:
    """What the title of a page begins with that says what is wrong."""
    return catalogue(lang).gettext("Fout:") + " "


def shot(page: Page, name: str) -> None:
    """A picture of the whole page for people to look at, in the folder that PORTAL_SHOTS names; none without it."""
    folder = os.environ.get("PORTAL_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _listen(visit: Visit) -> None:
    ours = (visit.stack.portal + "/", visit.stack.intake + "/")

    def asked(url: str) -> None:
        if not url.startswith(ours):
            visit.faults.append(f"another site was asked: {url}")

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _EXPECTED.match(message.text):
            visit.faults.append(f"console of {message.page and message.page.url}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            visit.faults.append(f"{response.status} for {response.url}")

    visit.context.on("request", lambda request: asked(request.url))
    visit.context.on("console", said)
    visit.context.on("weberror", lambda error: visit.faults.append(f"script: {error.error}"))
    visit.context.on("response", answered)
