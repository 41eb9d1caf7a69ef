"""Every state in Firefox and WebKit, in Dutch and Arabic: axe finds nothing, nothing is too wide, focus can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.states.catalogue import STATES
from tests.engines.conftest import LANGUAGES
from tests.engines.engine import press
from tests.engines.shelf import Shelf
from tests.engines.tab import MOST_STOPS, Tab

pytestmark = [pytest.mark.engines, pytest.mark.long]

KINDS = tuple(dict.fromkeys(state.kind for state in STATES))
_KEYBOARD = (Path(__file__).parents[1] / "browser" / "keyboard.js").read_text(encoding="utf-8").strip()
_LOOKS = f"() => Object.fromEntries({_KEYBOARD}.stops().map((stop) => [stop.key, stop.look]))"
_HERE = f"() => {_KEYBOARD}.here()"
_OPEN_THE_MENU = "() => document.querySelectorAll('header details').forEach((one) => { one.open = true; })"
_AXE_ON_THE_HEAD = "only => axe.run(document.querySelector('header'), {runOnly: only, resultTypes: ['violations']})"
# Pages of a kind are made of the same: of each the one that asks or says the most is enough for the keyboard.
_RICHEST = tuple({state.kind: state.name for state in STATES}.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_is_accessible_and_fits(lang: str, kind: str, tab: Tab, states: Shelf) -> None:
    states.unknown.clear()
    names = [f"{lang}-{state.name}" for state in STATES if state.kind == kind]
    for name in names:
        tab.open(f"{states.url}/{name}")
        tab.seen(name, lang)
    assert [*tab.faults, *states.unknown] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_menu_of_languages_is_accessible(lang: str, tab: Tab, states: Shelf) -> None:
    tab.open(f"{states.url}/{lang}-start")
    tab.engine.run(_OPEN_THE_MENU)
    assert [*tab.axe(_AXE_ON_THE_HEAD)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_stop_of_the_keyboard_is_drawn(lang: str, tab: Tab, states: Shelf) -> None:
    faults: list[str] = []
    for name in (f"{lang}-{one}" for one in _RICHEST):
        tab.open(f"{states.url}/{name}")
        _come_back(tab)
        faults += [f"{name}: {fault}" for fault in _undrawn(tab)]
    assert faults == []


def _come_back(tab: Tab) -> None:
    """After the last stop of a page Tab goes on in the browser's own window, and from there back into the page."""
    for _ in range(MOST_STOPS):
        if tab.engine.run("() => document.hasFocus()"):
            break
        press(tab.engine, "Tab")
    else:
        raise AssertionError("Tab does not come back into the page")
    tab.engine.run("() => { document.activeElement.blur(); }")


def _undrawn(tab: Tab) -> list[str]:
    """What is the matter with the stops of a page; that there is none, too."""
    before = tab.engine.run(_LOOKS)
    reached: dict[str, str] = {}
    for _ in range(MOST_STOPS):
        press(tab.engine, "Tab")
        stop = tab.engine.run(_HERE)
        if stop is None or stop["key"] in reached:
            break
        has_ring = stop["hasRing"] and stop["look"] != before.get(stop["key"])
        reached[stop["key"]] = "" if has_ring else f"{stop['key']} does not show that it has the focus"
    assert reached, "Tab comes to nothing"
    return [fault for fault in reached.values() if fault]
