"""Where messages go: one choice at a time, what failed since, and nothing after the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from citizen_portal.sealing import KeyRing, SealedBody
from citizen_portal.storage import message_choices, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.message_choices import MessageChoice
from tests.support.deliveries import MONDAY, SECRET, another_registration, press

SECOND = timedelta(seconds=1)


def choice(registration_id: UUID, way: str = "email", *, at: datetime = MONDAY) -> MessageChoice:
    return MessageChoice(registration_id, way, "nl", SealedBody(b"sealed", b"wrapped"), at)


def registered(database: Database) -> UUID:
    registration = another_registration()
    press(database, KeyRing([SECRET]), registration)
    return registration.id


@pytest.fixture
def chosen(database: Database) -> UUID:
    """A registration with a choice."""
    registration_id = registered(database)
    with database.writing() as connection:
        message_choices.choose(connection, choice(registration_id))
    return registration_id


def test_a_later_choice_stands_in_the_place_of_the_one_before(database: Database, chosen: UUID) -> None:
    later = choice(chosen, "sms", at=MONDAY + SECOND)
    with database.writing() as connection:
        message_choices.note_failure(connection, chosen, made_at=MONDAY, now=MONDAY)
        message_choices.choose(connection, later)
        assert message_choices.get(connection, chosen) == later


def test_stopping_leaves_none(database: Database, chosen: UUID) -> None:
    with database.writing() as connection:
        assert message_choices.remove(connection, chosen)
        assert not message_choices.remove(connection, chosen)
        assert message_choices.get(connection, chosen) is None


def test_a_failure_counts_for_the_address_that_it_went_to(database: Database, chosen: UUID) -> None:
    with database.writing() as connection:
        message_choices.note_failure(connection, chosen, made_at=MONDAY - SECOND, now=MONDAY)
        found = message_choices.get(connection, chosen)
        assert found is not None and found.failed_at is None
        message_choices.note_failure(connection, chosen, made_at=MONDAY, now=MONDAY + SECOND)
        found = message_choices.get(connection, chosen)
        assert found is not None and found.failed_at == MONDAY + SECOND


def test_a_message_that_arrived_mends_an_older_failure_only(database: Database, chosen: UUID) -> None:
    with database.writing() as connection:
        message_choices.note_failure(connection, chosen, made_at=MONDAY, now=MONDAY + 5 * SECOND)
        message_choices.note_arrival(connection, chosen, made_at=MONDAY + 4 * SECOND, now=MONDAY + 9 * SECOND)
        found = message_choices.get(connection, chosen)
        assert found is not None and found.failed_at == MONDAY + 5 * SECOND
        message_choices.note_arrival(connection, chosen, made_at=MONDAY + 5 * SECOND, now=MONDAY + 9 * SECOND)
        found = message_choices.get(connection, chosen)
        assert found is not None and found.failed_at is None


def test_purging_takes_the_addresses_of_what_has_ended(database: Database, chosen: UUID) -> None:
    others = [registered(database) for _ in range(3)]
    ends = [None, MONDAY - SECOND, MONDAY + timedelta(days=200)]
    with database.writing() as connection:
        for other, end in zip(others, ends, strict=True):
            message_choices.choose(connection, choice(other))
            forget = (end or MONDAY + timedelta(days=430)) + timedelta(weeks=8)
            registrations.change(connection, other, ends_at=end, forget_at=forget)
        assert message_choices.purge(connection, now=MONDAY) == 1
        left = [other for other in (chosen, *others) if message_choices.get(connection, other)]
    assert left == [chosen, others[0], others[2]]
