"""Promise 1 under SIGKILL: who saw a status page is at the municipality, once, whatever was killed meanwhile."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import time
from collections import Counter, defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Semaphore

import pytest
import requests

from citizen_portal import clock
from citizen_portal.intake import operations
from citizen_portal.intake.worker import Worker
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from tests.fakes.intake_server import (
    Conversation,
    IntakeServer,
    Request,
    answer,
    hang_up,
    known_by_id,
    reset,
)
from tests.support.portal import SECRET
from tests.support.processes import Processes, Visitor, reference_on, refused
from tests.support.walk import Form

_CLIENTS = 4
_KILLS = {"web": 6, "worker": 6}
_PRESSES_A_TURN = 5
_LONGEST_SECONDS = 90.0
_TRIGGER_SECONDS = 4.0

# Many: a killed worker's claims keep their municipality's places until their leases end.
_CODES = ("GM0014", "GM0034", "GM0080", "GM0193", "GM0202", "GM0344", "GM0363", "GM0518", "GM0599", "GM0772")
_MUNICIPALITIES = "".join(
    f'[{code}.intake]\nchannel = "rest"\nurl = "{{intake}}"\ntoken = "{{token}}"\n' for code in _CODES
)


class MoodyIntake:
    """Answers at random: some calls are taken and confirmed, some taken and cut off, some not taken at all."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lock = Lock()
        self.moods: Counter[str] = Counter()
        self.called = Event()

    def __call__(self, conversation: Conversation, request: Request) -> None:
        self.called.set()
        if not whole(request):
            hang_up(conversation, request)
            return
        with self._lock:
            mood = self._random.choices(
                ("taken", "500", "503", "reset", "hang up", "taken, then reset", "garbage"), (8, 1, 1, 1, 1, 3, 1)
            )[0]
            self.moods[mood] += 1
        match mood:
            case "taken":
                known_by_id(conversation, request)
            case "reset":
                reset(conversation, request)
            case "hang up":
                hang_up(conversation, request)
            case "taken, then reset":
                registration_id = json.loads(request.body)["aanmeldingId"]
                with conversation.server.lock:
                    numbers = conversation.server.numbers
                    numbers.setdefault(registration_id, f"Z-2026-{len(numbers) + 1:05d}")
                reset(conversation, request)
            case "garbage":
                answer(200, b"<html>Welkom</html>", Content_Type="text/html")(conversation, request)
            case status:
                answer(int(status))(conversation, request)


def whole(request: Request) -> bool:
    """Whether all of it came: a worker may be killed between the head and the body, and no server takes that."""
    return len(request.body) == int(request.headers["content-length"])


@dataclass
class Residents:
    """Clients that press until all tickets are used; each retries one and the same press until it is answered."""

    url: str
    seed: int
    tickets: Semaphore = field(default_factory=lambda: Semaphore(0))
    pressing: Event = field(default_factory=Event)
    references: list[str] = field(default_factory=list)
    unknown: int = 0
    cut_off: int = 0
    """Tries that got through to the portal and were never answered."""
    _lock: Lock = field(default_factory=Lock)

    def press_often(self, client: int, times: int) -> None:
        """One client's day."""
        chance = random.Random(f"{self.seed} {client}")
        with Visitor(self.url) as visitor:
            for _ in range(times):
                code = chance.choice(_CODES)
                urgent: Form = {"urgent": chance.choice((["none"], ["gas"], ["eviction", "water"]))}
                draft = visitor.start(code)
                form = visitor.to_check(draft, {"urgent": urgent, "municipality": {"municipality": code}})
                self.tickets.acquire()
                self._press(visitor, draft, form)

    def _press(self, visitor: Visitor, draft: str, form: Form) -> None:
        ends_at = time.monotonic() + visitor.patience
        while True:
            self.pressing.set()
            try:
                pressed = visitor.ask("POST", f"{draft}/check", form)
                break
            except requests.RequestException as error:
                with self._lock:
                    self.cut_off += not refused(error)
                assert time.monotonic() < ends_at, "a press is not answered"
                time.sleep(0.05)
        if pressed.status_code == 404:
            with self._lock:
                self.unknown += 1
            return
        assert pressed.status_code == 303, pressed.status_code
        assert pressed.headers["Location"].startswith("/nl/s/")
        page = visitor.patiently("GET", pressed.headers["Location"])
        assert page.status_code == 200, page.status_code
        with self._lock:
            self.references.append(reference_on(page))


