"""What a resident does in a tab, and what is judged there: the same for all engines, by names of fields only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.browser.states import axe
from tests.browser.visit import NARROW, PHONE
from tests.browser.walk import Answers
from tests.engines.engine import Engine, press, wait_until, write

PAUSE = "button.pause"
STATUS = "main[data-status]"
MOST_STOPS = 80
_A_MOMENT = 10.0
# Where to point at it; or the reason why nobody could.
_SPOT = """selector => {
  const one = document.querySelector(selector);
  if (!one) { return `${selector} is not there`; }
  one.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = one.getClientRects()[0] ?? new DOMRect();
  const x = left + width / 2, y = top + height / 2, hit = document.elementFromPoint(x, y);
  const isHit = hit && (one.contains(hit) || one.labels?.[0]?.contains(hit));
  return isHit ? [x, y] : `${hit?.outerHTML.slice(0, 80)} lies over ${selector}`;
}"""
_DOCUMENT = "() => performance.timeOrigin"
_OTHER_DOCUMENT = 'before => performance.timeOrigin !== before && document.readyState === "complete"'
_FIELD = """name => {
  const all = [...document.querySelectorAll(`main [name="${name}"]`)];
  return { type: all[0].type, checked: all.filter((one) => one.checked).map((one) => one.value) };
}"""
_SELECT_ALL = 'name => document.querySelector(`main [name="${name}"]`).select()'
_OPTION = """(name, value) => {
  const list = document.querySelector(`main [name="${name}"]`);
  list.focus();
  return [...list.options].find((one) => one.value === value).label;
}"""
_VALUE = 'name => document.querySelector(`main [name="${name}"]`).value'
# Not clientWidth: a page that is too wide may widen that.
_TOO_WIDE = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"
_LANGUAGE = """() => [document.documentElement.lang, document.documentElement.dir,
  getComputedStyle(document.querySelector("h1")).direction]"""
# What opens in the head lies over the page: axe would call hidden what is only behind it.
_SET_OPEN = """(which, open) => {
  const all = [...document.querySelectorAll("main details")];
  const opened = which ?? all.flatMap((one, place) => one.open ? [] : [place]);
  opened.forEach((place) => { all[place].open = open; });
  return opened;
}"""


@dataclass
class Tab:
    """A resident with this engine on a phone. `faults` is what was the matter with the pages that were judged."""

    engine: Engine
    faults: list[str] = field(default_factory=list)

    def open(self, url: str) -> None:
        """Go to an address."""
        self.engine.open(url)

    @property
    def step(self) -> str:
        """The question that the page asks: the last part of its address."""
        return urlsplit(self.address).path.rpartition("/")[2]

    @property
    def address(self) -> str:
        """Of the page."""
        return str(self.engine.run("() => location.href"))

    def has(self, selector: str) -> bool:
        """Whether there is one."""
        return bool(self.engine.run("selector => document.querySelector(selector) !== null", selector))

    def value(self, name: str) -> str:
        """What stands in a field."""
        return str(self.engine.run(_VALUE, name))

    def click(self, selector: str) -> None:
        """Point at the middle of it. Raises AssertionError when something else lies there."""
        spot = self.engine.run(_SPOT, selector)
        assert isinstance(spot, list), spot
        self.engine.point(*spot)

    def follow(self, selector: str) -> None:
        """Click, and wait for the page that it leads to."""
        before = self.engine.run(_DOCUMENT)
        self.click(selector)
        # Under load Firefox now and then loses a click: whoever sees nothing happen presses once more.
        with suppress(AssertionError):
            wait_until(lambda: self.engine.run(_OTHER_DOCUMENT, before), "nothing happened yet", _A_MOMENT)
            return
        self.click(selector)
        wait_until(lambda: self.engine.run(_OTHER_DOCUMENT, before), f"{selector} leads nowhere")

    def back(self) -> None:
        """The browser's own button, and the wait for another page: a new one, or one that was kept."""
        before = self.engine.run(_DOCUMENT)
        self.engine.back()
        wait_until(lambda: self.engine.run(_OTHER_DOCUMENT, before), "back leads nowhere")

    def fill(self, answers: Answers) -> None:
        """Put answers into the fields with these names; a list ticks boxes. A list is chosen from by typing."""
        for name, given in answers.items():
            kind = self.engine.run(_FIELD, name)
            if kind["type"] in {"radio", "checkbox"}:
                for value in [given] if isinstance(given, str) else given:
                    if value not in kind["checked"]:
                        self.click(f'main [name="{name}"][value="{value}"]')
            elif kind["type"] == "select-one":
                write(self.engine, str(self.engine.run(_OPTION, name, given)))
                assert self.value(name) == given
            else:
                self.click(f'main [name="{name}"]')
                self.engine.run(_SELECT_ALL, name)
                write(self.engine, str(given))

    def focus_is_on(self, selector: str) -> None:
        """Wait until what has the focus is this."""
        is_there = "selector => document.activeElement?.matches(selector) === true"
        wait_until(lambda: self.engine.run(is_there, selector), f"the focus does not come to {selector}")

    def tab_to(self, selector: str) -> None:
        """Tab until this has the focus."""
        for _ in range(MOST_STOPS):
            press(self.engine, "Tab")
            if self.engine.run("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab does not come to {selector}")

    def seen(self, name: str, lang: str) -> None:
        """Judge the page as it is now, with all that its content can show: language, width and what axe finds."""
        opened = self.engine.run(_SET_OPEN, None, True)
        self.faults += [f"{name}: {fault}" for fault in self._faults(lang)]
        self.engine.run(_SET_OPEN, opened, False)

    def _faults(self, lang: str) -> Iterator[str]:
        direction = "rtl" if lang in {"ar", "fa"} else "ltr"
        if (told := self.engine.run(_LANGUAGE)) != [lang, direction, direction]:
            yield f"says of itself {told}"
        for width, height in (NARROW, PHONE):
            self.engine.resize(width, height)
            if wider := self.engine.run(_TOO_WIDE):
                yield f"{wider} px wider than a screen of {width}"
        # In Firefox no promise is kept where script is off; WebKit only leaves out the scripts of the page.
        if self.engine.script or self.engine.name == "webkit":
            yield from self.axe(axe.RUN)

    def axe(self, run: str) -> Iterator[str]:
        """What axe finds, asked in this way (`axe.RUN`, or a part of the page only)."""
        self.engine.run(f"() => {{ {axe.source()} }}")
        yield from axe.sentences(self.engine.later(run, axe.only()), ["violations"])
