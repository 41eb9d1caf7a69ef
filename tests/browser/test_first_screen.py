"""What everybody has to see before they press stands on the first screen of a small phone."""

from __future__ import annotations

import pytest

from tests.browser.states.gallery import Gallery
from tests.browser.states.others import OTHERS
from tests.browser.visit import PHONE

pytestmark = pytest.mark.browser

STARTS = [state.name for state in OTHERS if state.kind == "start"]
_BOTTOM_OF_WORDS = "points => points.map(point => point.querySelector('span').getBoundingClientRect().bottom)"


@pytest.mark.parametrize("name", STARTS)
def test_the_three_lines_under_the_button_show_without_scrolling(name: str, shown: Gallery) -> None:
    shown.show(f"nl-{name}")
    bottoms = shown.page.eval_on_selector_all(".points .point", _BOTTOM_OF_WORDS)
    assert len(bottoms) == 3
    assert max(bottoms) <= PHONE[1]
