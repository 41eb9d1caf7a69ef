"""A real Chromium and a real portal, started once for all journeys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.stack import Stack
from tests.browser.states.catalogue import Catalogue
from tests.browser.states.gallery import Gallery, gallery
from tests.browser.visit import Visit, visiting
from tests.support.portal import make_portal
from tests.support.serving import served

# No sandbox: a container's root cannot have one. The rest keeps the browser from talking to its maker.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Visits(Protocol):
    """Begins a visit: `with visits(lang="en", script=False) as visit:`. `label` tells its pictures from others'."""

    def __call__(self, *, lang: str = "nl", script: bool = True, label: str = "") -> AbstractContextManager[Visit]: ...


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal in a thread, with every language."""
    portal = make_portal(tmp_path_factory.mktemp("portal"))
    with served(portal.app) as address:
        yield address
    portal.database.close()


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What starts and drives browsers."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """A browser as it comes."""
    browser = launch(driver)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def large_text(driver: Playwright) -> Iterator[Browser]:
    """The browser of somebody who set its text to 200 %: 32 px instead of 16."""
    browser = launch(driver, "--blink-settings=defaultFontSize=32")
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def shown(chromium: Browser, catalogue: Catalogue) -> Iterator[Gallery]:
    """Every state, on a phone."""
    with gallery(chromium, catalogue) as opened:
        yield opened


@pytest.fixture(scope="session")
def shown_without_script(chromium: Browser, catalogue: Catalogue) -> Iterator[Gallery]:
    """Every state, on a phone that gets none of our scripts."""
    with gallery(chromium, catalogue, script=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def shown_large(large_text: Browser, catalogue: Catalogue) -> Iterator[Gallery]:
    """Every state, on a phone with text at 200 %."""
    with gallery(large_text, catalogue) as opened:
        yield opened


@pytest.fixture
def visits(chromium: Browser, stack: Stack) -> Visits:
    """Begins visits to the running portal."""

    def begin(*, lang: str = "nl", script: bool = True, label: str = "") -> AbstractContextManager[Visit]:
        return visiting(chromium, stack, lang=lang, script=script, label=label)

    return begin


def launch(driver: Playwright, *flags: str) -> Browser:
    """Debian's Chromium, or the one that CHROMIUM names."""
    return driver.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, *flags])


def chromium_path() -> str:
    """Where it is. Raises AssertionError, with what to do, when it is nowhere."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "The tests need Chromium: name one in CHROMIUM, or type: make chromium"
    return path
