"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.language.report import pytest_terminal_summary
from tests.support.databases import (
    database,
    database_url,
    empty_database,
    lose_database,
    postgres,
    postgres_template,
    sqlite_template,
)
from tests.support.lost_writes import LOST_WRITES
from tests.support.portal import CAN_SEND, TestPortal, make_portal

if TYPE_CHECKING:
    from tests.browser.stack import Stack
    from tests.browser.states.catalogue import Catalogue

__all__ = [
    "database",
    "database_url",
    "empty_database",
    "lose_database",
    "postgres",
    "postgres_template",
    "pytest_terminal_summary",
    "sqlite_template",
]

# Slow machines are no fault, and no file decides what is tried: a failure prints how to try the same again.
settings.register_profile("short", deadline=None, database=None, derandomize=False, print_blob=True)
settings.register_profile("long", settings.get_profile("short"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


@pytest.fixture(scope="session", autouse=True)
def _writes_are_watched() -> Iterator[None]:
    with LOST_WRITES.watched():
        yield


@pytest.fixture(autouse=True)
def _no_write_is_lost(_writes_are_watched: None) -> Iterator[None]:
    """What a test's code wrote to a database was committed, unless an exception took it back."""
    yield
    lost = LOST_WRITES.take()
    assert not lost, "; ".join(lost)


@pytest.fixture
def portal(tmp_path: Path, database_url: str) -> Iterator[TestPortal]:
    """A portal of its own, with a clock that is set by hand."""
    made = make_portal(tmp_path, database_url)
    yield made
    made.database.close()


@pytest.fixture
def sending_portal(tmp_path: Path, database_url: str) -> Iterator[TestPortal]:
    """A portal that can send messages to residents."""
    made = make_portal(tmp_path, database_url, environ=CAN_SEND)
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Every state of every page in every language, as the portal sent it. Takes long: once for each process."""
    # Few tests read it, and it needs all of the house.
    from tests.browser.states.catalogue import render_all

    return render_all(tmp_path_factory.mktemp("states"))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The portal, its worker and an example municipality."""
    # Only journeys in browsers need it.
    from tests.browser.stack import running

    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast ones first: what starts browsers and kills processes comes last."""
    items.sort(key=lambda item: bool(item.get_closest_marker("crash")) * 2 + bool(item.get_closest_marker("browser")))
