"""What was erased does not come back by the button Back, although these engines keep whole pages for it."""

from __future__ import annotations

import pytest

from tests.browser.stack import CONNECTED, Stack
from tests.browser.visit import SUBMIT
from tests.browser.walk import ANSWERS
from tests.engines.engine import wait_until
from tests.engines.tab import PAUSE, Tab

pytestmark = [pytest.mark.engines, pytest.mark.long]

_TYPED = "Wisselaar"
# In the text, or in any field, typed or sent along.
_SHOWS = """typed => document.body.innerText.includes(typed)
  || [...document.querySelectorAll("input")].some((one) => one.value.includes(typed))"""


def test_back_after_delete_brings_nothing_back(tab: Tab, stack: Stack) -> None:
    pages = to_deleted(tab, stack)
    for _ in range(pages):
        tab.back()
        wait_until(lambda: not tab.engine.run(_SHOWS, _TYPED), f"{tab.address} still shows what was typed")
    assert tab.has(PAUSE)


def to_deleted(tab: Tab, stack: Stack) -> int:
    """Answer until the check page, and delete everything; how many pages there are behind the last one."""
    tab.open(f"{stack.portal}/nl/?gemeente={CONNECTED}")
    tab.follow(PAUSE)
    pages = 1
    while (step := tab.step) != "check":
        tab.fill(ANSWERS[step] | ({"family_name": _TYPED} if step == "name" else {}))
        tab.follow(SUBMIT)
        pages += 1
    assert tab.engine.run(_SHOWS, _TYPED)
    tab.follow('main a[href="delete"]')
    tab.follow(SUBMIT)
    assert tab.step == "deleted"
    return pages + 2
