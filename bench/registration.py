"""One registration from the first page to the municipality's receipt, and what the processes weigh after it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

from bench.figures import AtMost, Bars, Figure, Outcome
from bench.load import ask, request
from bench.processes import Portal, Process, application, free_port
from bench.rounds import Middle, Scale, interleaved, ratio
from bench.walk import SELF, walk_together
from tests.fakes.intake_server import IntakeServer
from tests.support.processes import wait_until

TITLE = "One whole registration, and memory"

_REQUESTS = 17
_MIB_WEB, _MIB_WORKER = 110, 100


def run(scale: Scale) -> Outcome:
    """CPU of web and worker together for one registration; memory of both when all of them are through."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        intake = stack.enter_context(IntakeServer())
        portal, bare_port = Portal(folder, intake.url.replace("localhost", "127.0.0.1")), free_port()
        web, bare = portal.serve(), application("bench.baseline:make_app", bare_port)
        for process in (web, bare):
            stack.enter_context(process)
        web.wait_for(f"{portal.url}/readyz")
        bare.wait_for(f"http://127.0.0.1:{bare_port}/")
        worker = stack.enter_context(portal.work())
        crowd = _Crowd(portal, web, worker)
        crowd.register(3)
        seconds = interleaved(
            scale.rounds,
            {
                "all": crowd.measured(scale.fewer(15, 4)),
                "bare": _bare(bare, bare_port, scale.size),
            },
        )
        memory = {"web worker": web.memory(), "delivery worker": worker.memory()}
    return _outcome(seconds, crowd, memory)


class _Crowd:
    """Residents, eight at once; `web` and `worker` are the seconds that each part cost in each round."""

    def __init__(self, portal: Portal, web: Process, worker: Process) -> None:
        self._portal, self._processes = portal, (web, worker)
        self._numbers = count()
        self._pressed = 0
        self.web: list[float] = []
        self.worker: list[float] = []

    def register(self, number: int) -> None:
        """So many registrations, until the portal has the receipt of each."""
        walk_together(self._portal.port, islice(self._numbers, number), _start_page, SELF)
        self._pressed += number
        wait_until(lambda: f"outbox delivered: {self._pressed}\n" in self._status(), "every receipt")

    def measured(self, number: int) -> Callable[[], float]:
        """Measures the CPU seconds of one registration, over `number` of them."""

        def measure() -> float:
            before = [process.cpu_seconds() for process in self._processes]
            self.register(number)
            web, worker = (
                (process.cpu_seconds() - start) / number for process, start in zip(self._processes, before, strict=True)
            )
            self.web.append(web)
            self.worker.append(worker)
            return web + worker

        return measure

    def _status(self) -> str:
        command = [sys.executable, "-m", "citizen_portal.cli", "status"]
        return subprocess.run(
            command, env=self._portal.environ, cwd=self._portal.folder, check=True, capture_output=True, text=True
        ).stdout


def _start_page(number: int) -> str:
    return f"/{'nl' if number % 2 else 'en'}/?gemeente=GM0363"


def _bare(process: Process, port: int, size: int) -> Callable[[], float]:
    def measure() -> float:
        before = process.cpu_seconds()
        ask(port, request("/"), count=size, connections=1)
        return (process.cpu_seconds() - before) / size

    return measure


def _outcome(seconds: dict[str, list[float]], crowd: _Crowd, memory: dict[str, tuple[float, float]]) -> Outcome:
    whole, web, worker = Middle.of(seconds["all"]), Middle.of(crowd.web), Middle.of(crowd.worker)
    in_requests = ratio(seconds["all"], seconds["bare"])
    figures = [
        Figure(
            "CPU of one registration, web and worker",
            whole.value * 1e3,
            "ms",
            AtMost(20),
            f"{_REQUESTS} requests, the press, the delivery and its receipt",
            (whole.spread[0] * 1e3, whole.spread[1] * 1e3),
        ),
        Figure("of which web", web.value * 1e3, "ms"),
        Figure("of which delivery worker", worker.value * 1e3, "ms"),
        Figure("the same in bare Flask requests", in_requests.value, "requests", None, "", in_requests.spread),
    ]
    for name, limit in (("web worker", _MIB_WEB), ("delivery worker", _MIB_WORKER)):
        rss, pss = memory[name]
        figures.append(Figure(f"memory of a {name}, RSS", rss, "MiB", AtMost(limit), "after the registrations"))
        figures.append(Figure(f"memory of a {name}, PSS", pss, "MiB", None, "shared pages counted in part"))
    parts = {"web": web.value * 1e3, "delivery worker": worker.value * 1e3}
    return Outcome(figures, [Bars("registration", "CPU of one whole registration", "ms", parts)])
