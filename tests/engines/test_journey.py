"""From the start page to the status page in Firefox and WebKit, from left to right and from right to left."""

from __future__ import annotations

import pytest

from tests.browser.stack import CONNECTED, Stack
from tests.browser.visit import SUBMIT
from tests.browser.walk import ANSWERS
from tests.engines.conftest import LANGUAGES
from tests.engines.engine import wait_until
from tests.engines.tab import PAUSE, STATUS, Tab

pytestmark = [pytest.mark.engines, pytest.mark.long]

_MAIN = "() => document.querySelector('main').textContent"
_SUMMARY = "#error-summary"
_LANGUAGE_LINK = "nav a[hreflang={}]"
_OPEN_AROUND = """selector => {
  const around = document.querySelector(selector).closest("details");
  if (around) { around.open = true; }
}"""
# The one that is asked in the middle, and one that was answered by then.
_SWITCH_AT, _SAVED = "name", ("address", "postcode")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_way(lang: str, tab: Tab, stack: Stack) -> None:
    the_whole_way(tab, stack, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_way_without_script(lang: str, tab_without_script: Tab, stack: Stack) -> None:
    the_whole_way(tab_without_script, stack, lang)


def test_the_whole_way_where_nothing_can_be_stored(tab_without_storage: Tab, stack: Stack) -> None:
    the_whole_way(tab_without_storage, stack, "nl")


def the_whole_way(tab: Tab, stack: Stack, lang: str) -> None:
    """Every question is answered wrongly first; in the middle the language is changed, and changed back."""
    tab.open(f"{stack.portal}/{lang}/?gemeente={CONNECTED}")
    tab.seen("start", lang)
    tab.follow(PAUSE)
    asked: list[str] = []
    while (step := tab.step) != "check":
        assert step not in asked, f"{step} is asked again after {asked}: {tab.engine.run(_MAIN)}"
        asked.append(step)
        tab.seen(step, lang)
        # The municipality of the start page is chosen already: nothing is wrong there.
        if step != "municipality":
            tab.follow(SUBMIT)
            starts_reading_at_the_mistake(tab)
            tab.seen(f"{step} with a mistake", lang)
        if step == _SWITCH_AT:
            switches_and_keeps_what_was_saved(tab, lang)
        tab.fill(ANSWERS[step])
        tab.follow(SUBMIT)
    assert asked == [step for step in ANSWERS if step != "helper"]
    tab.seen("check", lang)
    assert "Zoë Jansen" in tab.engine.run(_MAIN)
    tab.follow(PAUSE)
    wait_until(lambda: tab.has(STATUS), "no status page")
    tab.seen("status", lang)
    assert tab.faults == []


def starts_reading_at_the_mistake(tab: Tab) -> None:
    """The focus is on the summary without a hand moved, and one link from the field."""
    tab.focus_is_on(_SUMMARY)
    link = f"{_SUMMARY} a"
    target = str(tab.engine.run("selector => document.querySelector(selector).getAttribute('href')", link))
    tab.click(link)
    tab.focus_is_on(target)


def switches_and_keeps_what_was_saved(tab: Tab, lang: str) -> None:
    """To English and back, by the links that every page has: the same question, and what was saved is there."""
    here = tab.address.partition("#")[0]
    to_language(tab, "en")
    assert tab.step == _SWITCH_AT
    step, name = _SAVED
    tab.open(tab.address.replace(f"/{_SWITCH_AT}", f"/{step}"))
    assert tab.value(name).replace(" ", "") == "1012AB"
    tab.open(here.replace(f"/{lang}/", "/en/"))
    to_language(tab, lang)
    assert tab.address == here


def to_language(tab: Tab, lang: str) -> None:
    """Follow the link to this language."""
    link = _LANGUAGE_LINK.format(lang)
    tab.engine.run(_OPEN_AROUND, link)
    tab.follow(link)
    assert tab.engine.run("() => document.documentElement.lang") == lang