@pytest.mark.crash
def test_nothing_that_was_acknowledged_is_lost_or_doubled_when_processes_are_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("CRASH_SEED") or random.randrange(1_000_000))
    _tell(capsys, f"\nCRASH_SEED={seed}")
    began = time.monotonic()
    moody = MoodyIntake(seed)
    with IntakeServer(usual=moody) as intake, Processes(tmp_path, intake.url, _MUNICIPALITIES) as portal:
        portal.run("migrate")
        portal.serve()
        portal.work()
        portal.wait_for_web()
        residents = Residents(portal.url, seed)
        _press_while_killing(portal, moody, residents, seed)
        sent_in_the_chaos = len(intake.requests)
        intake.usual = known_by_id
        waiting = _deliver_the_rest(portal)
    taken = intake.numbers
    _tell(
        capsys,
        f"{len(residents.references)} acknowledged, {residents.unknown} unknown, {residents.cut_off} tries cut off; "
        f"{len(taken)} taken by the intake, {len(intake.requests)} calls ({sent_in_the_chaos} in the chaos, "
        f"{waiting} messages left for the end), {dict(moody.moods)}; {time.monotonic() - began:.0f} s",
    )
    bodies = _one_body_each(intake.requests)
    assert set(bodies) == set(taken)
    at_the_intake = Counter(json.loads(bodies[registration_id])["kenmerk"] for registration_id in taken)
    expected = sum(_KILLS.values()) * _PRESSES_A_TURN
    # A draft lives longer than this run: the same press always finds its way to its page.
    assert residents.unknown == 0
    assert len(residents.references) == len(set(residents.references)) == expected
    assert at_the_intake == Counter(residents.references)
    _assert_all_delivered(portal.database, set(residents.references))
    # Else nothing was tried here.
    assert residents.cut_off > 0
    assert len(intake.requests) > len(taken)
    assert time.monotonic() - began < _LONGEST_SECONDS


def _tell(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """The figures and the seed are the run's result: shown also when it went well."""
    with capsys.disabled():
        print(line)


def _press_while_killing(portal: Processes, moody: MoodyIntake, residents: Residents, seed: int) -> None:
    """Kill and start again, one at a time, while something is under way at what is killed; then let all finish."""
    chance = random.Random(f"{seed} kills")
    turns = [name for name, times in _KILLS.items() for _ in range(times)]
    chance.shuffle(turns)
    presses = len(turns) * _PRESSES_A_TURN
    database = Database(f"sqlite:///{portal.database}")
    with ThreadPoolExecutor(_CLIENTS) as pool:
        days: list[Future[None]] = [
            pool.submit(residents.press_often, client, presses // _CLIENTS) for client in range(_CLIENTS)
        ]
        try:
            for name in turns:
                under_way = residents.pressing if name == "web" else moody.called
                under_way.clear()
                residents.tickets.release(_PRESSES_A_TURN)
                # An operator who does not wait for the schedule: else most retries would come after the chaos.
                operations.retry(database, None, clock.now())
                under_way.wait(_TRIGGER_SECONDS)
                time.sleep(chance.uniform(0, 0.03))
                portal.kill(name)
                time.sleep(chance.uniform(0, 0.3))
                portal.serve() if name == "web" else portal.work()
                if name == "web":
                    portal.wait_for_web()
                time.sleep(chance.uniform(0, 0.5))
        finally:
            # Whatever went wrong: nobody waits for a ticket that does not come.
            residents.tickets.release(presses)
        for day in days:
            day.result(timeout=_LONGEST_SECONDS)
    database.close()


def _deliver_the_rest(portal: Processes) -> int:
    """An operator's `outbox retry --all` and `work --once`, then a worker whose clock is past every lease."""
    portal.kill("worker")
    portal.run("outbox", "retry", "--all")
    portal.run("work", "--once")
    database = Database(f"sqlite:///{portal.database}")
    waiting = len(operations.list_lines(database)) - 1
    worker = Worker(database, KeyRing([SECRET]), portal.directory, clock=_two_minutes_ahead)
    for _ in range(5):
        worker.run_once()
    database.close()
    return waiting


def _two_minutes_ahead() -> datetime:
    return clock.now() + timedelta(minutes=2)


def _one_body_each(requests_seen: list[Request]) -> dict[str, bytes]:
    """The body for each registration. Fails when two tries of one differ, or a key is not its registration's."""
    seen: dict[str, set[bytes]] = defaultdict(set)
    for request in filter(whole, requests_seen):
        registration_id = json.loads(request.body)["aanmeldingId"]
        assert request.headers["idempotency-key"] == f'"{registration_id}"'
        seen[registration_id].add(request.body)
    assert [key for key, bodies in seen.items() if len(bodies) != 1] == []
    return {key: bodies.pop() for key, bodies in seen.items()}


def _assert_all_delivered(path: Path, references: set[str]) -> None:
    """Registrations are those of `references`; each has one message, delivered, its content and key erased."""
    with closing(sqlite3.connect(path)) as connection:
        kept = {row[0] for row in connection.execute("SELECT reference FROM registration WHERE received_at NOT NULL")}
        states = connection.execute("SELECT state, body, wrapped_key, count(*) FROM outbox GROUP BY 1, 2, 3").fetchall()
        with_message = connection.execute("SELECT count(DISTINCT registration_id) FROM outbox").fetchone()[0]
        drafts = connection.execute("SELECT count(*) FROM draft").fetchone()[0]
        healthy = connection.execute("PRAGMA integrity_check").fetchone()[0]
    assert kept == references
    assert states == [("delivered", None, None, len(references))]
    assert with_message == len(references)
    # A draft without answers may be left where the answer to its start was cut off; a pressed one may not.
    assert drafts < len(references)
    assert healthy == "ok"
