"""Portals and residents of the tests of what hangs on a status link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.portal import CAN_SEND, TestPortal, make_portal
from tests.support.residents import Resident


@pytest.fixture
def resident(portal: TestPortal) -> Resident:
    """Somebody who pressed just now."""
    return Resident(portal)


@pytest.fixture
def limited(tmp_path: Path, database_url: str) -> Iterator[TestPortal]:
    """A portal with its limits on, which can send messages."""
    made = make_portal(tmp_path, database_url, environ={**CAN_SEND, "PORTAL_LIMITS": "on"})
    yield made
    made.database.close()
