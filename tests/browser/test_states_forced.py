"""In forced colours everything that can be used still shows where it is, and what is chosen (WCAG 1.4.1, 1.4.11)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FloatRect

from tests.browser.colours import picture, seen_changes
from tests.browser.states.catalogue import ONE_OF_EACH, Catalogue
from tests.browser.states.gallery import Gallery, gallery
from tests.browser.visit import shot

pytestmark = pytest.mark.browser

# A mark of 24 px: its check or its dot.
_LEAST_MARK = 40
# Runs in the page. What has no edge that is drawn by lines: backgrounds and shadows are gone in forced colours.
_WITHOUT_EDGE = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".hidden, .skip");
  const ground = getComputedStyle(document.body).backgroundColor;
  const hasLine = (style, side) => style[`border${side}Style`] !== "none" &&
    parseFloat(style[`border${side}Width`]) >= 1 && style[`border${side}Color`] !== ground;
  const name = (one) => one.outerHTML.slice(0, 120);
  const faults = [];
  if (!matchMedia("(forced-colors: active)").matches) { faults.push("the colours are not forced"); }
  const edged = "input:not([type=hidden]), select, button, .utrecht-button, .station__mark";
  for (const control of document.querySelectorAll(edged)) {
    const style = getComputedStyle(control);
    if (shown(control) && !["Top", "Right", "Bottom", "Left"].every((side) => hasLine(style, side))) {
      faults.push(`no edge around ${name(control)}`);
    }
  }
  for (const box of document.querySelectorAll(".alert, .card, .letter")) {
    const style = getComputedStyle(box);
    if (shown(box) && !["Top", "Right", "Bottom", "Left"].some((side) => hasLine(style, side))) {
      faults.push(`no edge of ${name(box)}`);
    }
  }
  for (const icon of document.querySelectorAll(".icon")) {
    const line = getComputedStyle(icon).stroke;
    if (shown(icon) && (line === "none" || line === ground)) { faults.push(`not drawn: ${name(icon)}`); }
  }
  return faults;
}"""
_PLACES_OF_MARKS = """() => [...document.querySelectorAll(".choice__input:checked")].map((one) => {
  const { left, right, top } = one.getBoundingClientRect(), isRight = getComputedStyle(one).direction === "rtl";
  return { x: (isRight ? right - 48 : left + 8) + scrollX, y: top + 8 + scrollY, width: 40, height: 40 };
})"""
_UNCHOOSE = "() => document.querySelectorAll('.choice__input').forEach((one) => { one.checked = false; })"


@pytest.fixture(scope="module")
def shown_forced(chromium: Browser, catalogue: Catalogue) -> Iterator[Gallery]:
    """Every state, by somebody who chose the colours themselves."""
    with gallery(chromium, catalogue) as opened:
        opened.page.emulate_media(forced_colors="active")
        yield opened


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_controls_boxes_and_drawings_keep_their_lines(name: str, shown_forced: Gallery) -> None:
    shown_forced.show(name)
    shot(shown_forced.page, f"forced-{name}")
    assert shown_forced.page.evaluate(_WITHOUT_EDGE) == []


@pytest.mark.parametrize("name", ["nl-for-whom-filled", "nl-urgent-filled", "nl-contact-filled", "nl-updates-filled"])
@pytest.mark.parametrize("forced", ["active", "none"])
def test_what_is_chosen_looks_chosen(name: str, forced: str, shown: Gallery) -> None:
    page = shown.page
    shown.show(name)
    page.emulate_media(forced_colors="active" if forced == "active" else "none")
    try:
        places: list[FloatRect] = page.evaluate(_PLACES_OF_MARKS)
        assert places
        chosen = [picture(page.screenshot(clip=place, full_page=True)) for place in places]
        page.evaluate(_UNCHOOSE)
        not_chosen = [picture(page.screenshot(clip=place, full_page=True)) for place in places]
    finally:
        page.emulate_media(forced_colors="none")
    assert min(seen_changes(*pair) for pair in zip(not_chosen, chosen, strict=True)) >= _LEAST_MARK
