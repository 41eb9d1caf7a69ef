"""An intake whose token expired: its municipality waits as a whole, and with a new token all of it arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from citizen_portal.intake import operations
from citizen_portal.intake.schedule import step
from citizen_portal.intake.worker import Worker
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from citizen_portal.storage.outbox import counts
from tests.fakes.intake_server import Conversation, IntakeServer, Request, answer, known_by_id
from tests.support.deliveries import another_registration, press
from tests.support.portal import INTAKE_TOKEN, SetClock, make_directory

_RENEWED = "the-token-that-came-after"
_FAILURES_IN_A_WEEK = 7 + 7
"""Seven steps that are shorter than a day, then daily."""

_EXPIRED, _OTHER = "GM0363", "GM0344"
_MUNICIPALITIES = f"""
[{_EXPIRED}.intake]
channel = "rest"
url = "{{intake}}/{_EXPIRED}"
token = "{{token}}"
[{_OTHER}.intake]
channel = "rest"
url = "{{intake}}/{_OTHER}"
token = "{{token}}"
"""


class _Gate:
    """An intake that looks at the token: one municipality's has expired."""

    def __init__(self, refusal: int) -> None:
        self._refusal = refusal
        self.refused = 0

    def __call__(self, conversation: Conversation, request: Request) -> None:
        wanted = _RENEWED if _called(request) == _EXPIRED else INTAKE_TOKEN
        if request.headers["authorization"] == f"Bearer {wanted}":
            known_by_id(conversation, request)
        else:
            self.refused += 1
            answer(self._refusal)(conversation, request)


class _Office:
    """A portal's worker, and the municipalities' settings as they stand in their file."""

    def __init__(self, database: Database, keys: KeyRing, intake: IntakeServer, folder: Path) -> None:
        self.database, self._keys, self._intake, self._folder = database, keys, intake, folder
        self.clock = SetClock()
        self._start(_MUNICIPALITIES)

    def _start(self, municipalities: str) -> None:
        directory = make_directory(self._folder, self._intake.url, municipalities)
        self.worker = Worker(self.database, self._keys, directory, clock=self.clock, jitter=lambda: 0.5)

    def renew(self) -> None:
        """An operator writes the new token into the file, and starts the worker again."""
        self._start(_MUNICIPALITIES.replace("{token}", _RENEWED, 1))

    def press(self, municipality: str, count: int) -> None:
        """So many residents press."""
        for _ in range(count):
            press(self.database, self._keys, another_registration(municipality=municipality), now=self.clock())

    def probe_daily_for_a_week(self) -> None:
        """The worker finds out, and probes until the steps are days and a week is over; residents go on pressing."""
        self.press(_EXPIRED, 1)
        for failures in range(1, _FAILURES_IN_A_WEEK + 1):
            self.worker.run_once()
            self.press(_EXPIRED, 2)
            self.clock.pass_by(seconds=step(failures).total_seconds())

    def undelivered(self) -> int:
        """How many messages have not arrived."""
        with self.database.reading() as connection:
            states = counts(connection)
        return sum(states.values()) - states.get("delivered", 0)


@pytest.fixture(params=[401, 403])
def gate(request: pytest.FixtureRequest, intake: IntakeServer) -> _Gate:
    intake.usual = gate = _Gate(request.param)
    return gate


@pytest.fixture
def office(database: Database, keys: KeyRing, intake: IntakeServer, gate: _Gate, tmp_path: Path) -> _Office:
    return _Office(database, keys, intake, tmp_path)


def test_one_probe_goes_out_for_each_step_and_nobody_else_waits(office: _Office, gate: _Gate) -> None:
    office.press(_EXPIRED, 1)
    for failures in range(1, _FAILURES_IN_A_WEEK + 1):
        office.worker.run_once()
        assert gate.refused == failures
        office.press(_EXPIRED, 2)
        office.press(_OTHER, 1)
        office.clock.pass_by(seconds=step(failures).total_seconds() - 1)
        assert office.worker.run_once() == 1
        assert gate.refused == failures
        office.clock.pass_by(seconds=1)
    assert office.undelivered() == 1 + 2 * _FAILURES_IN_A_WEEK


def test_with_a_new_token_everything_arrives_at_the_next_probe(
    office: _Office, gate: _Gate, intake: IntakeServer
) -> None:
    office.probe_daily_for_a_week()
    refused, waiting = gate.refused, office.undelivered()
    office.renew()
    assert office.worker.run_once() == waiting == 1 + 2 * _FAILURES_IN_A_WEEK
    assert gate.refused == refused == _FAILURES_IN_A_WEEK
    assert office.undelivered() == 0
    assert len(intake.numbers) == waiting
    bodies = {request.headers["idempotency-key"]: request.body for request in intake.requests}
    assert {request.body for request in intake.requests} == set(bodies.values())


def test_an_operator_need_not_wait_for_the_next_probe(office: _Office, gate: _Gate) -> None:
    office.probe_daily_for_a_week()
    office.worker.run_once()
    office.renew()
    assert office.worker.run_once() == 0
    operations.retry(office.database, None, office.clock())
    assert office.worker.run_once() == 1 + 2 * _FAILURES_IN_A_WEEK
    assert office.undelivered() == 0
    assert gate.refused == _FAILURES_IN_A_WEEK + 1


def _called(request: Request) -> str:
    """The municipality whose address this is."""
    return request.line.split("/")[1]
