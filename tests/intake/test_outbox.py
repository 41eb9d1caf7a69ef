"""What a press puts in the outbox, and what each class of answer does to a message and to its municipality."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from citizen_portal.intake import outbox as rules
from citizen_portal.intake.answer import Answer, ConnectionFault, MessageFault, NotSent, Received, Temporary
from citizen_portal.intake.message import registration_body
from citizen_portal.intake.outbox import Settled, Wait
from citizen_portal.intake.schedule import DAY
from citizen_portal.sealing import KeyRing, SealBroken, SealedBody
from citizen_portal.storage import intake_waits
from citizen_portal.storage.database import Database
from citizen_portal.storage.intake_waits import IntakeWait
from citizen_portal.storage.outbox import Claimed
from citizen_portal.storage.tables import outbox as outbox_table
from tests.support.deliveries import MONDAY, another_registration, claim, press, seconds_after

REFUSED = ConnectionFault("401", 401)


def _press(database: Database, keys: KeyRing, count: int = 1, **more: Any) -> None:
    for _ in range(count):
        press(database, keys, another_registration(**more))


def _settle(database: Database, entry: Claimed, answer: Answer | NotSent, now: datetime = MONDAY) -> Settled:
    with database.writing() as connection:
        [settled] = rules.settle(connection, [(entry, answer)], now=now, jitter=lambda: 0.5)
        return settled


def _row(database: Database, entry_id: UUID) -> Any:
    with database.reading() as connection:
        return connection.execute(select(outbox_table).where(outbox_table.c.id == entry_id)).one()


def _waits(database: Database) -> list[IntakeWait]:
    with database.reading() as connection:
        return intake_waits.all_waits(connection)


class TestEnqueue:
    def test_the_body_is_sealed_and_opens_for_this_message_only(self, database: Database, keys: KeyRing) -> None:
        registration = another_registration()
        entry_id = press(database, keys, registration)
        row = _row(database, entry_id)
        assert b"Berg" not in row.body + row.wrapped_key
        sealed = SealedBody(row.body, row.wrapped_key)
        assert keys.open_body(sealed, rules.seal_context(entry_id, "registration")) == registration_body(registration)
        with pytest.raises(SealBroken):
            keys.open_body(sealed, rules.seal_context(entry_id, "withdrawal"))

    def test_it_is_due_at_once_and_urgent_when_the_request_is(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys, urgent=True)
        [entry] = claim(database)
        assert entry.urgent


class TestReceived:
    def test_it_is_delivered(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        [entry] = claim(database)
        assert _settle(database, entry, Received(201, "Z-1")) == Settled()
        assert _row(database, entry.id).state == "delivered"


class TestTemporary:
    def test_it_is_tried_again_by_the_schedule_as_often_as_it_takes(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        now, waits = MONDAY, []
        for _ in range(10):
            [entry] = claim(database, now=now)
            settled = _settle(database, entry, Temporary("503", 503), now)
            assert settled.next_at is not None
            assert claim(database, now=settled.next_at - timedelta(seconds=1)) == []
            waits.append((settled.next_at - now).total_seconds())
            now = settled.next_at
        assert waits == [10, 60, 300, 1800, 7200, 21600, 43200, 86400, 86400, 86400]
        row = _row(database, entry.id)
        assert (row.state, row.attempts, row.reason) == ("waiting", 10, "503")

    def test_a_retry_after_is_kept(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        [entry] = claim(database)
        settled = _settle(database, entry, Temporary("429", 429, timedelta(minutes=20)))
        assert settled.next_at is not None
        assert timedelta(minutes=20) <= settled.next_at - MONDAY <= timedelta(minutes=22)

    def test_it_holds_up_no_other_message(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys, 2)
        first, second = claim(database)
        _settle(database, first, Temporary("503", 503))
        assert _settle(database, second, Received(201)) == Settled()


class TestMessageFault:
    def test_it_is_parked_with_its_content_and_the_status_only(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        [entry] = claim(database)
        assert _settle(database, entry, MessageFault("422", 422)) == Settled()
        row = _row(database, entry.id)
        assert (row.state, row.reason, row.attempts, row.next_at) == ("parked", "422", 1, None)
        assert row.body is not None


class TestConnectionFault:
    def test_the_message_goes_back_as_it_was_and_the_municipality_waits(
        self, database: Database, keys: KeyRing
    ) -> None:
        _press(database, keys, 2)
        entry = claim(database, limit=1)[0]
        settled = _settle(database, entry, REFUSED)
        assert settled == Settled(next_at=seconds_after(MONDAY, 10), wait=Wait.BEGAN)
        row = _row(database, entry.id)
        assert (row.state, row.attempts, row.reason) == ("queued", 0, None)
        assert _waits(database) == [IntakeWait("GM0363", 1, seconds_after(MONDAY, 10), None, "401", MONDAY)]
        assert claim(database) == []

    def test_what_was_under_way_beside_it_does_not_count(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys, 4)
        first, *others = claim(database)
        _settle(database, first, REFUSED)
        for entry in others:
            assert _settle(database, entry, REFUSED, seconds_after(MONDAY, 1)) == Settled()
        assert [(wait.failures, wait.next_at) for wait in _waits(database)] == [(1, seconds_after(MONDAY, 10))]

    def test_each_probe_that_fails_goes_one_step_further(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys, 3)
        first, *_ = claim(database, limit=1)
        settled, now, waits = _settle(database, first, REFUSED), MONDAY, []
        for _ in range(9):
            assert settled.next_at is not None
            waits.append((settled.next_at - now).total_seconds())
            now = settled.next_at
            [probe] = claim(database, now=now)
            settled = _settle(database, probe, ConnectionFault("dns"), now)
            assert settled.wait is Wait.GOES_ON
        assert waits == [10, 60, 300, 1800, 7200, 21600, 43200, 86400, 86400]
        [wait] = _waits(database)
        assert (wait.failures, wait.reason, wait.since, wait.probe_claim) == (10, "dns", MONDAY, None)

    @pytest.mark.parametrize(
        "answer", [Received(201), Temporary("503", 503), Temporary("time-out"), MessageFault("422", 422)]
    )
    def test_any_other_answer_lets_everything_flow_again_at_once(
        self, database: Database, keys: KeyRing, answer: Answer
    ) -> None:
        _press(database, keys, 4)
        _settle(database, claim(database, limit=1)[0], REFUSED)
        [probe] = claim(database, now=seconds_after(MONDAY, 10))
        settled = _settle(database, probe, answer, seconds_after(MONDAY, 11))
        assert settled.wait is Wait.MENDED
        assert _waits(database) == []
        assert len(claim(database, now=seconds_after(MONDAY, 11))) == 3

    def test_another_municipality_is_not_touched(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        _press(database, keys, municipality="GM0344")
        here, there = sorted(claim(database), key=lambda entry: entry.municipality_code, reverse=True)
        _settle(database, here, REFUSED)
        assert _settle(database, there, Received(201)) == Settled()
        assert [wait.municipality_code for wait in _waits(database)] == [here.municipality_code]


class TestNotSent:
    def test_with_a_day_to_wait_the_try_does_not_count(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        [entry] = claim(database)
        assert _settle(database, entry, NotSent("not connected", recheck=DAY)) == Settled(next_at=MONDAY + DAY)
        row = _row(database, entry.id)
        assert (row.state, row.attempts, row.reason) == ("waiting", 0, "not connected")

    def test_without_one_the_schedule_says_when(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        [entry] = claim(database)
        settled = _settle(database, entry, NotSent("cannot be unsealed"))
        assert settled == Settled(next_at=seconds_after(MONDAY, 10))
        assert _row(database, entry.id).attempts == 1

    def test_it_says_nothing_of_the_connection_and_another_message_is_the_probe(
        self, database: Database, keys: KeyRing
    ) -> None:
        _press(database, keys, 2)
        _settle(database, claim(database, limit=1)[0], REFUSED)
        later = seconds_after(MONDAY, 10)
        [probe] = claim(database, now=later)
        _settle(database, probe, NotSent("cannot be unsealed"), later)
        assert len(_waits(database)) == 1
        [other] = claim(database, now=later)
        assert other.probe
        assert other.id != probe.id


@pytest.mark.parametrize(
    "answer", [Received(201, "Z-9"), Temporary("503", 503), REFUSED, MessageFault("422", 422), NotSent("x")]
)
def test_a_worker_that_lost_its_claim_changes_nothing(
    database: Database, keys: KeyRing, answer: Answer | NotSent
) -> None:
    _press(database, keys)
    later = seconds_after(MONDAY, 61)
    [slow] = claim(database)
    [other] = claim(database, now=later)
    before = _row(database, other.id)
    assert _settle(database, slow, answer, later) == Settled(lost=True)
    assert _row(database, other.id) == before
    assert _waits(database) == []
    assert _settle(database, other, Received(201), later) == Settled()
