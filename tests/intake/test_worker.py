"""The worker with a real database and a real intake on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
import structlog
from sqlalchemy import select, text

from citizen_portal import clock as real_clock
from citizen_portal.directory.municipality import Directory, Municipality
from citizen_portal.directory.settings import Channel, Intake, MunicipalitySettings
from citizen_portal.intake import operations
from citizen_portal.intake.channels.rest import RestChannel
from citizen_portal.intake.message import registration_body
from citizen_portal.intake.worker import Worker
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from citizen_portal.storage.outbox import counts
from citizen_portal.storage.tables import outbox as outbox_table
from citizen_portal.storage.tables import registration as registration_table
from tests.fakes.intake_server import Answer, IntakeServer, answer, known_by_id, receipt
from tests.support.databases import on_engine
from tests.support.deliveries import MONDAY, another_registration, claim, press

Events = list[Any]


class _Clock:
    def __init__(self) -> None:
        self.moment = MONDAY

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def events() -> Iterator[Events]:
    with structlog.testing.capture_logs() as logged:
        yield logged


def _directory(url: str, *codes: str) -> Directory:
    connected = MunicipalitySettings(intake=Intake(Channel.REST, url, "geheim-token"))
    return Directory(Municipality(code, code, "Noord-Holland", (), connected) for code in codes or ("GM0363",))


@dataclass(frozen=True)
class _Scene:
    """One thread of the test, a clock that is set by hand, an intake, and a worker between them."""

    database: Database
    keys: KeyRing
    intake: IntakeServer
    clock: _Clock
    worker: Worker

    def press(self, count: int = 1, **more: Any) -> None:
        for _ in range(count):
            press(self.database, self.keys, another_registration(**more))

    def another_worker(self, **changed: Any) -> Worker:
        parts = {"database": self.database, "keys": self.keys, "directory": _directory(self.intake.url)}
        return Worker(**{**parts, "clock": self.clock, **changed})


@pytest.fixture
def scene(database: Database, keys: KeyRing, intake: IntakeServer, clock: _Clock) -> _Scene:
    directory = _directory(intake.url, "GM0363", "GM0344")
    worker = Worker(database, keys, directory, clock=clock, jitter=lambda: 0.5)
    return _Scene(database, keys, intake, clock, worker)


def _states(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return counts(connection)


def _named(events: Events, name: str) -> Events:
    return [event for event in events if event["event"] == name]


class TestOnce:
    def test_what_is_due_is_delivered_as_it_was_pressed(self, scene: _Scene, events: Events) -> None:
        registration = another_registration()
        press(scene.database, scene.keys, registration)
        assert scene.worker.run_once() == 1
        assert [request.body for request in scene.intake.requests] == [registration_body(registration)]
        with scene.database.reading() as connection:
            row = connection.execute(select(registration_table)).one()
        assert (row.received_at, row.intake_number) == (MONDAY, "Z-2026-00001")
        assert _named(events, "delivery.received") == [
            {
                "event": "delivery.received",
                "log_level": "info",
                "reference": registration.reference,
                "municipality": "GM0363",
                "status": 201,
                "attempt": 1,
            }
        ]

    def test_with_nothing_due_nothing_happens(self, scene: _Scene) -> None:
        assert scene.worker.run_once() == 0
        assert scene.intake.requests == []

    def test_more_than_there_are_threads_all_go_out_and_the_cap_holds(self, scene: _Scene) -> None:
        scene.press(30)
        assert scene.worker.run_once() == 30
        assert len(scene.intake.numbers) == 30
        assert scene.intake.most_at_once <= 4

    def test_what_failed_is_tried_again_with_the_same_bytes_until_it_is_delivered(self, scene: _Scene) -> None:
        scene.press()
        scene.intake.will_answer(answer(503), answer(202), answer(200, b"<html>"), answer(429, Retry_After="7"))
        assert [scene.worker.run_once(), scene.worker.run_once()] == [0, 0]
        assert len(scene.intake.requests) == 1
        for wait in (10, 60, 300):
            scene.clock.pass_by(seconds=wait)
            assert scene.worker.run_once() == 0
        scene.clock.pass_by(minutes=10)
        assert scene.worker.run_once() == 1
        assert len({(request.body, request.headers["idempotency-key"]) for request in scene.intake.requests}) == 1
        assert len(scene.intake.requests) == 5

    def test_what_a_crashed_worker_left_behind_goes_out_after_its_lease(self, scene: _Scene) -> None:
        scene.press()
        claim(scene.database)
        assert scene.worker.run_once() == 0
        scene.clock.pass_by(seconds=61)
        assert scene.worker.run_once() == 1

    def test_a_refused_message_is_parked_until_somebody_re_arms_it(self, scene: _Scene, events: Events) -> None:
        scene.press()
        scene.intake.will_answer(answer(422, b'{"naam": "van den Berg"}'))
        assert scene.worker.run_once() == 0
        scene.clock.pass_by(days=30)
        assert scene.worker.run_once() == 0
        assert [event["reason"] for event in _named(events, "delivery.parked")] == ["422"]
        assert operations.retry(scene.database, None, scene.clock()) == 1
        assert scene.worker.run_once() == 1

    def test_a_connection_at_fault_is_probed_once_a_step_and_then_everything_flows(
        self, scene: _Scene, events: Events
    ) -> None:
        scene.press(6)
        scene.intake.usual = answer(401)
        assert scene.worker.run_once() == 0
        # Those that went out side by side; from then on one a step.
        at_first = len(scene.intake.requests)
        assert at_first <= 4
        for wait, probes in ((9, 0), (1, 1), (59, 1), (1, 2)):
            scene.clock.pass_by(seconds=wait)
            scene.worker.run_once()
            assert len(scene.intake.requests) == at_first + probes
        assert [event["log_level"] for event in _named(events, "intake.unreachable")] == ["error"] * 3
        scene.intake.usual = known_by_id
        scene.clock.pass_by(minutes=5)
        assert scene.worker.run_once() == 6
        assert len(_named(events, "intake.mended")) == 1

    def test_a_connection_at_fault_holds_up_no_other_municipality(self, scene: _Scene) -> None:
        scene.press(3)
        scene.intake.usual = answer(403)
        scene.worker.run_once()
        scene.intake.usual = known_by_id
        scene.press(3, municipality="GM0344")
        assert scene.worker.run_once() == 3

    def test_a_municipality_that_is_no_longer_connected_keeps_its_messages_and_alarms(
        self, scene: _Scene, events: Events
    ) -> None:
        scene.press(2)
        gone = scene.another_worker(directory=Directory([]))
        assert gone.run_once() == 0
        assert _states(scene.database) == {"waiting": 2}
        assert [event["reason"] for event in _named(events, "delivery.alarm")] == ["not connected"] * 2
        back = scene.another_worker()
        scene.clock.pass_by(hours=23)
        assert back.run_once() == 0
        scene.clock.pass_by(hours=1)
        assert back.run_once() == 2

    def test_a_message_that_cannot_be_unsealed_waits_for_its_secret_and_alarms(
        self, scene: _Scene, events: Events
    ) -> None:
        scene.press()
        stranger = scene.another_worker(keys=KeyRing(["another secret"]))
        assert stranger.run_once() == 0
        assert scene.intake.requests == []
        assert [event["reason"] for event in _named(events, "delivery.alarm")] == ["cannot be unsealed"]
        scene.clock.pass_by(seconds=12)
        assert scene.worker.run_once() == 1

    def test_an_urgent_message_alarms_after_its_third_failure(self, scene: _Scene, events: Events) -> None:
        scene.press(urgent=True)
        scene.intake.usual = answer(500)
        alarms = []
        for wait in (0, 10, 60, 300):
            scene.clock.pass_by(seconds=wait)
            scene.worker.run_once()
            alarms.append(len(_named(events, "delivery.alarm")))
        assert alarms == [0, 0, 1, 2]

    def test_a_mistake_in_a_channel_costs_a_try_and_not_the_worker(self, scene: _Scene, events: Events) -> None:
        class Broken(RestChannel):
            def deliver(self, *_: Any) -> Any:
                raise KeyError("van den Berg")

        scene.press()
        worker = scene.another_worker(channels={"rest": Broken()})
        assert worker.run_once() == 0
        assert _states(scene.database) == {"waiting": 1}
        assert [event["error"] for event in _named(events, "delivery.broken")] == ["KeyError"]

    def test_what_stood_in_line_too_long_for_its_lease_is_not_sent_but_claimed_anew(
        self, scene: _Scene, events: Events
    ) -> None:
        scene.press()
        scene.press(municipality="GM0344")

        def slow(conversation: Any, request: Any) -> None:
            scene.clock.pass_by(seconds=41)
            known_by_id(conversation, request)

        scene.intake.will_answer(slow)
        worker = scene.another_worker(threads=1, directory=_directory(scene.intake.url, "GM0363", "GM0344"))
        assert worker.run_once() == 2
        assert len(scene.intake.requests) == 2
        assert len(_named(events, "delivery.not_begun")) == 1
        with scene.database.reading() as connection:
            assert connection.execute(select(outbox_table.c.attempts)).scalars().all() == [1, 1]

    @on_engine("sqlite")
    def test_while_nothing_is_due_it_needs_no_turn_to_write(self, scene: _Scene) -> None:
        scene.press()
        assert scene.worker.run_once() == 1
        busy = Database(str(scene.database.url))
        with busy.writing():
            assert scene.worker.run_once() == 0
        busy.close()


def test_no_log_event_holds_a_word_of_a_message_or_of_an_answer(scene: _Scene, events: Events) -> None:
    scene.press(6, urgent=True)
    words = b'{"naam": "van den Berg", "telefoon": "+31612345678"}'
    scene.intake.will_answer(*(answer(status, words, Retry_After="Berg") for status in (200, 301, 400, 422, 500)))
    scene.intake.usual = receipt("Berg")
    for _ in range(4):
        scene.worker.run_once()
        scene.clock.pass_by(hours=1)
    operations.retry(scene.database, None, scene.clock())
    assert scene.worker.run_once() > 0
    assert _states(scene.database) == {"delivered": 6}
    logged = repr(events)
    assert not any(word in logged for word in ("Berg", "Zo", "612345678", "1012", "geheim", "127.0.0.1", "localhost"))


class TestRun:
    """Until it is stopped; these few look at the real clock."""

    @pytest.fixture
    def running(self, database: Database, keys: KeyRing, intake: IntakeServer) -> Callable[..., Any]:
        @contextmanager
        def run(**more: Any) -> Iterator[threading.Event]:
            stop = threading.Event()
            worker = Worker(database, keys, _directory(intake.url), clock=real_clock.now, **more)
            thread = threading.Thread(target=worker.run, args=(stop,))
            thread.start()
            try:
                yield stop
            finally:
                stop.set()
                thread.join(20)
                assert not thread.is_alive()

        return run

    def test_new_and_re_armed_work_is_seen_within_two_seconds(
        self, running: Callable[..., Any], database: Database, keys: KeyRing, intake: IntakeServer
    ) -> None:
        intake.will_answer(answer(422))
        with running():
            sleep(0.2)
            before = monotonic()
            press(database, keys, another_registration(), now=real_clock.now())
            intake.wait_for(1)
            assert monotonic() - before < 2
            _until(lambda: _states(database) == {"parked": 1})
            before = monotonic()
            assert operations.retry(database, None, real_clock.now()) == 1
            intake.wait_for(2)
            assert monotonic() - before < 2
            _until(lambda: _states(database) == {"delivered": 1})

    def test_a_call_under_way_is_finished_and_settled_when_it_stops(
        self, running: Callable[..., Any], database: Database, keys: KeyRing, intake: IntakeServer
    ) -> None:
        released = threading.Event()
        intake.usual = _after(released)
        press(database, keys, another_registration(), now=real_clock.now())
        with running() as stop:
            intake.wait_for(1)
            stop.set()
            press(database, keys, another_registration(), now=real_clock.now())
            released.set()
        assert _states(database) == {"delivered": 1, "queued": 1}

    def test_what_nobody_began_when_it_stops_is_handed_back_untried(
        self, running: Callable[..., Any], database: Database, keys: KeyRing, intake: IntakeServer
    ) -> None:
        released = threading.Event()
        intake.usual = _after(released)
        for _ in range(3):
            press(database, keys, another_registration(), now=real_clock.now())
        with running(threads=1) as stop:
            intake.wait_for(1)
            _until(lambda: _states(database) == {"claimed": 3})
            stop.set()
            # At once, not when the call under way is over.
            _until(lambda: _states(database) == {"claimed": 1, "queued": 2})
            released.set()
        assert len(intake.requests) == 1
        assert _states(database) == {"delivered": 1, "queued": 2}
        with database.reading() as connection:
            untried = select(outbox_table.c.attempts, outbox_table.c.claim).where(outbox_table.c.state == "queued")
            assert [tuple(row) for row in connection.execute(untried)] == [(0, None)] * 2

    def test_it_survives_a_database_that_is_gone_for_a_while_and_settles_what_came_back_meanwhile(
        self,
        running: Callable[..., Any],
        database: Database,
        keys: KeyRing,
        intake: IntakeServer,
        events: Events,
    ) -> None:
        released = threading.Event()
        intake.usual = _after(released)
        press(database, keys, another_registration(), now=real_clock.now())
        with running():
            intake.wait_for(1)
            with database.writing() as connection:
                connection.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
            released.set()
            _until(lambda: bool(_named(events, "worker.database_unavailable")))
            with database.writing() as connection:
                connection.execute(text("ALTER TABLE elsewhere RENAME TO outbox"))
            _until(lambda: _states(database) == {"delivered": 1})
        assert len(intake.requests) == 1

    def test_it_keeps_house_and_a_task_that_fails_stops_nothing(
        self, running: Callable[..., Any], events: Events
    ) -> None:
        kept = threading.Event()

        def broken(_now: datetime) -> None:
            raise KeyError("van den Berg")

        with running(housekeeping=[broken, lambda now: kept.set()]):
            assert kept.wait(10)
        assert [event["error"] for event in _named(events, "housekeeping.failed")] == ["KeyError"]

    def test_two_workers_deliver_each_message_once(
        self, running: Callable[..., Any], database: Database, keys: KeyRing, intake: IntakeServer
    ) -> None:
        with running(), running():
            for _ in range(20):
                press(database, keys, another_registration(), now=real_clock.now())
            _until(lambda: _states(database) == {"delivered": 20})
        assert len(intake.requests) == len(intake.numbers) == 20
        assert intake.most_at_once <= 4


def test_no_transaction_is_open_during_a_call(scene: _Scene) -> None:
    found: list[int] = []

    def look(conversation: Any, request: Any) -> None:
        other = Database(str(scene.database.url))
        with other.writing() as connection:
            found.append(connection.execute(outbox_table.select()).one().attempts)
        other.close()
        known_by_id(conversation, request)

    scene.intake.usual = look
    scene.press()
    before = monotonic()
    assert scene.worker.run_once() == 1
    assert found == [0]
    assert monotonic() - before < 5


def _after(released: threading.Event) -> Answer:
    def write(conversation: Any, request: Any) -> None:
        released.wait(10)
        known_by_id(conversation, request)

    return write


def _until(true: Callable[[], bool]) -> None:
    """Waits until `true` says so; fails when that takes long."""
    ends = monotonic() + 15
    while not true():
        assert monotonic() < ends
        sleep(0.02)
