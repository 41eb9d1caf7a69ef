"""A register on loopback, a clock that a test moves, and a client of the one with the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from citizen_portal.directory.address import Locatieserver
from tests.directory.clients import CODES, Seconds
from tests.fakes.address_register import FakeAddressRegister


@pytest.fixture
def fake() -> Iterator[FakeAddressRegister]:
    with FakeAddressRegister() as running:
        yield running


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def register(fake: FakeAddressRegister, clock: Seconds) -> Locatieserver:
    return Locatieserver(fake.url, CODES, clock=clock, seconds=10)
