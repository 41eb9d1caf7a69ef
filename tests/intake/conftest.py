"""What the tests of deliveries share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.intake_server import IntakeServer
from tests.support.deliveries import keys

__all__ = ["intake", "keys"]


@pytest.fixture
def intake() -> Iterator[IntakeServer]:
    """A municipality's intake that receives everything, unless a test tells it otherwise."""
    with IntakeServer() as server:
        yield server
