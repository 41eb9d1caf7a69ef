"""Deliveries a second of one worker, against threads that do nothing but `requests`; and with a slow intake."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

from sqlalchemy import insert

from bench.engines import ENGINES, database_url
from bench.figures import AtLeast, Bars, Figure, Outcome
from bench.processes import MUNICIPALITIES, Portal, Process, free_port, python
from bench.rounds import Middle, Scale, interleaved, ratio
from citizen_portal.clock import now
from citizen_portal.directory.municipality import load_directory
from citizen_portal.intake.outbox import first_message
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import outbox, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import outbox as outbox_table
from citizen_portal.storage.tables import registration as registration_table
from tests.support.deliveries import another_registration

TITLE = "Deliveries of one worker"

THREADS = 8
_LATENCY = 200
_CONCURRENCY = (8, 16, 32)
_MUNICIPALITIES = 40
"""So many that the cap of four at once a municipality holds up nothing."""

_PATIENCE_SECONDS = 120.0


def run(scale: Scale) -> Outcome:
    """For each engine: deliveries a second of the worker and of the bare loop; then with 200 ms at the intake."""
    figures: list[Figure] = []
    rates: dict[str, float] = {}
    for name, engine in ENGINES.items():
        with ExitStack() as stack:
            post = _Post(stack, engine, latency=0)
            stack.enter_context(post.worker(THREADS))
            by_turns = {
                "worker": partial(post.delivered, scale.size, THREADS),
                "bare": partial(post.bare, scale.size, THREADS),
            }
            for warm_up in by_turns.values():
                warm_up()
            measured = interleaved(scale.rounds, by_turns)
        for who, values in measured.items():
            middle = Middle.of(values)
            rates[f"{name}, {who}"] = middle.value
            how = f"{THREADS} threads, first to last arrival"
            figures.append(Figure(f"deliveries, {name}, {who}", middle.value, "/s", None, how, middle.spread))
        middle = ratio(measured["worker"], measured["bare"])
        figures.append(
            Figure(
                f"deliveries, {name}: of a bare loop of requests",
                middle.value,
                "x",
                AtLeast(0.8),
                "worker / threads that only call requests.Session.post",
                middle.spread,
            )
        )
        figures += _with_latency(name, engine, scale)
    return Outcome(figures, [Bars("deliveries", "Deliveries a second, eight threads", "/s", rates)])


def _with_latency(name: str, engine: str, scale: Scale) -> list[Figure]:
    """Of what is possible when every thread does nothing but wait: 40/s for each eight threads at 200 ms."""
    figures = []
    for threads in _CONCURRENCY:
        possible = threads * 1000 / _LATENCY
        with ExitStack() as stack:
            post = _Post(stack, engine, latency=_LATENCY)
            stack.enter_context(post.worker(threads))
            rate = post.delivered(max(4 * threads, min(scale.size, int(possible * 8))), threads)
        how = f"{rate:.0f}/s of {possible:.0f}/s possible"
        title = f"deliveries, {name}, intake takes {_LATENCY} ms, {threads} threads"
        figures.append(Figure(title, rate / possible, "x", AtLeast(0.8), how))
    return figures


class _Post:
    """A database, an intake, and whoever delivers from one to the other; gone with `stack`."""

    def __init__(self, stack: ExitStack, engine: str, *, latency: int) -> None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        self._url = f"http://127.0.0.1:{port}"
        here = Path(__file__).parent.parent
        self._intake = stack.enter_context(python("-m", "bench.fast_intake", str(port), str(latency), folder=here))
        self._intake.wait_for(self._url)
        self._portal = Portal(folder, self._url)
        url = stack.enter_context(database_url(engine))
        self._portal.environ["PORTAL_DATABASE_URL"] = url
        self._database = Database(url)
        stack.callback(self._database.close)
        self._keys = KeyRing([self._portal.environ["PORTAL_SECRET_KEYS"]])
        directory = load_directory(None, production=False, environ={})
        self._codes = [one.code for one in directory.all()][:_MUNICIPALITIES]
        one = MUNICIPALITIES.format(intake=self._url)
        text = "".join(one.replace("GM0363", code) for code in self._codes)
        (folder / "municipalities.toml").write_text(text, encoding="utf-8")

    def worker(self, threads: int) -> Process:
        """The worker, as an operator starts it."""
        return python(
            *("-m", "citizen_portal.cli", "work", "--threads", str(threads)),
            environ=self._portal.environ,
            folder=self._portal.folder,
        )

    def delivered(self, count: int, threads: int) -> float:
        """Messages a second, of `count` that are all due at once."""
        self._fill(count)
        return self._rate(count, threads)

    def bare(self, count: int, threads: int) -> float:
        """The same for a process that sends so many as fast as it can."""
        here = Path(__file__).parent.parent
        command = [sys.executable, "-m", "bench.bare_loop", self._url, str(threads), str(count)]
        subprocess.run(command, check=True, cwd=here, timeout=_PATIENCE_SECONDS)
        return self._rate(count // threads * threads, threads)

    def _rate(self, count: int, threads: int) -> float:
        """The first arrivals, one of each thread, were under way before the clock began: they do not count."""
        ends_at = time.monotonic() + _PATIENCE_SECONDS
        came, seconds, opener = 0.0, 0.0, build_opener(ProxyHandler({}))
        while came < count:
            if time.monotonic() > ends_at:
                raise TimeoutError(f"{came} of {count} came")
            time.sleep(0.2)
            came, seconds = (float(part) for part in opener.open(self._url).read().split())
        opener.open(Request(self._url, method="DELETE")).close()
        return (count - threads) / seconds

    def _fill(self, count: int) -> None:
        """Registrations of all municipalities by turns, and their messages, all at once."""
        records, messages = [], []
        at = now()
        for number in range(count):
            registration = another_registration(municipality=self._codes[number % len(self._codes)])
            code = registration.request.municipality_code
            record = RegistrationRecord(
                *(registration.id, registration.reference, uuid4().bytes, code, code),
                *(registration.registered_at, registration.conversation_due, False),
            )
            records.append(registrations.columns(record))
            messages.append(outbox.columns(first_message(self._keys, registration, now=at)))
        with self._database.writing() as connection:
            connection.execute(insert(registration_table), records)
            connection.execute(insert(outbox_table), messages)
