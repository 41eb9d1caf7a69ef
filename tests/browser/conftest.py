"""A real Chromium and a real portal, started once for all journeys."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.stack import Stack, running
from tests.browser.visit import Visit, visiting

# No sandbox: a container's root cannot have one. The rest keeps the browser from talking to its maker.
_FLAGS = (
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

    def __call__(
        self, *, lang: str = "nl", script: bool = True, dark: bool = False, label: str = ""
    ) -> AbstractContextManager[Visit]: ...


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The portal, its worker and an example municipality."""
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "The tests need Chromium: name one in CHROMIUM, or type: make chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium: Browser, stack: Stack) -> Visits:
    """Begins visits to the running portal."""

    def begin(
        *, lang: str = "nl", script: bool = True, dark: bool = False, label: str = ""
    ) -> AbstractContextManager[Visit]:
        return visiting(chromium, stack, lang=lang, script=script, dark=dark, label=label)

    return begin
