"""Messages of one registration go out in order within a lane, and lanes do not wait for each other."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from citizen_portal.sealing import KeyRing
from citizen_portal.sending.queue import notice_message
from citizen_portal.storage import outbox
from citizen_portal.storage.database import Database
from citizen_portal.storage.outbox import Claimed
from tests.support.deliveries import MONDAY, another_registration, claim, press, seconds_after
from tests.support.lanes import NOTICE, notice, supplement, withdrawal


@pytest.fixture
def registration_id(database: Database, keys: KeyRing) -> UUID:
    """A registration whose own message is not delivered."""
    registration = another_registration()
    press(database, keys, registration)
    return registration.id


def _claimed(database: Database, *, seconds: float = 0) -> list[UUID]:
    return [entry.id for entry in claim(database, now=seconds_after(MONDAY, seconds))]


def _receive(database: Database, entries: list[Claimed]) -> None:
    with database.writing() as connection:
        outbox.received(connection, [(entry, None) for entry in entries], now=MONDAY)


def test_an_addition_waits_for_its_registration_and_for_earlier_additions(
    database: Database, keys: KeyRing, registration_id: UUID
) -> None:
    first = supplement(database, keys, registration_id)
    second = withdrawal(database, keys, registration_id)
    went = []
    while entries := claim(database):
        went.append([entry.id for entry in entries])
        _receive(database, entries)
    assert went[1:] == [[first], [second]]


def test_a_message_to_the_resident_waits_for_no_municipality(
    database: Database, keys: KeyRing, registration_id: UUID
) -> None:
    [registration] = claim(database)
    supplement(database, keys, registration_id)
    told = notice(database, keys, registration_id)
    assert _claimed(database) == [told]
    assert registration.registration_id == registration_id


def test_a_refused_message_to_the_resident_holds_no_municipality_up(
    database: Database, keys: KeyRing, registration_id: UUID
) -> None:
    _receive(database, claim(database))
    notice(database, keys, registration_id)
    [refused] = claim(database)
    with database.writing() as connection:
        outbox.park(connection, refused, reason="550")
    urgent = supplement(database, keys, registration_id)
    behind = notice(database, keys, registration_id)
    assert _claimed(database) == [urgent]
    assert behind not in _claimed(database, seconds=86_400)


def test_a_refused_addition_holds_no_message_to_the_resident_up(
    database: Database, keys: KeyRing, registration_id: UUID
) -> None:
    [refused] = claim(database)
    with database.writing() as connection:
        outbox.park(connection, refused, reason="422")
    supplement(database, keys, registration_id)
    by_email = notice(database, keys, registration_id)
    by_sms = notice(database, keys, registration_id, replace(NOTICE, way="sms", to="+31612345678"))
    assert set(_claimed(database)) == {by_email, by_sms}


def test_the_new_municipality_does_not_wait_for_what_the_old_one_has_not_received(
    database: Database, keys: KeyRing, registration_id: UUID
) -> None:
    claim(database)
    forwarded = supplement(database, keys, registration_id, "GM0344")
    [entry] = claim(database)
    assert (entry.id, entry.first_municipality_code, entry.created_at) == (forwarded, "GM0363", MONDAY)


def test_a_way_to_residents_has_a_cap_of_its_own(database: Database, keys: KeyRing) -> None:
    for _ in range(3):
        registration = another_registration()
        press(database, keys, registration)
        notice(database, keys, registration.id)
    claimed = claim(database, cap=2)
    assert sorted(entry.municipality_code for entry in claimed) == ["E-MAIL", "E-MAIL", "GM0363", "GM0363"]


def test_positions_count_over_all_lanes(database: Database, keys: KeyRing, registration_id: UUID) -> None:
    notice(database, keys, registration_id)
    supplement(database, keys, registration_id)
    with database.reading() as connection:
        assert outbox.next_position(connection, registration_id) == 3
        assert outbox.next_position(connection, uuid4()) == 0


def test_a_message_is_added_once_by_its_id(database: Database, keys: KeyRing, registration_id: UUID) -> None:
    message = _notice(keys, registration_id, position=1)
    with database.writing() as connection:
        assert outbox.add_once(connection, message)
        assert not outbox.add_once(connection, replace(message, position=2, urgent=True))
        assert outbox.next_position(connection, registration_id) == 2
        assert outbox.counts(connection) == {"queued": 2}


def test_a_place_that_is_taken_is_not_given_twice(database: Database, keys: KeyRing, registration_id: UUID) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        outbox.add_once(connection, _notice(keys, registration_id, position=0))


def _notice(keys: KeyRing, registration_id: UUID, *, position: int) -> outbox.Message:
    return notice_message(
        keys, entry_id=uuid4(), registration_id=registration_id, position=position, notice=NOTICE, now=MONDAY
    )
