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
