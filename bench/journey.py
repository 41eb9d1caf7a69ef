"""A whole journey against the same journey written the naive way (bench/naive/), on the same server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

from bench.figures import AtLeast, Bars, Figure, Outcome
from bench.processes import Portal, Process, application, free_port
from bench.rounds import Middle, Scale, interleaved, ratio
from bench.walk import WITH_A_HELPER, Resident, walk_together

TITLE = "A whole journey against the naive one"

# English, so that both look their texts up in a catalogue; Dutch is the source.
_BEGIN = "/en/?gemeente=GM0363"
_HOW = (
    "every GET and POST from start page to status page, with a helper, eight residents at once; CPU of the web process"
)


def run(scale: Scale) -> Outcome:
    """Server CPU of one journey: naive divided by ours."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        portal, naive_port = Portal(folder), free_port()
        naive = stack.enter_context(
            application("bench.naive.app:make_app", naive_port, environ={"NAIVE_DATABASE": str(folder / "naive.db")})
        )
        ours = stack.enter_context(portal.serve())
        naive.wait_for(f"http://127.0.0.1:{naive_port}/en/")
        ours.wait_for(f"{portal.url}/readyz")
        journeys, sizes = scale.fewer(25, 4), {}
        for name, port in (("naive", naive_port), ("ours", portal.port)):
            sizes[name] = _size(port)
        measured = {
            "naive": _cpu(naive, naive_port, journeys),
            "ours": _cpu(ours, portal.port, 2 * journeys),
        }
        seconds = interleaved(scale.rounds, measured)
    return _outcome(seconds, sizes)


def _cpu(process: Process, port: int, journeys: int) -> Callable[[], float]:
    numbers = count()

    def measure() -> float:
        before = process.cpu_seconds()
        walk_together(port, islice(numbers, journeys), lambda _: _BEGIN, WITH_A_HELPER)
        return (process.cpu_seconds() - before) / journeys

    return measure


def _size(port: int) -> tuple[int, int]:
    """Requests and bytes of HTML of one journey; makes every template of it compile, too."""
    pages: list[int] = []
    with Resident(port, seen=lambda _path, html: pages.append(len(html.encode()))) as resident:
        resident.walk(_BEGIN, WITH_A_HELPER)
        return resident.requests, sum(pages)


def _outcome(seconds: dict[str, list[float]], sizes: dict[str, tuple[int, int]]) -> Outcome:
    middle = ratio(seconds["naive"], seconds["ours"])
    cpu = {name: Middle.of(values) for name, values in seconds.items()}
    figures = [
        *(
            Figure(f"CPU of a journey, {name}", one.value * 1e3, "ms", None, _HOW, _times(one.spread, 1e3))
            for name, one in cpu.items()
        ),
        *(Figure(f"requests of a journey, {name}", requests, "") for name, (requests, _) in sizes.items()),
        *(Figure(f"HTML of a journey, {name}", size / 1024, "KB") for name, (_, size) in sizes.items()),
        Figure("naive / ours", middle.value, "x", AtLeast(4), "CPU of the naive journey / ours", middle.spread),
    ]
    bars = Bars("journey", "Server CPU of a whole journey", "ms", {name: one.value * 1e3 for name, one in cpu.items()})
    return Outcome(figures, [bars])


def _times(spread: tuple[float, float], factor: float) -> tuple[float, float]:
    return spread[0] * factor, spread[1] * factor
