"""One run: residents press, the intake is moody, processes are killed; then the rest is delivered in peace."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Self

from requests import RequestException

from citizen_portal import clock
from citizen_portal.intake import operations
from citizen_portal.intake.worker import Worker
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database, DatabaseAway
from tests.crash.kills import WORKERS, Kill, kills, order, start
from tests.crash.moody_intake import MoodyIntake
from tests.crash.residents import Acknowledged, Residents, wishes
from tests.fakes.intake_server import IntakeServer, known_by_id
from tests.support.portal import SECRET
from tests.support.postgres import PostgresServer
from tests.support.processes import Processes, Visitor, is_received, wait_until

_CLIENTS = 8
_TRIGGER_SECONDS = 4.0
_LOOK_SECONDS = 0.002
_LONGEST_AIM_SECONDS = 0.015
_LONGEST_DOWN_SECONDS = 0.3
_ROUNDS_OF_THE_LAST_WORKER = 5


@dataclass
class CrashRun:
    """Use as a context manager: then web servers and workers run, and `database` is the portal's, seen by the test.

    `ends_at` is a moment of time.monotonic(): whatever still waits then fails. `server` is None on SQLite, where the
    database has no process of its own: there it is killed with whoever writes.
    """

    portal: Processes
    intake: IntakeServer
    server: PostgresServer | None
    codes: Sequence[str]
    seed: int
    ends_at: float
    killed: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    """What ended without being killed: a web server whose processes died in quick succession gives up, and whatever
    starts while the database is away."""
    seconds: dict[str, float] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.portal.run("migrate")
        self.database = Database(self.portal.database_url)
        self.webs = ("web",) if self.server is None else ("web", "other-web")
        for name in (*self.webs, *WORKERS):
            start(self.portal, name)
        self._wait_until_all_is_up()
        self.moody = MoodyIntake(self.seed)
        self.intake.usual = self.moody
        self.kinds: dict[str, Kill] = kills(self.portal, self.webs, self.server, self.seed)
        self.residents = Residents([self.portal.url_of(name) for name in self.webs], SimpleQueue(), self.seed)
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def press_while_killing(self, presses: int, times: int) -> None:
        """So many presses and kills, one kill at a time, while something is under way at what is killed."""
        chance = random.Random(f"{self.seed} moments")
        for wish in wishes(self.database, self.portal.folder, self.codes, presses, chance):
            self.residents.waiting.put(wish)
        began, allowed = time.monotonic(), 0
        with ThreadPoolExecutor(_CLIENTS) as pool:
            days = [pool.submit(self.residents.press_often, client) for client in range(_CLIENTS)]
            try:
                for turn, name in enumerate(order(list(self.kinds), times, self.seed), start=1):
                    before, allowed = allowed, presses * turn // times
                    # What is killed was at work: else most kills would hit what was just starting.
                    self._wait_until_all_is_up()
                    self._kill(name, allowed - before, chance)
                    self._wait_for_acknowledged(before, days)
                self._wait_for_acknowledged(presses, days)
            finally:
                self.residents.over.set()
                self.residents.may_press(_CLIENTS)
        self.seconds["chaos"] = time.monotonic() - began

    def _kill(self, name: str, presses: int, chance: random.Random) -> None:
        """Allow so many presses, and kill while they are under way."""
        with suppress(DatabaseAway):
            # An operator who does not wait for the schedule: else most retries would come after the chaos.
            operations.retry(self.database, None, clock.now())
        counted: Callable[[], int] = (lambda: self.moody.calls) if name == "worker" else lambda: self.residents.begun
        enough = counted() + chance.randint(1, min(presses, _CLIENTS))
        self.residents.may_press(presses)
        _wait(lambda: counted() >= enough, _TRIGGER_SECONDS)
        time.sleep(chance.uniform(0, _LONGEST_AIM_SECONDS))
        start_again = self.kinds[name]()
        self.killed[name] += 1
        time.sleep(chance.uniform(0, _LONGEST_DOWN_SECONDS))
        start_again()

    def _wait_until_all_is_up(self) -> None:
        wait_until(lambda: all(map(self._is_ready, self.webs)), "all web servers are ready")

    def _is_ready(self, web: str) -> bool:
        self._watch_over()
        with Visitor(self.portal.url_of(web)) as visitor, suppress(RequestException):
            return visitor.ask("GET", "/readyz").ok
        return False

    def _watch_over(self) -> None:
        """What a machine's supervisor does: what ended is started again."""
        for name in (*self.webs, *WORKERS):
            if self.portal.ended(name):
                self.ended[name] += 1
                start(self.portal, name)

    def deliver_the_rest(self) -> None:
        """An operator's `outbox retry --all` and `work --once`, then a worker whose clock is past every lease."""
        began = time.monotonic()
        self.intake.usual = known_by_id
        self._wait_until_all_is_up()
        for name in WORKERS:
            self.portal.kill(name)
        self.portal.run("outbox", "retry", "--all")
        self.portal.run("work", "--once")
        worker = Worker(self.database, KeyRing([SECRET]), self.portal.directory, clock=_two_minutes_ahead)
        for _ in range(_ROUNDS_OF_THE_LAST_WORKER):
            worker.run_once()
        self.seconds["the rest"] = time.monotonic() - began

    def not_received(self) -> list[Acknowledged]:
        """Those whose status page does not say that the municipality has it, or does not open, or is another's."""
        began = time.monotonic()
        self._wait_until_all_is_up()

        def seen(one: Acknowledged) -> bool:
            page = visitor.patiently("GET", one.status_path)
            return page.ok and is_received(page) and one.reference in page.text

        with Visitor(self.portal.url, others=list(self.residents.urls[1:])) as visitor:
            missing = [one for one in self.residents.acknowledged if not seen(one)]
        self.seconds["status pages"] = time.monotonic() - began
        return missing

    def figures(self) -> str:
        """What happened, in a few lines."""
        counted = {
            "acknowledged": len(self.residents.acknowledged),
            "taken by the intake": len(self.intake.numbers),
            "calls": len(self.intake.requests),
        }
        lines = {
            "presses": counted | self.residents.figures,
            "kills": self.killed,
            "ended by themselves": self.ended,
            "intake": self.moody.moods,
            "seconds": {what: round(seconds) for what, seconds in self.seconds.items()},
        }
        return "\n".join(
            f"  {title}: " + ", ".join(f"{count} {what}" for what, count in said.items())
            for title, said in lines.items()
        )

    def _wait_for_acknowledged(self, count: int, days: Sequence[Future[None]]) -> None:
        """Until so many are. Fails at once when a client's day failed, and when the run's time is over."""
        while not _wait(lambda: len(self.residents.acknowledged) >= count, 0.5):
            self._watch_over()
            for day in days:
                if day.done():
                    day.result()
            assert time.monotonic() < self.ends_at, f"the time is over before {count} were acknowledged"


def _wait(true: Callable[[], bool], seconds: float) -> bool:
    """Until it is true, or so many seconds are over; whether it is true."""
    ends_at = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends_at:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _two_minutes_ahead() -> datetime:
    return clock.now() + timedelta(minutes=2)
