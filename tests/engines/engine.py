"""What a browser engine can be asked, whichever it is, and where on this machine its parts are."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

LIMIT_SECONDS = 30.0
"""For one call, and for one thing that is waited for."""
NOWHERE = "127.0.0.1:9"
"""The proxy of every engine, for all but this machine: nobody answers there, so nothing leaves it."""
_KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Space": " "}
_POLL_SECONDS = 0.03


class EngineFault(Exception):
    """The engine refused a call, did not answer in time, or was between two pages."""


class Engine(Protocol):
    """One tab of one browser. Every call has the limit of `LIMIT_SECONDS`; a call that fails raises EngineFault.

    `script` says whether the scripts of pages run; those of the tests (`run`) always do.
    """

    name: str
    script: bool

    def open(self, url: str) -> None:
        """Go there, and wait until all of the page is loaded."""

    def back(self) -> None:
        """The button of the browser; where it leads may take its time."""

    def resize(self, width: int, height: int) -> None:
        """What a page has for itself, in CSS pixels."""

    def point(self, x: float, y: float) -> None:
        """Press and release the mouse there, in CSS pixels from the corner of what is seen of the page."""

    def keys(self, *codes: str) -> None:
        """Hold these keys down in this order, and let go of them: characters, or those of WebDriver."""

    def run(self, function: str, *given: object) -> Any:
        """What a JavaScript function gives for these arguments in the page; all of it as JSON."""

    def later(self, function: str, *given: object) -> Any:
        """The same for a function that gives a promise. Where `script` is False it may never be kept."""

    def picture(self, path: Path) -> None:
        """Write what is seen of the page as PNG."""


def press(engine: Engine, keys: str) -> None:
    """One key by its name, or several held together: `Tab`, `Shift+Tab`, `Enter`, `Space`."""
    engine.keys(*(_KEYS[key] for key in keys.split("+")))


def write(engine: Engine, text: str) -> None:
    """Type these characters, one after the other."""
    for character in text:
        engine.keys(character)


def wait_until(holds: Callable[[], object], otherwise: str, seconds: float = LIMIT_SECONDS) -> None:
    """Ask again until it holds. Raises AssertionError, with what was last the matter, when the time is over."""
    deadline, last = time.monotonic() + seconds, ""
    while True:
        try:
            if holds():
                return
        except EngineFault as fault:
            # Asked in between two pages: the next time there is one.
            last = f" ({fault})"
        assert time.monotonic() < deadline, otherwise + last
        time.sleep(_POLL_SECONDS)


def found(*names: str) -> str:
    """The first of these programs that is here. Raises AssertionError with the one line to type when none is."""
    paths = [path for name in names if (path := shutil.which(name)) is not None]
    assert paths, f"The tests need {names[0]}. Type: make engines"
    return paths[0]


def quiet_environ(**more: str) -> dict[str, str]:
    """The environment of a browser: this one's, without proxies and without a screen that somebody looks at."""
    unwanted = {"DISPLAY", "WAYLAND_DISPLAY"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.lower().endswith("_proxy")
    }
    return kept | more
