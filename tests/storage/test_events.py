"""Events as they are kept: each once, in order of arrival, and parked for a while."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from citizen_portal.sealing import KeyRing
from citizen_portal.storage import events
from citizen_portal.storage.database import Database
from citizen_portal.storage.events import EventKey
from tests.support.deliveries import EXAMPLE, MONDAY, SECRET, press

SOURCE = "urn:nld:gemeentecode:0363:systeem:intake"
LATER = MONDAY + timedelta(hours=1)


def key(event_id: str, code: str = "GM0363") -> EventKey:
    return EventKey(code, SOURCE, event_id)


@pytest.fixture
def registration_id(database: Database) -> UUID:
    press(database, KeyRing([SECRET]), EXAMPLE)
    return EXAMPLE.id


def test_an_event_is_kept_once_whatever_its_second_body(database: Database, registration_id: UUID) -> None:
    with database.writing() as connection:
        assert events.add(connection, registration_id, key("1"), "first", now=MONDAY)
        assert not events.add(connection, registration_id, key("1"), "second", now=LATER)
        assert events.add(connection, registration_id, key("1", "GM0344"), "another's", now=LATER)
    with database.reading() as connection:
        assert events.is_kept(connection, key("1"))
        assert not events.is_kept(connection, key("2"))
        kept = events.of_registration(connection, registration_id)
    assert [one.body for one in kept] == ["first", "another's"]
    assert kept[0].arrival < kept[1].arrival


def test_of_another_registration_nothing_is_told(database: Database, registration_id: UUID) -> None:
    with database.writing() as connection:
        events.add(connection, registration_id, key("1"), "body", now=MONDAY)
        assert events.of_registration(connection, uuid4()) == []


def test_parked_events_are_taken_out_oldest_first_for_their_municipality_alone(database: Database) -> None:
    subject = uuid4()
    with database.writing() as connection:
        for event_id, code in (("1", "GM0363"), ("2", "GM0363"), ("3", "GM0344")):
            events.park(connection, subject, key(event_id, code), f"body {event_id}", now=MONDAY)
        events.park(connection, subject, key("1"), "a repeat", now=MONDAY)
        events.park(connection, uuid4(), key("4"), "about another", now=MONDAY)
        before = MONDAY - timedelta(hours=24)
        taken = [events.take_parked(connection, subject, "GM0363", after=before) for _ in range(3)]
        assert taken == ["body 1", "body 2", None]
        assert events.parked_count(connection, "GM0363") == 1
        assert events.parked_count(connection, "GM0344") == 1


def test_parked_events_past_their_time_are_not_taken_nor_found(database: Database) -> None:
    subject = uuid4()
    with database.writing() as connection:
        events.park(connection, subject, key("1"), "body", now=MONDAY)
        assert events.is_parked(connection, key("1"), after=MONDAY - timedelta(seconds=1))
        assert not events.is_parked(connection, key("1"), after=MONDAY)
        assert events.take_parked(connection, subject, "GM0363", after=MONDAY) is None


def test_dropping_counts_what_went_for_each_municipality(database: Database) -> None:
    with database.writing() as connection:
        for number, code in enumerate(["GM0363", "GM0363", "GM0344"]):
            events.park(connection, uuid4(), key(str(number), code), "body", now=MONDAY)
        events.park(connection, uuid4(), key("new"), "body", now=LATER)
        assert events.drop_parked(connection, until=MONDAY, municipality_code="GM0344") == {"GM0344": 1}
        assert events.drop_parked(connection, until=MONDAY) == {"GM0363": 2}
        assert events.parked_count(connection, "GM0363") == 1
