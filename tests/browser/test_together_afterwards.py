"""After a helper pressed: the resident takes a link along, the helper may follow, and the computer forgets."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import Visits
from tests.browser.test_together import FOR_OTHER, begin_as_helper, read_by_camera
from tests.browser.visit import Visit
from tests.browser.walk import ANSWERS, begin, to_check

pytestmark = pytest.mark.browser

_MAY_FOLLOW = {**ANSWERS["helper"], "helper_may_follow": "yes"}


def press_as_helper(visit: Visit, *, may_follow: bool = True) -> None:
    """The whole way on the helper's computer, to the page that is lent to it."""
    begin_as_helper(visit)
    to_check(visit, {**FOR_OTHER, "helper": _MAY_FOLLOW} if may_follow else FOR_OTHER)
    visit.press()
    expect(visit.page.locator("main[data-status]")).to_be_visible()
    visit.seen("status-lent")


def open_by_camera(shows: Visit, takes: Visit, found: str) -> None:
    """What one screen shows, by the camera of another phone; `found` is the page with the button that opens it."""
    takes.page.goto(read_by_camera(shows.page))
    takes.seen(found)
    takes.submit()
    expect(takes.page.locator("main[data-status]")).to_be_visible()


def take_along(helper: Visit, resident: Visit) -> None:
    """By the camera of the resident's own phone."""
    helper.page.locator('main a[href$="/device"]').first.click()
    helper.seen("device")
    helper.page.locator('button[name="way"][value="screen"]').click()
    helper.seen("device-shown")
    open_by_camera(helper, resident, "envelope")
    resident.seen("status-own")


def _back(page: Page) -> None:
    """One page back. Where that was the answer to a form, the browser has nothing to show and would have to ask."""
    try:
        page.go_back()
    except Error as error:
        assert "ERR_CACHE_MISS" in error.message, error.message
    page.wait_for_load_state()


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.long)])
def test_the_resident_takes_the_page_along_and_the_computer_forgets_it(visits: Visits, script: bool) -> None:
    with visits(label="helpers", script=script) as helper, visits(script=script) as resident:
        press_as_helper(helper)
        lent = helper.page.url
        reference = helper.page.locator(".reference").inner_text()
        take_along(helper, resident)
        assert resident.page.url != lent
        # The copy of the answers came along: the proof can carry the name.
        resident.page.locator('main a[href$="/data"]').click()
        expect(resident.page.locator("main")).to_contain_text("72 uur")

        helper.page.locator('form[action$="/next"] button').first.click()
        expect(helper.page.locator("button.pause")).to_be_visible()
        assert helper.page.url.endswith("/nl/?helper=1")
        for _ in range(8):
            _back(helper.page)
            words = helper.page.locator("body").inner_text()
            assert reference not in words and "Zoë" not in words, helper.page.url
        helper.page.goto(lent)
        expect(helper.page.locator(".reference")).to_have_count(0)

        resident.page.go_back()
        resident.page.reload()
        expect(resident.page.locator(".reference")).to_have_text(reference)


def test_a_qr_code_that_nobody_scanned_dies_with_the_computers_page(visits: Visits) -> None:
    with visits(label="helpers") as helper, visits(label="stranger") as stranger:
        press_as_helper(helper)
        helper.page.locator('main a[href$="/device"]').first.click()
        helper.page.locator('button[name="way"][value="screen"]').click()
        address = read_by_camera(helper.page)
        helper.page.locator('form[action$="/next"] button').first.click()
        expect(helper.page.locator("button.pause")).to_be_visible()
        stranger.page.goto(address)
        expect(stranger.page.locator("main form")).to_have_count(0)


def test_a_helper_follows_the_stations_only_until_the_resident_stops_it(visits: Visits) -> None:
    with visits() as resident, visits(label="helpers") as helper:
        begin(resident)
        to_check(resident)
        resident.press()
        expect(resident.page.locator("main[data-status]")).to_be_visible()
        reference = resident.page.locator(".reference").inner_text()
        status = resident.page.url
        resident.page.goto(f"{status}/helper")
        resident.seen("helper")
        resident.page.locator('button[name="helper"][value="invite"]').click()
        resident.seen("helper-invite")
        open_by_camera(resident, helper, "invite")
        expect(helper.page.locator("main[data-status] .stations")).to_be_visible()
        helper.seen("followed")
        text = helper.page.content()
        assert not [word for word in (reference, "Zoë", "Jansen", "1012", "0612345678") if word in text]

        resident.page.goto(f"{status}/helper")
        resident.seen("helper-followed")
        resident.page.locator('button[name="helper"][value="stop"]').click()
        helper.page.reload()
        expect(helper.page.locator(".stations")).to_have_count(0)


def test_on_a_borrowed_phone_the_page_is_taken_along_and_wiped(visits: Visits) -> None:
    with visits(label="borrowed") as borrowed, visits() as own:
        begin(borrowed)
        to_check(borrowed)
        borrowed.press()
        expect(borrowed.page.locator("main[data-status]")).to_be_visible()
        status = borrowed.page.url
        borrowed.page.locator('main a[href$="/device"]').first.click()
        borrowed.seen("device-borrowed")
        borrowed.page.locator('button[name="way"][value="lend"]').click()
        borrowed.page.locator('button[name="way"][value="screen"]').click()
        open_by_camera(borrowed, own, "envelope")
        borrowed.page.locator('form[action$="/next"] button').first.click()
        expect(borrowed.page.locator("button.pause")).to_be_visible()
        assert re.search(r"/nl/$", borrowed.page.url)
        borrowed.page.goto(status)
        expect(borrowed.page.locator(".stations")).to_have_count(0)
        own.page.reload()
        expect(own.page.locator(".stations")).to_be_visible()
