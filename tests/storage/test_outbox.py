"""Who gets which message when, and that a claim which was lost changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from citizen_portal.sealing import KeyRing, SealedBody
from citizen_portal.storage import intake_waits, outbox, outbox_entries, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.outbox import Claimed, Message
from citizen_portal.storage.tables import outbox as outbox_table
from citizen_portal.storage.tables import registration as registration_table
from tests.support.deliveries import MONDAY, another_registration, claim, press, seconds_after

MINUTE = timedelta(minutes=1)
LEASE_OVER = MONDAY + timedelta(seconds=61)


def _press(database: Database, keys: KeyRing, municipality: str = "GM0363", **more: Any) -> UUID:
    now = more.pop("now", MONDAY)
    return press(database, keys, another_registration(municipality=municipality, **more), now=now)


def _ids(claimed: list[Claimed]) -> list[UUID]:
    return [entry.id for entry in claimed]


def _row(database: Database, entry_id: UUID) -> Any:
    with database.reading() as connection:
        return connection.execute(select(outbox_table).where(outbox_table.c.id == entry_id)).one()


def _wait(database: Database, code: str, next_at: datetime) -> None:
    with database.writing() as connection:
        assert intake_waits.begin(connection, code, next_at=next_at, reason="401", now=MONDAY)


def _receive(database: Database, entry: Claimed, number: str | None = None) -> bool:
    """Whether the claim was not lost."""
    with database.writing() as connection:
        mine = entry.id in outbox.still_claimed(connection, [entry])
        outbox.received(connection, [(entry, number)] if mine else [], now=MONDAY)
        return mine


class TestClaim:
    def test_a_message_is_handed_out_once_with_all_that_a_worker_needs(self, database: Database, keys: KeyRing) -> None:
        registration = another_registration()
        entry_id = press(database, keys, registration)
        [entry] = claim(database)
        assert (entry.id, entry.registration_id, entry.reference) == (entry_id, registration.id, registration.reference)
        assert (entry.kind, entry.municipality_code, entry.urgent) == ("registration", "GM0363", False)
        assert (entry.attempts, entry.probe) == (0, False)
        assert claim(database) == []

    def test_urgent_ones_go_first_then_those_that_are_due_longest(self, database: Database, keys: KeyRing) -> None:
        late = _press(database, keys, now=seconds_after(MONDAY, -10))
        early = _press(database, keys, "GM0344", now=seconds_after(MONDAY, -30))
        urgent_late = _press(database, keys, urgent=True, now=seconds_after(MONDAY, -20))
        urgent_early = _press(database, keys, "GM0344", urgent=True, now=seconds_after(MONDAY, -40))
        assert [_ids(claim(database, limit=1)) for _ in range(4)] == [[urgent_early], [urgent_late], [early], [late]]

    def test_one_claim_keeps_that_order_too(self, database: Database, keys: KeyRing) -> None:
        plain = _press(database, keys, "GM0014", now=seconds_after(MONDAY, -50))
        urgent = _press(database, keys, urgent=True)
        assert _ids(claim(database)) == [urgent, plain]

    def test_nothing_that_is_not_urgent_is_claimed_beside_urgent_ones_that_stay(
        self, database: Database, keys: KeyRing
    ) -> None:
        urgent = {_press(database, keys, urgent=True) for _ in range(3)}
        plain = _press(database, keys, "GM0344", now=seconds_after(MONDAY, -60))
        first = set(_ids(claim(database, limit=2)))
        assert first < urgent
        assert set(_ids(claim(database, limit=2))) == (urgent - first) | {plain}

    def test_when_several_are_claimed_at_once_municipalities_take_turns(
        self, database: Database, keys: KeyRing
    ) -> None:
        backlog = [_press(database, keys, now=seconds_after(MONDAY, -60 + number)) for number in range(3)]
        other = _press(database, keys, "GM0344")
        assert _ids(claim(database, limit=3)) == [backlog[0], other, backlog[1]]

    def test_what_is_not_due_yet_stays(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys, now=seconds_after(MONDAY, 1))
        assert claim(database) == []
        assert len(claim(database, now=seconds_after(MONDAY, 1))) == 1

    def test_a_lease_that_ran_out_is_claimed_again_and_no_earlier(self, database: Database, keys: KeyRing) -> None:
        entry_id = _press(database, keys)
        claim(database)
        assert claim(database, now=seconds_after(MONDAY, 59)) == []
        assert _ids(claim(database, now=LEASE_OVER)) == [entry_id]

    def test_delivered_and_parked_ones_are_never_claimed(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        _press(database, keys)
        first, second = claim(database)
        with database.writing() as connection:
            outbox.received(connection, [(first, None)], now=MONDAY)
            outbox.park(connection, second, reason="422")
        assert claim(database, now=MONDAY + timedelta(days=400)) == []

    def test_a_claim_takes_no_more_than_was_asked_for(self, database: Database, keys: KeyRing) -> None:
        for code in ("GM0363", "GM0344", "GM0014"):
            _press(database, keys, code)
        assert len(claim(database, limit=2)) == 2

    @pytest.mark.parametrize("state", ["queued", "claimed", "waiting", "parked"])
    def test_a_later_message_waits_until_the_one_before_it_was_received(
        self, database: Database, keys: KeyRing, state: str
    ) -> None:
        first = _press(database, keys)
        later = self._second_message(database, first)
        with database.writing() as connection:
            connection.execute(
                update(outbox_table)
                .where(outbox_table.c.id == first)
                .values(state=state, next_at=None if state == "parked" else MONDAY + MINUTE)
            )
        assert claim(database) == []
        with database.writing() as connection:
            connection.execute(update(outbox_table).where(outbox_table.c.id == first).values(next_at=MONDAY))
        [entry] = claim(database)
        assert entry.id == first
        assert claim(database) == []
        assert _receive(database, entry)
        assert _ids(claim(database)) == [later]

    def test_the_receipt_of_a_later_message_is_not_the_registrations(self, database: Database, keys: KeyRing) -> None:
        self._second_message(database, _press(database, keys))
        for number in ("Z-1", "Z-2"):
            [entry] = claim(database)
            with database.writing() as connection:
                outbox.received(connection, [(entry, number)], now=MONDAY)
        with database.reading() as connection:
            record = registrations.get(connection, entry.registration_id)
            assert record and record.intake_number == "Z-1"
            assert outbox.counts(connection) == {"delivered": 2}

    @staticmethod
    def _second_message(database: Database, first: UUID) -> UUID:
        entry_id = uuid4()
        with database.writing() as connection:
            message = Message(
                id=entry_id,
                registration_id=_row(database, first).registration_id,
                position=1,
                kind="withdrawal",
                municipality_code="GM0363",
                urgent=True,
                sealed=SealedBody(b"x", b"y"),
                created_at=MONDAY - MINUTE,
            )
            outbox.add(connection, message)
        return entry_id


class TestCap:
    def test_one_municipality_has_no_more_than_the_cap_under_way(self, database: Database, keys: KeyRing) -> None:
        for _ in range(6):
            _press(database, keys)
        assert len(claim(database, cap=4)) == 4
        assert claim(database, cap=4) == []

    def test_it_does_not_hold_up_another(self, database: Database, keys: KeyRing) -> None:
        for _ in range(6):
            _press(database, keys, now=seconds_after(MONDAY, -60))
        assert len(claim(database, cap=4)) == 4
        other = _press(database, keys, "GM0344")
        assert _ids(claim(database, cap=4)) == [other]

    def test_one_that_came_back_makes_room_for_one(self, database: Database, keys: KeyRing) -> None:
        for _ in range(6):
            _press(database, keys)
        under_way = claim(database, cap=4)
        _receive(database, under_way[0])
        assert len(claim(database, cap=4)) == 1

    def test_only_leases_that_still_run_count(self, database: Database, keys: KeyRing) -> None:
        for _ in range(6):
            _press(database, keys)
        claim(database, cap=4)
        assert len(claim(database, cap=4, now=LEASE_OVER)) == 4

    def test_workers_that_claim_at_once_share_the_cap_and_no_message(self, database: Database, keys: KeyRing) -> None:
        for _ in range(12):
            _press(database, keys)
        start, claimed = Barrier(4), []

        def work() -> None:
            start.wait()
            for _ in range(3):
                claimed.extend(claim(database, cap=4, limit=1))

        workers = [Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(claimed) == len(set(_ids(claimed))) == 4


class TestWaitingMunicipality:
    def test_it_gets_nothing_before_the_probe_is_due(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys, urgent=True)
        other = _press(database, keys, "GM0344")
        _wait(database, "GM0363", MONDAY + MINUTE)
        assert _ids(claim(database)) == [other]

    def test_then_exactly_one_probe_goes_out(self, database: Database, keys: KeyRing) -> None:
        for _ in range(3):
            _press(database, keys)
        _wait(database, "GM0363", MONDAY)
        [entry] = claim(database)
        assert entry.probe
        assert claim(database) == []
        assert claim(database, now=seconds_after(MONDAY, 59)) == []

    def test_a_probe_that_was_lost_with_its_worker_is_followed_by_another(
        self, database: Database, keys: KeyRing
    ) -> None:
        for _ in range(3):
            _press(database, keys)
        _wait(database, "GM0363", MONDAY)
        [first] = claim(database)
        [second] = claim(database, now=LEASE_OVER)
        assert second.probe
        assert second.claim != first.claim

    def test_with_messages_under_way_up_to_the_cap_the_probe_waits_for_room(
        self, database: Database, keys: KeyRing
    ) -> None:
        for _ in range(6):
            _press(database, keys)
        under_way = claim(database, cap=4)
        _wait(database, "GM0363", MONDAY)
        assert claim(database, cap=4) == []
        _receive(database, under_way[0])
        assert [entry.probe for entry in claim(database, cap=4)] == [True]


class TestSettlement:
    def test_a_receipt_erases_content_and_key_and_stands_at_the_registration(
        self, database: Database, keys: KeyRing
    ) -> None:
        entry_id = _press(database, keys)
        [entry] = claim(database)
        assert _receive(database, entry, "Z-1")
        row = _row(database, entry_id)
        assert (row.state, row.body, row.wrapped_key, row.next_at, row.claim) == ("delivered", None, None, None, None)
        assert (row.delivered_at, row.attempts) == (MONDAY, 1)
        with database.reading() as connection:
            registration = connection.execute(select(registration_table)).one()
        assert (registration.received_at, registration.intake_number) == (MONDAY, "Z-1")

    def test_a_worker_that_woke_up_after_its_lease_changes_nothing(self, database: Database, keys: KeyRing) -> None:
        entry_id = _press(database, keys)
        [slow] = claim(database)
        [other] = claim(database, now=LEASE_OVER)
        before = _row(database, entry_id)
        with database.writing() as connection:
            assert outbox.still_claimed(connection, [slow]) == set()
            assert outbox.still_claimed(connection, [other]) == {entry_id}
            outbox.postpone(connection, slow, next_at=LEASE_OVER, reason="503", attempts=1)
            outbox.park(connection, slow, reason="422")
            outbox.put_back(connection, slow, now=LEASE_OVER)
        assert _row(database, entry_id) == before
        assert _receive(database, other)

    def test_a_message_is_settled_once(self, database: Database, keys: KeyRing) -> None:
        _press(database, keys)
        [entry] = claim(database)
        assert _receive(database, entry, "Z-1")
        assert not _receive(database, entry, "Z-2")
        with database.reading() as connection:
            assert connection.execute(select(registration_table.c.intake_number)).scalar_one() == "Z-1"

    def test_a_position_is_taken_once(self, database: Database, keys: KeyRing) -> None:
        registration = another_registration()
        press(database, keys, registration)
        with pytest.raises(IntegrityError), database.writing() as connection:
            message = Message(
                id=uuid4(),
                registration_id=registration.id,
                position=0,
                kind="registration",
                municipality_code="GM0363",
                urgent=False,
                sealed=SealedBody(b"x", b"y"),
                created_at=MONDAY,
            )
            outbox.add(connection, message)


class TestRetry:
    def test_parked_and_waiting_ones_are_due_now_with_the_schedule_from_its_start(
        self, database: Database, keys: KeyRing
    ) -> None:
        parked, waiting, other = _press(database, keys), _press(database, keys), _press(database, keys)
        for entry in claim(database):
            with database.writing() as connection:
                if entry.id == parked:
                    outbox.park(connection, entry, reason="422")
                else:
                    next_at = MONDAY + timedelta(days=1)
                    outbox.postpone(connection, entry, next_at=next_at, reason="503", attempts=9)
        with database.writing() as connection:
            assert outbox_entries.retry(connection, [parked, waiting], now=MONDAY) == 2
        assert {entry.id: entry.attempts for entry in claim(database)} == {parked: 0, waiting: 0}
        assert _row(database, other).state == "waiting"

    def test_the_municipality_of_a_message_no_longer_waits_as_a_whole(self, database: Database, keys: KeyRing) -> None:
        ids = {_press(database, keys) for _ in range(3)}
        elsewhere = _press(database, keys, "GM0344")
        for code in ("GM0363", "GM0344"):
            _wait(database, code, MONDAY + timedelta(days=1))
        with database.writing() as connection:
            assert outbox_entries.retry(connection, [next(iter(ids))], now=MONDAY) == 1
        assert set(_ids(claim(database))) == ids
        with database.writing() as connection:
            assert outbox_entries.retry(connection, None, now=MONDAY) == 1
        assert _ids(claim(database)) == [elsewhere]

    def test_what_is_under_way_or_delivered_is_left_alone(self, database: Database, keys: KeyRing) -> None:
        under_way, delivered = _press(database, keys), _press(database, keys)
        for entry in claim(database):
            if entry.id == delivered:
                _receive(database, entry)
        with database.writing() as connection:
            assert outbox_entries.retry(connection, None, now=MONDAY) == 0
            assert outbox_entries.retry(connection, [under_way, delivered, uuid4()], now=MONDAY) == 0
        assert claim(database) == []
