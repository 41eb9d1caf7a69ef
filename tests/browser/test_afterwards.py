"""After the press, in a real browser: urgent later, seen by another, withdrawn, pressed again, the link came back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.visit import Visit
from tests.browser.walk import (
    ANSWERS,
    LATEST_DAY,
    NOT_URGENT,
    Answers,
    begin,
    message,
    registrations,
    to_check,
    wait_until_received,
)

pytestmark = pytest.mark.browser

_BORN: Answers = {"birth_date_day": "5", "birth_date_month": "3", "birth_date_year": "1980"}
_HOME: Answers = {"postcode": "1012 AB", "house_number": "12"}
_OWNERS_PAGES = ("urgent", "withdraw", "messages", "data", "data/export.json", "proof.pdf", "calendar.ics", "replace")


def somebody(name: str) -> dict[str, Answers]:
    """Answers of somebody with this family name for whom nothing is urgent yet."""
    born: Answers = {"given_name": "Zoë", "family_name": name, **_BORN}
    updates: Answers = {"updates_by": "email", "updates_email": f"{name}@example.nl"}
    return {**NOT_URGENT, "name": born, "updates": updates}


def press(visit: Visit, given: dict[str, Answers]) -> str:
    """From the start page until the municipality has it; the reference."""
    begin(visit)
    to_check(visit, given)
    visit.press()
    wait_until_received(visit)
    return visit.page.locator(".reference").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_urgent_later_seen_by_another_withdrawn_and_pressed_again(visits: Visits, script: bool) -> None:
    name = f"Later{uuid4().hex[:12]}"
    with visits(script=script, label="afterwards") as visit:
        reference = press(visit, somebody(name))
        latest_day = visit.page.locator(LATEST_DAY)
        before = latest_day.inner_text()
        follow(visit, "urgent")
        visit.seen("urgent-later")
        visit.submit()
        visit.refused("urgent-later")
        visit.fill(ANSWERS["urgent"])
        visit.submit()
        expect(visit.page.locator("main[data-status]")).to_be_visible()
        expect(latest_day).not_to_have_text(before)
        visit.seen("status-told-urgent")

        with visits(script=script, label="stranger") as other:
            look_with(other, reference, until=latest_day.inner_text())
        visit.page.reload()
        expect(visit.page.get_by_text("Iemand keek met uw kenmerk")).to_be_visible()

        follow(visit, "withdraw")
        visit.seen("withdraw")
        visit.submit()
        expect(visit.page.locator('main[data-status="ingetrokken"]')).to_be_visible()
        visit.seen("status-withdrawn")
        visit.page.get_by_role("link", name="Druk opnieuw op de pauzeknop").click()
        visit.press()
        to_check(visit, somebody(name))
        visit.press()
        wait_until_received(visit)
        assert visit.page.locator(".reference").inner_text() != reference

        both = registrations(visit, name)
        expect(both).to_have_count(2)
        # The municipality reads in the second that there was a first.
        expect(both.filter(has_text="Eerdere aanmelding")).to_have_count(1)


def look_with(other: Visit, reference: str, until: str) -> None:
    """Somebody with another device and the reference sees how it stands, and nothing that is the owner's."""
    other.open("status")
    other.fill({"reference": reference, "postcode": "1012 AB", "house_number": "13"})
    other.submit()
    expect(other.page.get_by_text("Wij vinden niets")).to_be_visible()
    other.seen("lost-not-found")
    other.fill(_HOME)
    other.submit()
    expect(other.page.locator("main[data-status]")).to_be_visible()
    expect(other.page.locator(LATEST_DAY)).to_have_text(until)
    expect(other.page.get_by_text("U ziet een deel")).to_be_visible()
    other.seen("status-a-part")
    view = other.page.url
    for page in _OWNERS_PAGES:
        expect(other.page.locator(f'a[href$="/{page}"]')).to_have_count(0)
        answer = other.page.goto(f"{view}/{page}")
        assert answer and answer.status == 404, page
        other.page.goto(view)


@pytest.mark.parametrize("script", [True, False])
def test_a_message_brings_the_whole_page_back(visits: Visits, script: bool) -> None:
    name = f"Kwijt{uuid4().hex[:12]}".lower()
    with visits(script=script, label="lost") as visit:
        reference = press(visit, somebody(name))
        own = visit.page.url
        with visits(script=script, label="found") as other:
            other.open("status")
            other.page.locator("#message_reference").fill(reference)
            other.page.locator('form[action$="/status/message"] [type="submit"]').click()
            other.seen("link-sent")
            card = message(other, f"{name}@example.nl", "Uw link")
            link = str(card.get_by_role("link").first.get_attribute("href"))
            card.page.close()

            other.page.goto(link)
            expect(other.page.locator("[data-status]")).to_have_count(0)
            other.seen("envelope")
            other.submit()
            expect(other.page.locator(".reference")).to_have_text(reference)
            assert other.page.url not in {own, link}
            follow(other, "withdraw")
            expect(other.page.locator("main form")).to_be_visible()
            answer = other.page.goto(link)
            assert answer and answer.status == 404


def follow(visit: Visit, act: str) -> None:
    """From the status page to the page of this act."""
    visit.page.locator(f'main a[href$="/{act}"]').click()
