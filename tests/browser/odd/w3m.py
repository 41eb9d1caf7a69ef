"""w3m, a browser of text: driven by its keys in a terminal, its own forms filled in as somebody does who uses it."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.browser.walk import Answers

_PATIENCE_SECONDS = 20.0
_MOST_STOPS = 120
_TELL, _SAVE, _LEAVE = "\x1ba", "\x1bb", "\x1bq"
_TOP, _NEXT, _ENTER, _KILL_LINE, _ANY_KEY = "g", "\t", "\r", "\x15", " "
# What w3m gives to a command that it starts, in a file, as a whole or not at all.
_KEYS = """keymap M-a EXEC_SHELL "env -0 | grep -az ^W3M_ > {told}.part; mv {told}.part {told}"
keymap M-b PRINT {page}
keymap M-q ABORT
"""
_SETTINGS = "use_cookie 0\nconfirm_qq 0\nuse_history 0\n"
_PRIMARY = "input type=submit (POST"
"""How w3m names a button that has no name itself: that is the one that leads on."""


@dataclass
class W3m:
    """A terminal with w3m in it."""

    terminal: int
    folder: Path

    @property
    def url(self) -> str:
        """The address of the page."""
        return self._told()["W3M_URL"]

    @property
    def title(self) -> str:
        """The title of the page."""
        return self._told()["W3M_TITLE"]

    @property
    def text(self) -> str:
        """The whole page as w3m shows it, in one line."""
        page = self.folder / "page"
        page.unlink(missing_ok=True)
        self._type(_SAVE)
        # What is told after it was asked for is told when the page is there.
        self._told()
        return " ".join(page.read_text("utf-8").split())

    def fill_and_submit(self, answers: Answers, *, button: str = _PRIMARY) -> None:
        """Go from stop to stop, give each answer in its field, and press the first button of this kind below them."""
        left = dict(answers)
        for form in self._stops():
            name = form.partition('name="')[2].partition('"')[0]
            if name in answers and self._give(form, answers[name]):
                left.pop(name, None)
            if form.startswith(button) and not left:
                self._type(_ENTER)
                return
        raise AssertionError(f"no place for {left}, or no {button}, on {self.url}: {self.text}")

    def follow(self, ending: str) -> None:
        """Follow the first link whose address ends so."""
        self._type(_TOP)
        for _ in range(_MOST_STOPS):
            if self._told()["W3M_CURRENT_LINK"].endswith(ending):
                self._type(_ENTER)
                return
            self._type(_NEXT)
        raise AssertionError(f"no link to {ending} on {self.url}: {self.text}")

    def leave(self) -> None:
        """Ends."""
        with suppress(OSError):
            self._type(_LEAVE)

    def _give(self, form: str, given: str | list[str]) -> bool:
        """Whether this is the place of (one of) these answers; each is given once."""
        value = form.partition('value="')[2].partition('"')[0]
        if "type=radio" in form or "type=checkbox" in form:
            if value not in given:
                return False
            self._type(_ENTER)
            return isinstance(given, str) or value == given[-1]
        assert isinstance(given, str)
        self._type(_ENTER)
        self._type(_KILL_LINE + given + _ENTER)
        return True

    def _stops(self) -> Iterator[str]:
        """What w3m says of each link or field, in its own order; empty for a link."""
        self._type(_TOP)
        before = None
        for _ in range(_MOST_STOPS):
            told = self._told()
            place = (told["W3M_CURRENT_LINE"], told["W3M_CURRENT_COLUMN"])
            if place == before:
                return
            before = place
            yield told["W3M_CURRENT_FORM"]
            self._type(_NEXT)

    def _type(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def _told(self) -> dict[str, str]:
        """What w3m knows when it comes to this key: all keys before it were obeyed by then."""
        told = self.folder / "told"
        told.unlink(missing_ok=True)
        self._type(_TELL)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        # While its command runs the terminal gathers lines, and would obey some keys itself.
        while not told.exists() or termios.tcgetattr(self.terminal)[3] & termios.ICANON:
            assert time.monotonic() < deadline, "w3m does not answer"
            self._look()
        self._type(_ANY_KEY)
        # The word under the cursor may be cut off inside a letter.
        lines = told.read_bytes().decode("utf-8", "replace").split("\0")
        return dict(line.split("=", 1) for line in lines if line)

    def _look(self) -> None:
        """A terminal that is not read stands still."""
        if select.select([self.terminal], [], [], 0.02)[0]:
            os.read(self.terminal, 65536)


@contextmanager
def w3m(url: str, folder: Path) -> Iterator[W3m]:
    """A browser that has just been started with this address, without cookies; `folder` is its home."""
    program = shutil.which("w3m")
    assert program, "The tests need w3m. Type: make w3m"
    (folder / "keymap").write_text(_KEYS.format(told=folder / "told", page=folder / "page"))
    (folder / "config").write_text(_SETTINGS)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        **{"W3M_DIR": str(folder), "HOME": str(folder), "TERM": "vt100", "LC_ALL": "C.UTF-8"},
    }
    process, terminal = pty.fork()
    if process == 0:
        os.execve(program, [program, "-I", "UTF-8", "-O", "UTF-8", url], environ)
    browser = W3m(terminal, folder)
    try:
        yield browser
    finally:
        browser.leave()
        os.close(terminal)
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
