"""The whole journey in w3m: no script, no style sheet, no cookie, no picture, a terminal of text."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.odd.w3m import W3m, w3m
from tests.browser.stack import CONNECTED, Stack
from tests.browser.walk import ANSWERS

pytestmark = pytest.mark.browser

_DELIVERY_SECONDS = 20.0


def _step(browser: W3m) -> str:
    return urlsplit(browser.url).path.rpartition("/")[2]


def _stand_in_this_order(text: str, *parts: str) -> None:
    places = [text.find(part) for part in parts]
    assert -1 not in places and places == sorted(places), dict(zip(parts, places, strict=True))


def test_the_journey_goes_from_the_button_to_the_status_page(stack: Stack, tmp_path: Path) -> None:
    with w3m(f"{stack.portal}/nl/?gemeente={CONNECTED}", tmp_path) as browser:
        _stand_in_this_order(browser.text, "Naar de inhoud", "Snel weg", "Vraag hulp", "Liever bellen?", "Privacy")
        browser.fill_and_submit({})
        asked = []
        while (step := _step(browser)) != "check":
            assert step not in asked, browser.text
            asked.append(step)
            if step == "name":
                browser.fill_and_submit({})
                assert browser.title.startswith("Fout: ")
                _stand_in_this_order(browser.text, "Dit klopt nog niet", "Hoe heet u?", "Voornaam", "Verder")
            # The municipality of the start page is suggested there.
            browser.fill_and_submit({} if step == "municipality" else ANSWERS[step])
        assert asked == [step for step in ANSWERS if step != "helper"]

        text = browser.text
        _stand_in_this_order(text, "Klopt alles?", "Zoë Jansen", "Wijzig uw naam", "Er is nog niets gepauzeerd")
        browser.fill_and_submit({}, button='input type=submit name="press"')
        assert "/nl/s/" in browser.url
        _stand_in_this_order(
            browser.text,
            "Er is nog niets gepauzeerd.",
            "Zo staat het met uw vraag",
            "Klaar: U drukte op de pauzeknop",
            "De gemeente stuurt de Kennisgeving",
            "Uw kenmerk",
            "Wat kunt u nu doen?",
            "Liever bellen?",
        )
        _look_again_until_received(browser)


def test_another_language_is_one_link_and_keeps_the_place(stack: Stack, tmp_path: Path) -> None:
    with w3m(f"{stack.portal}/nl/?gemeente={CONNECTED}", tmp_path) as browser:
        browser.fill_and_submit({})
        browser.fill_and_submit(ANSWERS["for-whom"])
        here = urlsplit(browser.url).path
        assert _step(browser) == "address"
        browser.follow(here.replace("/nl/", "/en/"))
        assert urlsplit(browser.url).path == here.replace("/nl/", "/en/")
        assert "Postcode" in browser.text


def _look_again_until_received(browser: W3m) -> None:
    """By the link on the page: nothing looks by itself here."""
    deadline = time.monotonic() + _DELIVERY_SECONDS
    while "Klaar: Uw gemeente heeft uw vraag" not in browser.text:
        assert time.monotonic() < deadline, browser.text
        browser.follow(urlsplit(browser.url).path)
