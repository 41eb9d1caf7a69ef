"""Moments go in and come out with a zone, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from citizen_portal.sealing import KeyRing
from citizen_portal.storage import registrations
from citizen_portal.storage.database import Database
from tests.support.deliveries import another_registration, press


def test_a_moment_comes_back_the_same_whatever_zone_it_was_given_in(database: Database, keys: KeyRing) -> None:
    registration = another_registration()
    given = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    press(database, keys, registration, now=given)
    with database.reading() as connection:
        record = registrations.get(connection, registration.id)
    assert record is not None
    assert record.registered_at == registration.registered_at and record.registered_at.tzinfo is UTC
    assert record.received_at is None


def test_a_moment_without_a_zone_is_refused(database: Database, keys: KeyRing) -> None:
    with pytest.raises(StatementError, match="a naive datetime"):
        press(database, keys, another_registration(), now=datetime(2026, 11, 23, 9))
