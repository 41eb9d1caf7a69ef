"""axe finds nothing in any state, in Dutch and English, by day and in the dark, with our scripts and without."""

from __future__ import annotations

import pytest

from tests.browser.states import axe
from tests.browser.states.catalogue import DUTCH_FIRST, ROOT, Catalogue
from tests.browser.states.gallery import Gallery

pytestmark = pytest.mark.browser

# What axe cannot decide, and what decides it.
SETTLED = {
    ("color-contrast", '<span class="pause__label">'): "the halo behind the button is no ground of its words; "
    "tests/test_assets.py computes their contrast with the button's own colour",
}
CHANGED_BY_SCRIPT = {"helpers", "letter", "own-device", "situation"}
"""Pages that a script of ours changes as they open: all others are the same with it and without."""

# Parsed as a browser without script does: `DOMParser` never runs any.
_IS_AS_IT_CAME = """html => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return parsed.documentElement.outerHTML === document.documentElement.outerHTML;
}"""


@pytest.mark.parametrize("name", DUTCH_FIRST)
def test_axe_finds_nothing(name: str, shown: Gallery, shown_without_script: Gallery) -> None:
    seen = shown.show(name)
    is_as_it_came = shown.page.evaluate(_IS_AS_IT_CAME, seen.html)
    faults = [*shown.faults, *_findings(shown)]
    if not is_as_it_came:
        assert seen.state.kind in CHANGED_BY_SCRIPT
        shown_without_script.show(name)
        faults += [*shown_without_script.faults, *_findings(shown_without_script)]
    assert faults == []


def test_a_page_without_its_scripts_is_a_page_without_script(catalogue: Catalogue) -> None:
    """axe is a script: it runs where only ours do not. That is the same, as long as nothing asks for script as such."""
    assert [name for name, seen in catalogue.pages.items() if "<noscript" in seen.html] == []
    assert "scripting" not in (ROOT / "static" / "portal.css").read_text(encoding="utf-8")


def test_the_dark_is_dark(shown: Gallery) -> None:
    """Else what is judged in the dark would be judged by day twice."""
    shown.show("nl-start")
    assert "dark" in shown.page.evaluate("() => getComputedStyle(document.documentElement).colorScheme")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    by_day = shown.page.evaluate(ground)
    shown.page.emulate_media(color_scheme="dark")
    in_the_dark = shown.page.evaluate(ground)
    shown.page.emulate_media(color_scheme="light")
    assert in_the_dark != by_day


def _findings(gallery: Gallery) -> list[str]:
    page = gallery.page
    gallery.unfold()
    page.evaluate("() => scrollTo(0, 0)")
    found = [*axe.findings(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {one}" for one in axe.findings(page, rules=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    return [one for one in found if not _is_settled(one)]


def _is_settled(finding: str) -> bool:
    return any(f"axe incomplete {rule}: {html}" in finding for rule, html in SETTLED)
