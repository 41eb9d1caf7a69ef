"""The sealed copy: there until its time is over, gone with its registration."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from citizen_portal.sealing import KeyRing
from citizen_portal.storage import owner_copies, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.owner_copies import OwnerCopy
from tests.support.deliveries import MONDAY, SECRET, another_registration, press

UNTIL = MONDAY + timedelta(hours=72)
SECOND = timedelta(seconds=1)


def kept(database: Database) -> UUID:
    """A registration with a copy."""
    registration = another_registration()
    press(database, KeyRing([SECRET]), registration)
    with database.writing() as connection:
        owner_copies.add(connection, OwnerCopy(registration.id, b"sealed", UNTIL))
    return registration.id


@pytest.fixture
def copied(database: Database) -> UUID:
    return kept(database)


def test_it_is_there_until_its_time_is_over(database: Database, copied: UUID) -> None:
    with database.reading() as connection:
        assert owner_copies.load(connection, copied, now=UNTIL - SECOND) == b"sealed"
        assert owner_copies.load(connection, copied, now=UNTIL) is None
        assert owner_copies.load(connection, another_registration().id, now=MONDAY) is None


def test_purging_takes_what_is_over_and_nothing_else(database: Database, copied: UUID) -> None:
    other = kept(database)
    with database.writing() as connection:
        assert owner_copies.purge(connection, now=UNTIL - SECOND) == 0
        assert owner_copies.load(connection, other, now=MONDAY) == b"sealed"
        assert owner_copies.purge(connection, now=UNTIL) == 2
        assert owner_copies.load(connection, copied, now=MONDAY) is None


def test_it_goes_by_itself_or_with_its_registration(database: Database, copied: UUID) -> None:
    other = kept(database)
    with database.writing() as connection:
        owner_copies.remove(connection, copied)
        assert owner_copies.load(connection, copied, now=MONDAY) is None
        assert owner_copies.load(connection, other, now=MONDAY) == b"sealed"
        registrations.remove(connection, other)
        assert owner_copies.purge(connection, now=UNTIL) == 0
