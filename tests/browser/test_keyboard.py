"""From the start page to the status page without a mouse, with script and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.keyboard import Keyboard
from tests.browser.visit import PHONE, SUBMIT
from tests.browser.walk import ANSWERS, LATEST_DAY, NOT_URGENT, Answers, step_of

pytestmark = pytest.mark.browser

# Just high enough for the head to stay in view: there it could hide the most.
LOW = (320, 500)
# A list is chosen from by typing what one reads.
TYPED: dict[str, Answers] = {
    **ANSWERS,
    "for-whom": {"for_whom": "other"},
    "municipality": {"municipality": "Amsterdam"},
    **NOT_URGENT,
}


@pytest.mark.parametrize(
    ("lang", "script", "screen"),
    [
        ("nl", True, PHONE),
        ("nl", False, LOW),
        pytest.param("en", True, LOW, marks=pytest.mark.long),
        pytest.param("en", False, PHONE, marks=pytest.mark.long),
    ],
)
def test_the_whole_way_goes_by_keyboard(visits: Visits, lang: str, script: bool, screen: tuple[int, int]) -> None:
    with visits(lang=lang, script=script, label="keyboard") as visit:
        visit.page.set_viewport_size({"width": screen[0], "height": screen[1]})
        keyboard = Keyboard(visit.page)
        visit.open()
        skip_to_what_matters(keyboard)
        keyboard.through({})
        keyboard.back_to("button.pause")
        keyboard.follow("Enter")

        asked = []
        while (step := step_of(visit.page)) != "check":
            assert step not in asked
            asked.append(step)
            keyboard.through({})
            keyboard.back_to(SUBMIT)
            keyboard.follow("Enter")
            to_the_first_mistake(keyboard)
            keyboard.through(TYPED[step])
            keyboard.back_to(SUBMIT)
            keyboard.follow("Enter")
        assert asked == list(ANSWERS)

        keyboard.through({})
        keyboard.back_to("button.pause")
        keyboard.follow("Space")
        expect(visit.page.locator("main[data-status]")).to_be_visible()
        keyboard.through({})
        tell_that_it_became_urgent(keyboard)
        assert keyboard.faults == [], "\n".join(keyboard.faults)


def tell_that_it_became_urgent(keyboard: Keyboard) -> None:
    """From the status page and back; with nothing chosen first."""
    latest_day = keyboard.page.locator(LATEST_DAY)
    before = latest_day.inner_text()
    keyboard.back_to('main a[href$="/urgent"]')
    keyboard.follow("Enter")
    keyboard.through({})
    keyboard.back_to(SUBMIT)
    keyboard.follow("Enter")
    to_the_first_mistake(keyboard)
    keyboard.through(ANSWERS["urgent"])
    keyboard.back_to(SUBMIT)
    keyboard.follow("Enter")
    expect(keyboard.page.locator("main[data-status]")).to_be_visible()
    expect(latest_day).not_to_have_text(before)
    keyboard.through({})


def skip_to_what_matters(keyboard: Keyboard) -> None:
    """The first Tab shows a link that skips the head; after it the next stop is inside the content."""
    keyboard.press("Tab")
    skip = keyboard.page.locator("a.skip:focus")
    expect(skip).to_be_in_viewport()
    stop = keyboard.here()
    assert stop and stop["width"] > 44 and not stop["over"]
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(keyboard.page.locator("main :focus")).to_be_in_viewport()


def to_the_first_mistake(keyboard: Keyboard) -> None:
    """An answer was left out: the focus is on what is wrong, and from there one link from the field."""
    page = keyboard.page
    expect(page.locator("#error-summary")).to_be_focused()
    keyboard.press("Tab")
    target = str(page.locator("#error-summary a:focus").get_attribute("href"))
    keyboard.press("Enter")
    expect(page.locator(target)).to_be_focused()
    stop = keyboard.here()
    assert stop and not stop["over"] and not stop["isOutOfSight"], stop
