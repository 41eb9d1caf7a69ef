"""The other two engines, a real portal, and the rendered states. What is started is started once for all tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.browser.states.catalogue import render_all
from tests.browser.visit import PHONE
from tests.engines.engine import Engine
from tests.engines.firefox import WITHOUT_SCRIPT as FIREFOX_WITHOUT_SCRIPT
from tests.engines.firefox import WITHOUT_STORAGE as FIREFOX_WITHOUT_STORAGE
from tests.engines.firefox import Firefox, Prefs, firefox
from tests.engines.shelf import Shelf, shelf
from tests.engines.tab import Tab
from tests.engines.webkit import WITHOUT_SCRIPT as WEBKIT_WITHOUT_SCRIPT
from tests.engines.webkit import WITHOUT_STORAGE as WEBKIT_WITHOUT_STORAGE
from tests.engines.webkit import webkit

ENGINES = ("firefox", "webkit")
LANGUAGES = ("nl", "ar")
"""Of all that a page is translated into: from left to right, and from right to left."""


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Every state of every page, in both directions of writing, on a server of its own."""
    with shelf(render_all(tmp_path_factory.mktemp("states"), LANGUAGES)) as served:
        yield served


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Each engine as it comes."""
    with _started(request.param, tmp_path_factory.mktemp("engine")) as started:
        yield started


@pytest.fixture(scope="session", params=ENGINES)
def engine_without_script(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Each engine as somebody has it who switched scripts off."""
    folder = tmp_path_factory.mktemp("engine-without-script")
    with _started(request.param, folder, FIREFOX_WITHOUT_SCRIPT, WEBKIT_WITHOUT_SCRIPT) as started:
        yield started


@pytest.fixture(scope="session", params=ENGINES)
def engine_without_storage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Each engine as it is in an app's web view that keeps nothing: no cookie, no storage."""
    folder = tmp_path_factory.mktemp("engine-without-storage")
    with _started(request.param, folder, FIREFOX_WITHOUT_STORAGE, WEBKIT_WITHOUT_STORAGE) as started:
        yield started


@pytest.fixture
def tab(engine: Engine) -> Iterator[Tab]:
    """A phone's tab in each engine."""
    yield from _tab(engine)


@pytest.fixture
def tab_without_script(engine_without_script: Engine) -> Iterator[Tab]:
    """The same, without the scripts of any page."""
    yield from _tab(engine_without_script)


@pytest.fixture
def tab_without_storage(engine_without_storage: Engine) -> Iterator[Tab]:
    """The same, where nothing can be kept."""
    yield from _tab(engine_without_storage)


def _started(
    name: str, folder: Path, prefs: Prefs | None = None, options: Sequence[str] = ()
) -> AbstractContextManager[Engine]:
    return firefox(folder, prefs) if name == "firefox" else webkit(folder, options)


def _tab(engine: Engine) -> Iterator[Tab]:
    engine.resize(*PHONE)
    yield Tab(engine)
    # Where an engine tells it: all that a script raised.
    if isinstance(engine, Firefox):
        assert engine.script_faults() == []
