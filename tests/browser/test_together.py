"""Filling in together: a helper's browser and the resident's, each with a profile of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.visit import Visit
from tests.browser.walk import registrations, to_check, wait_until_received

pytestmark = pytest.mark.browser

FOR_OTHER: dict[str, dict[str, str | list[str]]] = {"for-whom": {"for_whom": "other"}}
WAYS = [
    ("nl", True),
    pytest.param("nl", False, marks=pytest.mark.long),
    pytest.param("ar", True, marks=pytest.mark.long),
    ("ar", False),
]
"""Language, and whether scripts run."""


def begin_as_helper(visit: Visit) -> None:
    """The other button of the start page."""
    visit.open("?gemeente=GM0363")
    visit.page.locator('button[name="for_whom"][value="other"]').click()


def show_ticket(visit: Visit) -> None:
    """From any page of the draft to the one with QR and code."""
    visit.page.locator('main a[href="handover"]').click()
    visit.seen("handover-before")
    visit.submit()
    expect(visit.page.locator(".qr svg")).to_be_visible()
    visit.seen("handover-shown")


def read_by_camera(page: Page) -> str:
    """What a phone's camera reads off the screen."""
    picture = Image.open(io.BytesIO(page.locator(".qr").screenshot()))
    [code] = zxingcpp.read_barcodes(picture)
    return str(code.text)


@pytest.mark.parametrize(("lang", "script"), WAYS)
def test_the_resident_goes_on_with_the_camera_and_presses(visits: Visits, lang: str, script: bool) -> None:
    with visits(lang=lang, script=script, label="helpers") as helper, visits(lang=lang, script=script) as resident:
        begin_as_helper(helper)
        to_check(helper, FOR_OTHER)
        helper.seen("check-by-helper")
        show_ticket(helper)

        resident.page.goto(read_by_camera(helper.page))
        resident.seen("take-over")
        helper.page.go_back()
        helper.page.goto(re.sub("handover$", "check", helper.page.url))
        expect(helper.page.locator("button.pause")).to_be_visible()
        resident.submit()
        expect(resident.page.locator("button.pause")).to_be_visible()
        resident.seen("check-taken-over")
        helper.page.reload()
        assert "Zoë" not in helper.page.locator("body").inner_text()
        expect(helper.page.locator("button.pause")).to_have_count(0)

        resident.press()
        wait_until_received(resident)
        card = registrations(resident, resident.page.locator(".reference").inner_text())
        expect(card.get_by_text("Ria de Vries")).to_be_visible()


def test_the_resident_goes_on_with_the_code(visits: Visits) -> None:
    with visits(label="helpers") as helper, visits() as resident:
        begin_as_helper(helper)
        to_check(helper, FOR_OTHER)
        show_ticket(helper)
        code = helper.page.locator("p.reference").inner_text()
        resident.open("handover")
        resident.fill({"code": "AAAA-AAAA"})
        resident.submit()
        resident.refused("enter-code")
        resident.fill({"code": code.lower()})
        resident.submit()
        resident.seen("take-over")
        resident.submit()
        expect(resident.page.locator("button.pause")).to_be_visible()
        # Somebody else who saw the code over a shoulder comes too late.
        with visits(label="stranger") as stranger:
            stranger.open("handover")
            stranger.fill({"code": code})
            stranger.submit()
            stranger.refused("enter-code")


def next_person(visit: Visit) -> None:
    """The button that leaves this computer to the next person."""
    visit.page.locator('form[action="next"] button').first.click()
    expect(visit.page.locator("button.pause")).to_be_visible()
    assert urlsplit(visit.page.url).path == f"/{visit.lang}/"
    visit.seen("next-person")


def nothing_of(visit: Visit, page: Page, secrets: tuple[str, ...]) -> None:
    """Neither the words of the page nor its fields hold anything of the last person."""
    html = page.content()
    values = page.evaluate("() => Array.from(document.querySelectorAll('input, select, textarea')).map(f => f.value)")
    for secret in secrets:
        assert secret not in html, f"{secret} at {page.url}"
        assert not [value for value in values if secret in value], f"{secret} in a field at {page.url}"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    "leave",
    [
        "with back",
        *(pytest.param(way, marks=pytest.mark.long) for way in ("with a reload", "with the address", "in a new tab")),
    ],
)
def test_nothing_of_the_last_person_can_be_brought_back(visits: Visits, script: bool, leave: str) -> None:
    secrets = ("Geheimpje", "Zoë", "0612345678", "+31612345678")
    with visits(script=script, label="library") as visit:
        begin_as_helper(visit)
        to_check(visit, {**FOR_OTHER, "name": {"given_name": "Zoë", "family_name": "Geheimpje"}})
        check = visit.page.url
        expect(visit.page.get_by_text("Geheimpje").first).to_be_visible()
        next_person(visit)
        nothing_of(visit, visit.page, secrets)
        for page in _brought_back(visit, check, leave):
            nothing_of(visit, page, secrets)


def _brought_back(visit: Visit, check: str, leave: str) -> list[Page]:
    base = check.rpartition("/")[0]
    ways: dict[str, Callable[[], list[Page]]] = {
        "with back": lambda: _each_back(visit),
        "with a reload": lambda: _reloaded(visit),
        "with the address": lambda: [_at(visit.page, f"{base}/{name}") for name in ("check", "name", "contact")],
        "in a new tab": lambda: [visit.new_tab(check)],
    }
    return ways[leave]()


def _each_back(visit: Visit) -> list[Page]:
    """Back as far as it goes, looking at each page; forms that were sent are not sent again by that."""
    for _ in range(12):
        answer = visit.page.go_back()
        if answer is None:
            break
        nothing_of(visit, visit.page, ("Geheimpje", "Zoë"))
    return [visit.page]


def _reloaded(visit: Visit) -> list[Page]:
    visit.page.go_back()
    visit.page.reload()
    return [visit.page]


def _at(page: Page, url: str) -> Page:
    page.goto(url)
    return page
