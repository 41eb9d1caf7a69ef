"""What the tests of deliveries share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from tests.fakes.intake_server import IntakeServer
from tests.support.deliveries import SECRET, new_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    made = new_database(tmp_path)
    yield made
    made.close()


@pytest.fixture
def keys() -> KeyRing:
    """The server's secrets."""
    return KeyRing([SECRET])


@pytest.fixture
def intake() -> Iterator[IntakeServer]:
    """A municipality's intake that receives everything, unless a test tells it otherwise."""
    with IntakeServer() as server:
        yield server
