"""The way from the start page to the status page, and what the municipality then reports."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from citizen_portal.clock import amsterdam_day
from tests.browser.stack import CONNECTED
from tests.browser.visit import Visit

Answers = dict[str, str | list[str]]
_IN_TEN_DAYS = amsterdam_day(datetime.now(UTC)) + timedelta(days=10)
_DELIVERY_SECONDS = 20.0

ANSWERS: dict[str, Answers] = {
    "for-whom": {"for_whom": "self"},
    "helper": {"helper_name": "Ria de Vries", "helper_phone": "06 87654321", "helper_consent": "yes"},
    "address": {"postcode": "1012 ab", "house_number": "12", "house_number_addition": "A"},
    "municipality": {"municipality": CONNECTED},
    "urgent": {
        "urgent": ["eviction", "gas"],
        "urgent_date_day": str(_IN_TEN_DAYS.day),
        "urgent_date_month": str(_IN_TEN_DAYS.month),
        "urgent_date_year": str(_IN_TEN_DAYS.year),
    },
    "name": {"given_name": "Zoë", "family_name": "Jansen"},
    "contact": {"contact_by": ["phone", "email"], "phone": "06-12345678", "email": "zoe@example.nl"},
    "updates": {"updates_by": "email", "updates_email": "zoe@example.nl"},
}
NOT_URGENT: dict[str, Answers] = {"urgent": {"urgent": ["none"]}}
LATEST_DAY = "main .alert strong"
"""Where the status page of somebody who waits for the conversation names its latest day."""


def step_of(page: Page) -> str:
    """The question that a page asks: the last part of its address."""
    return urlsplit(page.url).path.rpartition("/")[2]


def to_check(visit: Visit, given: dict[str, Answers] | None = None, *, judged: bool = False) -> list[str]:
    """Answer what is asked until the check page; the questions that were asked. `judged`: each page on the way too."""
    asked: list[str] = []
    while (step := step_of(visit.page)) != "check":
        assert step not in asked, f"{step} is asked again after {asked}: {visit.page.locator('main').inner_text()}"
        asked.append(step)
        if judged:
            visit.seen(step)
        visit.fill((given or {}).get(step, ANSWERS[step]))
        visit.submit()
    return asked


def begin(visit: Visit, municipality: str = CONNECTED) -> None:
    """Press the button of the start page of this municipality; empty: of nobody's."""
    visit.open(f"?gemeente={municipality}" if municipality else "")
    visit.press()


def wait_until_received(visit: Visit) -> None:
    """Look at the status page again until the municipality has the registration, for so many seconds at most."""
    _look_again_until(visit.page, 'main[data-status="ontvangen"]', "the registration was not delivered")


def message(visit: Visit, to: str, subject: str) -> Locator:
    """The message with this subject to this address, as soon as it was sent, in a new tab."""
    tab = visit.new_tab(f"{visit.stack.intake}/berichten/")
    _look_again_until(tab, f'article:has-text("{to}"):has-text("{subject}")', "the message was not sent")
    return tab.locator("article").filter(has_text=to).filter(has_text=subject)


def _look_again_until(page: Page, selector: str, otherwise: str) -> None:
    deadline = time.monotonic() + _DELIVERY_SECONDS
    while not page.locator(selector).count():
        assert time.monotonic() < deadline, otherwise
        page.wait_for_timeout(250)
        page.reload()


def registrations(visit: Visit, words: str) -> Locator:
    """What the example municipality shows of registrations with these words, in a new tab."""
    tab = visit.new_tab(f"{visit.stack.intake}/")
    expect(tab.locator("h1")).to_be_visible()
    return tab.locator("article").filter(has_text=words)


def report(card: Locator, button: str, about: str | None = None) -> None:
    """Press a button of the example municipality; `about` is the report that the button belongs to."""
    place = card.locator("li").filter(has=card.page.locator("strong", has_text=about)) if about else card
    told = card.locator("ol > li").count()
    place.get_by_role("button", name=button, exact=True).click()
    expect(card.locator("ol > li")).to_have_count(told + 1)
    expect(card.locator("ol > li").last.locator(".good")).to_be_visible()
