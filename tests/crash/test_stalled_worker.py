"""A worker that stalled until its lease was over wakes up: another has its message by then, and it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from citizen_portal.directory.municipality import Directory, Municipality
from citizen_portal.directory.settings import Channel as ChannelName
from citizen_portal.directory.settings import Intake, MunicipalitySettings
from citizen_portal.intake.answer import Answer
from citizen_portal.intake.channels import Dispatch
from citizen_portal.intake.channels.rest import RestChannel
from citizen_portal.intake.worker import Worker
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import intake_wait, outbox, registration
from tests.fakes import intake_server
from tests.fakes.intake_server import IntakeServer, answer, reset, taken_but
from tests.support.deliveries import another_registration, claim, press
from tests.support.portal import SetClock

_WAIT_SECONDS = 20.0
_LEASE_AND_A_BIT = 61

FATES: dict[str, intake_server.Answer] = {
    "received": intake_server.known_by_id,
    "temporary": answer(503),
    "refused": answer(422),
    "connection at fault": answer(401),
    "taken, then cut off": taken_but(reset),
}


class _Stalling(RestChannel):
    """Stops before or after its call, until it is released."""

    def __init__(self, *, before: bool) -> None:
        super().__init__()
        self._before = before
        self.stalled, self.released = Event(), Event()

    def deliver(self, intake: Intake, dispatch: Dispatch) -> Answer:
        if self._before:
            self._stall()
        answered = super().deliver(intake, dispatch)
        if not self._before:
            self._stall()
        return answered

    def _stall(self) -> None:
        self.stalled.set()
        assert self.released.wait(_WAIT_SECONDS)


@dataclass(frozen=True)
class _Scene:
    database: Database
    keys: KeyRing
    intake: IntakeServer
    clock: SetClock

    def worker(self, **more: Any) -> Worker:
        settings = MunicipalitySettings(intake=Intake(ChannelName.REST, self.intake.url, "geheim-token"))
        directory = Directory([Municipality("GM0363", "Amsterdam", "Noord-Holland", (), settings)])
        return Worker(self.database, self.keys, directory, clock=self.clock, jitter=lambda: 0.5, **more)

    @contextmanager
    def stalled_worker(self, *, before: bool) -> Iterator[Callable[[], int]]:
        """While a worker has stalled with what is due; call what it gives to wake it: how many it received."""
        channel = _Stalling(before=before)
        worker = self.worker(channels={"rest": channel})
        with ThreadPoolExecutor(1) as pool:
            working: Future[int] = pool.submit(worker.run_once)

            def wake() -> int:
                channel.released.set()
                return working.result(_WAIT_SECONDS)

            try:
                assert channel.stalled.wait(_WAIT_SECONDS)
                yield wake
            finally:
                channel.released.set()

    def kept(self) -> list[tuple[Any, ...]]:
        """All that the database knows of deliveries."""
        with self.database.reading() as connection:
            return [
                tuple(row)
                for table in (registration, outbox, intake_wait)
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]

    def states(self) -> list[str]:
        """Of all messages."""
        with self.database.reading() as connection:
            return list(connection.execute(select(outbox.c.state)).scalars())


@pytest.fixture
def scene(database: Database, keys: KeyRing, intake: IntakeServer) -> _Scene:
    made = _Scene(database, keys, intake, SetClock())
    press(database, keys, another_registration(urgent=True))
    return made


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("before", [True, False], ids=["before its call", "after its call"])
def test_what_another_delivered_meanwhile_stays_delivered(scene: _Scene, fate: str, before: bool) -> None:
    others_turn = intake_server.known_by_id
    scene.intake.will_answer(*((others_turn, FATES[fate]) if before else (FATES[fate], others_turn)))
    with scene.stalled_worker(before=before) as wake:
        scene.clock.pass_by(seconds=_LEASE_AND_A_BIT)
        assert scene.worker().run_once() == 1
        settled = scene.kept()
        scene.clock.pass_by(seconds=1)
        assert wake() == 0
    assert scene.kept() == settled
    assert scene.states() == ["delivered"]
    _assert_same_bytes(scene.intake, 2)
    assert len(scene.intake.numbers) == 1


@pytest.mark.parametrize("fate", FATES)
def test_what_another_has_to_try_again_is_tried_at_the_time_that_it_settled(scene: _Scene, fate: str) -> None:
    scene.intake.will_answer(FATES[fate], answer(500))
    with scene.stalled_worker(before=False) as wake:
        scene.clock.pass_by(seconds=_LEASE_AND_A_BIT)
        assert scene.worker().run_once() == 0
        settled = scene.kept()
        assert wake() == 0
    assert scene.kept() == settled
    scene.clock.pass_by(seconds=10)
    assert scene.worker().run_once() == 1
    _assert_same_bytes(scene.intake, 3)
    assert len(scene.intake.numbers) == 1


@pytest.mark.parametrize("fate", FATES)
def test_what_another_is_busy_with_is_left_to_it(scene: _Scene, fate: str) -> None:
    scene.intake.will_answer(FATES[fate])
    with scene.stalled_worker(before=False) as wake:
        scene.clock.pass_by(seconds=_LEASE_AND_A_BIT)
        assert len(claim(scene.database, now=scene.clock())) == 1
        claimed = scene.kept()
        assert wake() == 0
    assert scene.kept() == claimed
    scene.clock.pass_by(seconds=_LEASE_AND_A_BIT)
    assert scene.worker().run_once() == 1
    _assert_same_bytes(scene.intake, 2)


@pytest.mark.parametrize("fate", FATES)
def test_a_probe_that_stalled_says_nothing_about_a_connection_that_was_mended_since(scene: _Scene, fate: str) -> None:
    scene.intake.will_answer(answer(403), FATES[fate])
    assert scene.worker().run_once() == 0
    scene.clock.pass_by(seconds=10)
    with scene.stalled_worker(before=False) as wake:
        scene.clock.pass_by(seconds=_LEASE_AND_A_BIT)
        assert scene.worker().run_once() == 1
        settled = scene.kept()
        assert wake() == 0
    assert scene.kept() == settled
    press(scene.database, scene.keys, another_registration(), now=scene.clock())
    assert scene.worker().run_once() == 1


def _assert_same_bytes(intake: IntakeServer, times: int) -> None:
    """Of the one registration that there is."""
    assert len(intake.requests) == times
    assert len({(request.body, request.headers["idempotency-key"]) for request in intake.requests}) == 1
