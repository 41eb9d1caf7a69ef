"""Where no style sheet comes, or none is wanted: the same pages, in an order that makes sense, nothing oversized."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visits
from tests.browser.states.catalogue import ONE_OF_EACH, Catalogue
from tests.browser.states.gallery import Gallery, gallery
from tests.browser.walk import ANSWERS, begin, step_of, to_check

pytestmark = pytest.mark.browser

_LARGEST_DRAWING = 64
# Runs in the page. Sentences of what makes no sense; none when all is well.
_MAKES_SENSE = """largest => {
  const faults = [];
  const top = (element) => element.getBoundingClientRect().top;
  const parts = [...document.querySelectorAll(".skip, header, main, footer")];
  if (parts.length !== 4) { faults.push(`${parts.length} parts`); }
  if (getComputedStyle(document.body).margin !== "8px") { faults.push("there is a style sheet"); }
  parts.slice(1).forEach((part, place) => {
    if (top(part) < top(parts[place])) { faults.push(`${part.tagName} stands above what comes before it`); }
  });
  const target = document.querySelector(parts[0].getAttribute("href"));
  if (target !== document.querySelector("main")) { faults.push("the first link does not skip to the content"); }
  for (const field of document.querySelectorAll("main :is(input:not([type=hidden]), select)")) {
    const label = field.labels[0];
    if (!label || !label.checkVisibility() || !label.innerText.trim()) { faults.push(`${field.id} has no label`); }
    else if (Math.abs(top(label) - top(field)) > 160) { faults.push(`${field.id} is far from its label`); }
  }
  for (const drawing of document.querySelectorAll("main svg:not(.qr svg, [width='100%'])")) {
    const { width, height } = drawing.getBoundingClientRect();
    if (Math.max(width, height) > largest) { faults.push(`a drawing of ${width} by ${height}`); }
  }
  if (document.documentElement.scrollWidth > screen.width) {
    faults.push(`${document.documentElement.scrollWidth} px wide`);
  }
  return faults;
}"""


@pytest.fixture(scope="module")
def shown_without_style(chromium: Browser, catalogue: Catalogue) -> Iterator[Gallery]:
    """Every state, on a phone that gets no style sheet."""
    with gallery(chromium, catalogue) as opened:
        opened.page.route("**/*.css", lambda route: route.abort())
        yield opened


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_page_without_style_makes_sense(name: str, shown_without_style: Gallery) -> None:
    shown_without_style.show(name)
    assert shown_without_style.page.evaluate(_MAKES_SENSE, _LARGEST_DRAWING) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_journey_goes_without_style(visits: Visits, script: bool) -> None:
    with visits(script=script, label="no-style") as visit:
        visit.page.route("**/*.css", lambda route: route.abort())
        begin(visit)
        expect(visit.page.locator("h1")).to_be_visible()
        asked = to_check(visit)
        assert asked == [step for step in ANSWERS if step != "helper"]
        assert step_of(visit.page) == "check"
        visit.press()
        expect(visit.page.locator("main[data-status]")).to_be_visible()
        # What the browser says of the sheets that the test took away.
        visit.faults = [fault for fault in visit.faults if "net::ERR_FAILED" not in fault]
