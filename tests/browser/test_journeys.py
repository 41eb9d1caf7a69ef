"""Whole journeys in a real browser, with the portal, its worker and an example municipality running."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from citizen_portal.config.languages import MENU_ORDER
from tests.browser.conftest import Visits
from tests.browser.stack import NOT_CONNECTED
from tests.browser.visit import PHONE, Visit
from tests.browser.walk import ANSWERS, begin, registrations, report, step_of, to_check, wait_until_received

pytestmark = pytest.mark.browser

NOTHING_PAUSED = "Er is nog niets gepauzeerd"
WAYS = [("nl", True), ("nl", False), ("en", True), pytest.param("en", False, marks=pytest.mark.long)]
"""Language, and whether scripts run."""

IN_EVERY_LANGUAGE = [
    *WAYS,
    *(pytest.param(lang, script, marks=pytest.mark.long) for lang in MENU_ORDER[2:] for script in (True, False)),
]


def unique_name() -> str:
    """A family name that only this test uses."""
    return f"Proef{uuid4().hex[:12]}"


def named(name: str) -> dict[str, dict[str, str | list[str]]]:
    """Answers of somebody with this family name."""
    return {"name": {"given_name": "Zoë", "family_name": name}}


@pytest.mark.parametrize(("lang", "script"), IN_EVERY_LANGUAGE)
def test_from_the_button_to_a_pause_and_back(visits: Visits, lang: str, script: bool) -> None:
    with visits(lang=lang, script=script) as visit:
        visit.open("?gemeente=GM0363")
        visit.seen("start")
        box = visit.page.locator("button.pause").bounding_box()
        assert box and box["y"] >= 0 and box["x"] >= 0
        assert box["y"] + box["height"] <= PHONE[1] and box["x"] + box["width"] <= PHONE[0], box
        visit.press()

        assert to_check_with_a_mistake_in_the_address(visit) == [step for step in ANSWERS if step != "helper"]
        visit.seen("check")
        visit.press()
        expect(visit.page.locator("main[data-status]")).to_be_visible()
        visit.seen("status-fresh")
        not_paused = visit.page.locator("main .alert__title").first.inner_text()
        wait_until_received(visit)
        visit.seen("status-received")

        card = registrations(visit, visit.page.locator(".reference").inner_text())
        visit.seen("intake-before", card.page)
        report(card, "Contact gelegd")
        report(card, "Kennisgeving verstuurd")
        visit.seen("intake-after", card.page)
        visit.page.reload()
        main = visit.page.locator("main")
        expect(main).to_have_attribute("data-contact", "made")
        expect(main).to_have_attribute("data-kennisgeving", "sent")
        expect(main.get_by_text(not_paused)).to_have_count(0)
        visit.seen("status-after-events")

        report(card, "Dat was een vergissing", about="Kennisgeving verstuurd")
        visit.seen("intake-mistake", card.page)
        visit.page.reload()
        expect(main).to_have_attribute("data-contact", "made")
        assert main.get_attribute("data-kennisgeving") is None
        expect(main.locator(".alert__title").first).to_have_text(not_paused)
        assert lang != "nl" or not_paused.startswith(NOTHING_PAUSED)
        visit.seen("status-mistake")


def to_check_with_a_mistake_in_the_address(visit: Visit) -> list[str]:
    """The way to the check page, every page judged; the questions that were asked."""
    visit.seen("for-whom")
    visit.fill(ANSWERS["for-whom"])
    visit.submit()
    visit.fill({"postcode": "12"})
    visit.submit()
    visit.refused("address")
    link = visit.page.locator("#error-summary a").first
    link.click()
    expect(visit.page.locator(str(link.get_attribute("href")))).to_be_focused()
    expect(visit.page.locator("#postcode")).to_have_value("12")
    return ["for-whom", *to_check(visit, judged=True)]


@pytest.mark.parametrize("lang", ["nl", *(pytest.param(lang, marks=pytest.mark.long) for lang in ("en", "ar"))])
def test_each_question_says_what_is_wrong_with_an_empty_answer(visits: Visits, lang: str) -> None:
    asked = []
    with visits(lang=lang) as visit:
        # A municipality that was chosen on the way in would be suggested, and then nothing is left empty.
        begin(visit, municipality="")
        while (step := step_of(visit.page)) != "check":
            assert step not in asked
            asked.append(step)
            visit.submit()
            visit.refused(step)
            visit.fill({"for_whom": "other"} if step == "for-whom" else ANSWERS[step])
            visit.submit()
        visit.seen("check-by-helper")
    assert asked == list(ANSWERS)


@pytest.mark.parametrize("script", [True, False])
def test_a_helper_asks_for_somebody_else(visits: Visits, script: bool) -> None:
    with visits(script=script, label="helper") as visit:
        visit.open("?gemeente=GM0363")
        visit.page.locator('button[name="for_whom"][value="other"]').click()
        expect(visit.page.locator('[name="for_whom"][value="other"]')).to_be_checked()
        asked = to_check(visit, {"for-whom": {"for_whom": "other"}}, judged=True)
        assert "helper" in asked
        visit.press()
        wait_until_received(visit)
        card = registrations(visit, visit.page.locator(".reference").inner_text())
        expect(card.get_by_text("Ria de Vries")).to_be_visible()


@pytest.mark.parametrize(("lang", "script"), WAYS)
def test_a_municipality_that_is_not_connected_gives_a_letter(visits: Visits, lang: str, script: bool) -> None:
    with visits(lang=lang, script=script) as visit:
        begin(visit, NOT_CONNECTED)
        to_check(visit, {"municipality": {"municipality": NOT_CONNECTED}})
        expect(visit.page.locator("article.letter[lang=nl]")).to_contain_text("gemeente Den Haag")
        expect(visit.page.locator("button.pause")).to_have_count(0)
        visit.seen("letter")


@pytest.mark.parametrize(("lang", "script"), WAYS)
def test_what_was_typed_can_be_erased(visits: Visits, lang: str, script: bool) -> None:
    with visits(lang=lang, script=script) as visit:
        begin(visit)
        to_check(visit)
        check = visit.page.url
        visit.page.locator('main a[href="delete"]').click()
        visit.seen("delete")
        visit.submit()
        visit.page.wait_for_url("**/deleted")
        visit.seen("deleted")
        answer = visit.page.goto(check)
        assert answer and answer.status == 404
        visit.seen("draft-gone")


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(
    ("name", "path", "status"),
    [("privacy", "privacy", 200), ("not-found", "nothing-here", 404), ("link-gone", "s/abcdefgh", 404)],
)
def test_pages_beside_the_way(visits: Visits, lang: str, name: str, path: str, status: int) -> None:
    with visits(lang=lang) as visit:
        answer = visit.page.goto(f"{visit.stack.portal}/{lang}/{path}")
        assert answer and answer.status == status
        visit.seen(name)


def test_the_browser_keeps_nothing(visits: Visits) -> None:
    with visits() as visit:
        begin(visit)
        to_check(visit)
        visit.press()
        wait_until_received(visit)
        assert visit.context.cookies() == []
        assert visit.context.storage_state() == {"cookies": [], "origins": []}
        assert visit.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
        assert visit.page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_a_very_long_name_stays_inside_a_small_screen(visits: Visits) -> None:
    with visits() as visit:
        begin(visit)
        to_check(visit, {"name": {"given_name": "W" * 200, "family_name": "Jansen"}})
        expect(visit.page.locator("main")).to_contain_text("W" * 200)
        visit.seen("check-long-name")


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_is_one_registration(visits: Visits, script: bool) -> None:
    name = unique_name()
    with visits(script=script) as visit:
        begin(visit)
        to_check(visit, named(name))
        visit.page.locator("button.pause").dblclick()
        expect(visit.page.locator("main[data-status]")).to_be_visible()
        wait_until_received(visit)
        deliver_another(visit)
        expect(registrations(visit, name)).to_have_count(1)


def deliver_another(visit: Visit) -> None:
    """What was registered before this one is delivered by now too: the worker takes what is due longest first."""
    begin(visit)
    to_check(visit)
    visit.press()
    wait_until_received(visit)


@pytest.mark.parametrize("script", [True, False])
def test_back_after_the_press_cannot_press_again(visits: Visits, script: bool) -> None:
    with visits(script=script) as visit:
        begin(visit)
        to_check(visit)
        visit.press()
        expect(visit.page.locator("main[data-status]")).to_be_visible()
        status = visit.page.url
        visit.page.go_back()
        assert step_of(visit.page) == "check"
        expect(visit.page.locator("main form")).to_have_count(0)
        visit.seen("back-after-press")
        visit.page.go_forward()
        assert visit.page.url == status
        expect(visit.page.locator("main[data-status]")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_two_tabs_press_once_and_only_what_was_shown(visits: Visits, script: bool) -> None:
    name = unique_name()
    with visits(script=script) as visit:
        begin(visit)
        to_check(visit, named(unique_name()))
        other = visit.new_tab(visit.page.url)
        other.locator('main a[href$="name"]').click()
        visit.fill({"family_name": name}, other)
        visit.submit(other)
        assert step_of(other) == "check"

        visit.press()
        expect(visit.page.locator("#error-summary")).to_be_focused()
        expect(visit.page.locator("main")).to_contain_text(name)
        visit.seen("check-changed")
        visit.press()
        expect(visit.page.locator("main[data-status]")).to_be_visible()
        visit.press(other)
        expect(other.locator("main[data-status]")).to_be_visible()
        assert other.url == visit.page.url
        wait_until_received(visit)
        deliver_another(visit)
        expect(registrations(visit, name)).to_have_count(1)
