"""Firefox ESR, without a screen."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.engines.bidi import Connection, connect, given_of
from tests.engines.engine import LIMIT_SECONDS, NOWHERE, EngineFault, found, quiet_environ

Prefs = Mapping[str, bool | int | str]
_PREFS: Prefs = {
    # As on a phone: what scrolls takes no room.
    "ui.useOverlayScrollbars": 1,
    "intl.accept_languages": "nl",
    # A page may be clicked as soon as it is there: nobody is being deceived.
    "dom.input_events.security.minNumTicks": 0,
    "dom.input_events.security.minTimeElapsedInMS": 0,
    "network.proxy.type": 1,
    "network.proxy.http": NOWHERE.partition(":")[0],
    "network.proxy.http_port": int(NOWHERE.partition(":")[2]),
    "network.proxy.ssl": NOWHERE.partition(":")[0],
    "network.proxy.ssl_port": int(NOWHERE.partition(":")[2]),
}
WITHOUT_SCRIPT: Prefs = {"javascript.enabled": False}
WITHOUT_STORAGE: Prefs = {"network.cookie.cookieBehavior": 2}
"""What the browser's settings call: block all cookies. Storage of every kind goes with them."""
# Functions of the tests live in a world of their own: what they leave on `window` no page sees.
_WORLD = "tests"
_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


@dataclass
class Firefox:
    """One tab of its own. See `Engine`."""

    connection: Connection
    tab: str
    script: bool = True
    name: str = "firefox"

    def open(self, url: str) -> None:
        self.connection.call("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def back(self) -> None:
        self.connection.call("browsingContext.traverseHistory", context=self.tab, delta=-1)

    def resize(self, width: int, height: int) -> None:
        self.connection.call(
            "browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height}
        )

    def point(self, x: float, y: float) -> None:
        move = {"type": "pointerMove", "x": round(x), "y": round(y)}
        self._act("pointer", move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})

    def keys(self, *codes: str) -> None:
        down = [{"type": "keyDown", "value": code} for code in codes]
        self._act("key", *down, *({"type": "keyUp", "value": code} for code in reversed(codes)))

    def run(self, function: str, *given: object) -> Any:
        return self._run(f"() => JSON.stringify(({function})(...{json.dumps(given)}))", is_promise=False)

    def later(self, function: str, *given: object) -> Any:
        return self._run(f"async () => JSON.stringify(await ({function})(...{json.dumps(given)}))", is_promise=True)

    def picture(self, path: Path) -> None:
        shot = self.connection.call("browsingContext.captureScreenshot", context=self.tab)
        path.write_bytes(base64.b64decode(shot["data"]))

    def script_faults(self) -> list[str]:
        """What went wrong in the scripts of pages since the last time this was asked."""
        told = [str(entry["text"]) for name, entry in self.connection.events if name == "log.entryAdded"]
        self.connection.events.clear()
        return told

    def _act(self, kind: str, *actions: Mapping[str, object]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self.connection.call("input.performActions", context=self.tab, actions=[source])

    def _run(self, function: str, *, is_promise: bool) -> Any:
        target = {"context": self.tab, "sandbox": _WORLD}
        return given_of(
            self.connection.call(
                "script.callFunction", functionDeclaration=function, target=target, awaitPromise=is_promise
            )
        )


@contextmanager
def firefox(folder: Path, prefs: Prefs | None = None) -> Iterator[Firefox]:
    """A Firefox with a new profile in `folder`, and these settings beside the usual ones; it is ended afterwards."""
    settings = {**_PREFS, **(prefs or {})}
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    log = folder / "log"
    command = [found("firefox-esr", "firefox"), "--headless", "--no-remote", "--profile", str(profile)]
    with log.open("wb") as written:
        browser = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"],
            env=quiet_environ(HOME=str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        connection = connect(_address(browser, log))
        # The tab that is there from the start never gets the focus.
        tab = connection.call("browsingContext.create", type="tab")["context"]
        connection.call("session.subscribe", events=["log.entryAdded"])
        yield Firefox(connection, tab, script=settings.get("javascript.enabled", True) is True)
        with suppress(EngineFault):
            connection.call("browser.close")
        connection.close()
    finally:
        _end(browser)


def _address(browser: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + LIMIT_SECONDS
    while (listens := _LISTENS.search(told := log.read_text(encoding="utf-8", errors="replace"))) is None:
        assert browser.poll() is None, f"Firefox ended by itself:\n{told[-2000:]}"
        assert time.monotonic() < deadline, f"Firefox does not listen:\n{told[-2000:]}"
        time.sleep(0.05)
    return listens[1]


def _end(browser: subprocess.Popen[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired):
        browser.wait(5)
    if browser.poll() is None:
        browser.kill()
        browser.wait()
