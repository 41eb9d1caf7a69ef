"""What needs no picture to be judged: nothing moves, nothing is said by colour alone, mistakes lead to their field."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.states.catalogue import DUTCH_FIRST, ONE_OF_EACH, Catalogue
from tests.browser.states.gallery import Gallery
from tests.browser.visit import error_title

pytestmark = pytest.mark.browser

# Runs in the page. Everything that moves or would move by itself, of elements and of what the style sheet adds to them.
_MOVES = """() => {
  const moving = [];
  const seconds = (times) => Math.max(...times.split(",").map(parseFloat));
  for (const one of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(one, part);
      const isStill = style.animationName === "none" && style.scrollBehavior !== "smooth";
      if (!isStill || seconds(style.transitionDuration) > 0) {
        moving.push(`${one.tagName}.${one.className} ${part ?? ""}`);
      }
    }
  }
  const restless = [...document.getAnimations(), ...document.querySelectorAll("marquee, blink, video")];
  return [...moving, ...restless.map(String)];
}"""
# Runs in the page. Where colour is the only sign (1.4.1): of a state, of a mistake, of a link between words.
_BY_COLOUR_ALONE = """() => {
  const faults = [];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const name = (one) => one.outerHTML.slice(0, 100);
  for (const station of document.querySelectorAll(".station")) {
    if (!station.querySelector(".badge")?.innerText.trim()) { faults.push(`no word at ${name(station)}`); }
    if (!station.querySelector(".station__mark svg")) { faults.push(`no sign at ${name(station)}`); }
  }
  for (const box of document.querySelectorAll(".alert")) {
    if (!box.querySelector(".alert__content")?.innerText.trim()) { faults.push(`no word in ${name(box)}`); }
    if (!box.querySelector(":scope > svg")) { faults.push(`no sign in ${name(box)}`); }
  }
  for (const field of document.querySelectorAll("[aria-invalid=true]")) {
    const around = field.closest("fieldset[aria-describedby]");
    const ids = [field, around].flatMap((one) => one?.getAttribute("aria-describedby")?.split(" ") ?? []);
    const message = ids.map((id) => document.getElementById(id)).find((one) => one?.matches(".error"));
    if (!message || !shown(message) || !message.querySelector("svg")) { faults.push(`no message at ${name(field)}`); }
  }
  for (const link of document.querySelectorAll("main a[href], .foot a[href]")) {
    const isButton = link.matches(".utrecht-button");
    if (shown(link) && !isButton && !getComputedStyle(link).textDecorationLine.includes("underline")) {
      faults.push(`no line below ${name(link)}`);
    }
  }
  return faults;
}"""
# Runs in the page. What each link of the error summary says, and whether it leads to the field that says the same.
_LED_ASTRAY = """() => {
  const links = [...document.querySelectorAll("#error-summary a[href^='#']")], faults = [];
  for (const link of links) {
    const said = link.textContent.trim(), field = document.querySelector(link.hash);
    link.click();
    if (!field || document.activeElement !== field) { faults.push(`${said}: leads to no field`); continue; }
    const around = field.closest("fieldset[aria-describedby]");
    const ids = [field, around].flatMap((one) => one?.getAttribute("aria-describedby")?.split(" ") ?? []);
    const told = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
    if (!told.includes(said)) { faults.push(`${said}: the field says ${told}`); }
    const box = field.getBoundingClientRect();
    if (box.top < document.querySelector(".head").getBoundingClientRect().bottom - 1 || box.bottom > innerHeight) {
      faults.push(`${said}: the field is out of sight`);
    }
  }
  return [links.length, faults];
}"""


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_nothing_moves_where_that_is_not_wanted_and_no_colour_is_the_only_sign(name: str, shown: Gallery) -> None:
    shown.show(name)
    shown.page.emulate_media(reduced_motion="reduce")
    faults: list[str] = shown.page.evaluate(_MOVES)
    shown.page.emulate_media(reduced_motion="no-preference")
    assert faults + shown.page.evaluate(_BY_COLOUR_ALONE) == []


def test_what_moves_is_found(shown: Gallery) -> None:
    """Where motion is not refused the button does move: so silence about it means something."""
    shown.show("nl-start")
    shown.page.emulate_media(reduced_motion="no-preference")
    assert "BUTTON.pause ::before" in shown.page.evaluate(_MOVES)


@pytest.mark.parametrize("name", DUTCH_FIRST)
def test_reading_starts_at_what_is_wrong_and_each_mistake_leads_to_its_field(name: str, shown: Gallery) -> None:
    seen = shown.show(name)
    page = shown.page
    if 'id="error-summary"' not in seen.html:
        assert page.evaluate("() => document.activeElement === document.body")
        return
    page.wait_for_function("() => document.activeElement.id === 'error-summary'")
    answer: list[Any] = page.evaluate(_LED_ASTRAY)
    count, faults = answer
    assert faults == []
    # Without links it is a notice: something happened with the page, and nobody made a mistake.
    assert (count > 0) == ("utrecht-form-field-error-message" in seen.html)
    assert page.title().startswith(error_title(seen.lang)) == (count > 0)


def test_nobody_is_tested_on_memory_and_nothing_forbids_to_paste(catalogue: Catalogue) -> None:
    """3.3.8: no page asks for a password, for the words in a picture or for a sum; links do what passwords would."""
    asks = re.compile(r'type="password"|captcha|onpaste|autocomplete="(?:current|new)-password|one-time-code', re.I)
    assert [name for name, seen in catalogue.pages.items() if asks.search(seen.html)] == []
    scripts = [content for path, (_, content) in catalogue.files.items() if path.endswith(".js")]
    assert scripts and not any(b"paste" in script for script in scripts)


def test_the_same_help_stands_in_the_same_place_of_every_page(catalogue: Catalogue) -> None:
    """3.2.6: first in the foot a phone, then another way; the links below it are the same and in the same order."""
    feet: dict[str, set[str]] = {}
    for seen in catalogue.pages.values():
        _, found, foot = seen.html.partition('<footer class="foot">')
        assert found, seen.name
        # A language that nobody reviewed says so before.
        assert re.match(r"\s*(?:<p>(?:(?!</p>).)*</p>\s*)?<p><strong>[^<]+\?</strong>", foot, re.S), seen.name
        links = re.findall(r'<a href="(/[^"?]*)', foot.partition("<nav")[2])
        feet.setdefault(seen.lang, set()).add(" ".join(links))
    assert {lang: len(kinds) for lang, kinds in feet.items()} == dict.fromkeys(feet, 1)


def test_pages_of_another_kind_have_another_title(catalogue: Catalogue) -> None:
    """2.4.2: no two questions, nor a question and what comes after it, have one title, unless they are the same."""
    kinds: dict[tuple[str, str], dict[str, str]] = {}
    for seen in catalogue.pages.values():
        title = re.search(r"<title>(?:\S+: )?(.*?)</title>", seen.html)
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", seen.html, re.S)
        assert title and heading, seen.name
        kinds.setdefault((seen.lang, title[1]), {}).setdefault(seen.state.kind, heading[1])
    assert {title: said for title, said in kinds.items() if len(set(said.values())) > 1} == {}
