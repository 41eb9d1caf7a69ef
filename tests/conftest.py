"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.portal import TestPortal, make_portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[TestPortal]:
    """A portal of its own, with a clock that is set by hand."""
    made = make_portal(tmp_path)
    yield made
    made.database.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast ones first: what starts browsers and kills processes comes last."""
    items.sort(key=lambda item: bool(item.get_closest_marker("crash")) * 2 + bool(item.get_closest_marker("browser")))
