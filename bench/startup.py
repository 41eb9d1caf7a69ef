"""Cold start: the application of one worker process, against importing everything there is."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil

from bench.figures import AtMost, Bars, Figure, Outcome
from bench.processes import Portal
from bench.rounds import Middle, Scale, interleaved, ratio

TITLE = "Cold start"

_CPU = "import time; t = time.process_time(); {work}; print(time.process_time() - t)"
_START = _CPU.format(work="from citizen_portal.serving import make_app; make_app()")
# Every module of the package, every submodule of what it needs that can be imported without starting something.
_EVERYTHING = """
import importlib, pkgutil, re, time
from importlib.metadata import packages_distributions, requires
started = time.process_time()
demands = [one for one in requires("citizen-portal") or [] if "extra ==" not in one]
needed = {re.split(r"[^A-Za-z0-9_.-]", one)[0].lower() for one in demands}
for package, owners in sorted(packages_distributions().items()):
    if {owner.lower() for owner in owners} & needed and package != "citizen_portal":
        importlib.import_module(package)
import citizen_portal
for module in pkgutil.walk_packages(citizen_portal.__path__, "citizen_portal."):
    if ".migrations" not in module.name:
        importlib.import_module(module.name)
print(time.process_time() - started)
"""


def run(scale: Scale) -> Outcome:
    """CPU of import and `create_app` in a fresh process, divided by that of importing everything."""
    with tempfile.TemporaryDirectory() as name:
        portal = Portal(Path(name))
        rounds = scale.rounds if scale.quick else 2 * scale.rounds
        seconds = interleaved(
            rounds, {"start": _measured(portal, _START), "everything": _measured(portal, _EVERYTHING)}
        )
        ready = [_ready(portal) for _ in range(scale.rounds)]
    middle = ratio(seconds["start"], seconds["everything"])
    milliseconds = {name: Middle.of(values).value * 1e3 for name, values in seconds.items()}
    figures = [
        Figure("import and create_app", milliseconds["start"], "ms", None, "CPU of a fresh process"),
        Figure(
            "importing everything",
            milliseconds["everything"],
            "ms",
            None,
            "every module of the package and every package it depends on",
        ),
        Figure("start / everything", middle.value, "x", AtMost(0.75), "", middle.spread),
        Figure(
            "`serve` until /readyz answers", Middle.of(ready).value, "s", None, "wall clock, with an empty database"
        ),
    ]
    return Outcome(figures, [Bars("startup", "CPU of a cold start", "ms", milliseconds)])


def _measured(portal: Portal, program: str) -> Callable[[], float]:
    def measure() -> float:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**psutil.Process().environ(), **portal.environ},
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    return measure


def _ready(portal: Portal) -> float:
    with portal.serve() as web:
        return web.wait_for(f"{portal.url}/readyz")
