"""WebKitGTK: of all engines that run here the nearest to a phone of Apple's. It has no mode without a screen."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from select import select
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Remote, WebKitGTKOptions, WebKitGTKService
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from urllib3.exceptions import HTTPError

from tests.engines.engine import LIMIT_SECONDS, NOWHERE, EngineFault, found, quiet_environ, wait_until

WITHOUT_SCRIPT = ("--enable-javascript-markup=false",)
"""No script of a page runs; those of the tests do, promises too."""
WITHOUT_STORAGE = ("--cookies-policy=never", "--enable-html5-local-storage=false")
_USUAL = (
    "--automation",
    f"--proxy=http://{NOWHERE}",
    "--ignore-host=127.0.0.1",
)
_BROWSERS = "*/webkit2gtk-4.*/MiniBrowser"
# The toolbar of this browser would not get narrower than 447 px, and the page with it.
_STYLE = "* { min-width: 0; margin: 0; padding: 0; border-width: 0; font-size: 1px; }"
# Its middle, where its mouse is, lies inside the window: where nobody manages windows that is what gives it the focus.
_SCREEN = "400x760x24"


@dataclass
class WebKit:
    """The one window of its own screen. See `Engine`."""

    driver: Remote
    script: bool = True
    name: str = "webkit"

    def open(self, url: str) -> None:
        with _faults():
            self.driver.get(url)

    def back(self) -> None:
        with _faults():
            self.driver.back()

    def resize(self, width: int, height: int) -> None:
        with _faults():
            # The toolbar takes a part of the height.
            around = self.run("() => outerHeight - innerHeight")
            self.driver.set_window_size(width, height + around)
        wait_until(lambda: self.run("() => innerWidth") == width, f"the page does not get {width} px wide")

    def point(self, x: float, y: float) -> None:
        with _faults():
            actions = ActionBuilder(self.driver)
            actions.pointer_action.move_to_location(round(x), round(y))  # type: ignore[no-untyped-call]
            actions.pointer_action.click()
            actions.perform()

    def keys(self, *codes: str) -> None:
        with _faults():
            actions = ActionBuilder(self.driver)
            for code in codes:
                actions.key_action.key_down(code)
            for code in reversed(codes):
                actions.key_action.key_up(code)
            actions.perform()

    def run(self, function: str, *given: object) -> Any:
        with _faults():
            return self.driver.execute_script(f"return ({function})(...arguments)", *given)

    def later(self, function: str, *given: object) -> Any:
        with _faults():
            return self.driver.execute_async_script(
                f"const given = [...arguments], done = given.pop(); ({function})(...given).then(done)", *given
            )

    def picture(self, path: Path) -> None:
        with _faults():
            path.write_bytes(self.driver.get_screenshot_as_png())


@contextmanager
def webkit(folder: Path, options: Sequence[str] = ()) -> Iterator[WebKit]:
    """WebKit on a screen of its own, with its files in `folder` and these options; both are ended afterwards."""
    styles = folder / "gtk-3.0"
    styles.mkdir()
    (styles / "gtk.css").write_text(_STYLE, encoding="utf-8")
    wanted = WebKitGTKOptions()
    wanted.binary_location = str(_browser())
    for option in (*_USUAL, *options):
        wanted.add_argument(option)
    with _screen() as display, (folder / "log").open("wb") as log:
        environ = quiet_environ(
            DISPLAY=display,
            HOME=str(folder),
            XDG_CONFIG_HOME=str(folder),
            # A container's root cannot have one.
            WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS="1",
        )
        service = WebKitGTKService(found("WebKitWebDriver"), log_output=log, env=environ)
        service.start()
        try:
            driver = Remote(_connection(service.service_url), options=wanted)
            try:
                driver.set_page_load_timeout(LIMIT_SECONDS)
                driver.set_script_timeout(LIMIT_SECONDS)
                yield WebKit(driver, script=WITHOUT_SCRIPT[0] not in options)
            finally:
                driver.quit()
        finally:
            service.stop()


def _connection(address: str) -> RemoteConnection:
    """To the driver: on this machine, so by no proxy, and for a little longer than what it waits for itself."""
    direct = Proxy({"proxyType": ProxyType.DIRECT})
    return RemoteConnection(client_config=ClientConfig(address, proxy=direct, timeout=int(LIMIT_SECONDS) + 5))


def _browser() -> Path:
    paths = sorted(Path("/usr/lib").glob(_BROWSERS))
    assert paths, "The tests need WebKitGTK. Type: make engines"
    return paths[-1]


@contextmanager
def _screen() -> Iterator[str]:
    """The name of a screen that nobody sees."""
    reading, writing = os.pipe()
    try:
        screen = subprocess.Popen(
            [found("Xvfb"), "-displayfd", str(writing), "-screen", "0", _SCREEN, "-nolisten", "tcp"],
            pass_fds=(writing,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        try:
            is_there, _, _ = select([reading], [], [], LIMIT_SECONDS)
            number = os.read(reading, 16).decode().strip() if is_there else ""
            assert number, "Xvfb does not start"
            yield f":{number}"
        finally:
            screen.terminate()
            screen.wait()
    finally:
        os.close(reading)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (WebDriverException, HTTPError) as error:
        raise EngineFault(f"{type(error).__name__} {error}".strip()) from error
