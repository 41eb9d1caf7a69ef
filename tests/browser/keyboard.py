"""Somebody who has a keyboard only: every stop on the way is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.walk import Answers

_SCRIPT = (Path(__file__).parent / "keyboard.js").read_text(encoding="utf-8").strip()
_MOST_STOPS = 60
_LEAST_SIZE = 24

Stop = dict[str, Any]


@dataclass
class Keyboard:
    """The keys of one page. `faults` says of which stop something is the matter, and what."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def here(self) -> Stop | None:
        """The stop that has the focus; None when nothing has."""
        stop: Stop | None = self.page.evaluate(f"() => {_SCRIPT}.here()")
        return stop

    def press(self, key: str) -> None:
        """One key, or several held together: `Shift+Tab`."""
        self.page.keyboard.press(key)

    def follow(self, key: str) -> None:
        """One key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)

    def through(self, answers: Answers) -> None:
        """Tab through the page from where the focus is to its end, and fill in what it asks on the way."""
        expected, reached = self._expected(), [self.here()]
        if (first := reached[0]) is not None and first["name"] in answers:
            self._give(first, answers[first["name"]])
        while (stop := self._next("Tab")) is not None:
            assert len(reached) < _MOST_STOPS, f"no end: {[one and one['key'] for one in reached]}"
            # After the last stop comes the browser itself, or the first stop again.
            if len(reached) > 1 and stop["key"] == next(iter(expected)):
                break
            reached.append(stop)
            self._judge(stop, expected.get(stop["key"]))
            if stop["name"] in answers:
                self._give(stop, answers[stop["name"]])
        keys = [one["key"] for one in reached if one is not None and one["key"] in expected]
        wanted = list(expected)[list(expected).index(keys[0]) :] if keys else ["a stop"]
        if keys != wanted:
            self.faults.append(f"{self.page.url}: Tab comes to {keys}, reading to {wanted}")

    def back_to(self, selector: str) -> None:
        """Shift+Tab until this has the focus."""
        for _ in range(_MOST_STOPS):
            self.press("Shift+Tab")
            if self.page.locator(f"{selector}:focus").count():
                stop = self.here()
                assert stop
                self._judge(stop)
                return
        raise AssertionError(f"Shift+Tab does not come to {selector}")

    def _next(self, key: str) -> Stop | None:
        self.press(key)
        return self.here()

    def _expected(self) -> dict[str, Stop]:
        stops: list[Stop] = self.page.evaluate(f"() => {_SCRIPT}.stops()")
        inside = [stop for stop in stops if not stop["isFloating"]]
        for one, other in pairwise(inside):
            is_below = other["top"] >= one["bottom"] - 12
            is_beside = other["left"] >= one["right"] - 1
            if not (is_below or is_beside):
                self.faults.append(f"{self.page.url}: {other['key']} is read before {one['key']}")
        return {stop["key"]: stop for stop in stops}

    def _judge(self, stop: Stop, before: Stop | None = None) -> None:
        """`before` is the same stop while the focus was elsewhere."""
        faults = []
        if not stop["hasRing"] or (before is not None and before["look"] == stop["look"]):
            faults.append("does not show that it has the focus")
        if stop["isOutOfSight"] or stop["over"]:
            faults.append(f"is hidden by {stop['over'] or 'the edge of the screen'}")
        if stop["width"] < _LEAST_SIZE or stop["height"] < _LEAST_SIZE:
            faults.append(f"is {stop['width']} by {stop['height']}")
        self.faults += [f"{self.page.url}: {stop['key']} {fault}" for fault in faults]

    def _give(self, stop: Stop, given: str | list[str]) -> None:
        if stop["type"] == "radio":
            assert isinstance(given, str)
            self._choose(stop, given)
        elif stop["type"] == "checkbox":
            wanted = stop["value"] in given
            if wanted != stop["isChecked"]:
                self.press("Space")
        else:
            assert isinstance(given, str)
            if stop["type"] != "select-one":
                self.press("Control+a")
            self.page.keyboard.type(given)

    def _choose(self, stop: Stop, wanted: str) -> None:
        self.press("Space")
        for _ in range(_MOST_STOPS):
            if stop["value"] == wanted:
                assert stop["isChecked"] or self.page.locator(":focus:checked").count()
                return
            stop = self._next("ArrowDown") or stop
        raise AssertionError(f"the arrows do not come to {wanted}")
