"""Durable presses a second, of two processes with four threads each, against the bare driver writing the same rows."""

from __future__ import annotations

from functools import partial

from bench.engines import ENGINES, database_url
from bench.figures import AtLeast, Bars, Figure, Outcome
from bench.pressing import PROCESSES, THREADS, Crowd
from bench.rounds import Middle, Scale, interleaved, ratio

TITLE = "Durable presses against the bare driver"

# On SQLite how the writers happen to meet decides more than the code: told, without a target.
_TARGETS = {"PostgreSQL": AtLeast(0.7)}


def run(scale: Scale) -> Outcome:
    """For each engine the presses a second of `registration.press`, and of the driver alone in one transaction each."""
    figures, rates = [], {}
    for name, engine in ENGINES.items():
        with database_url(engine) as url, Crowd(url) as crowd:
            by_turns = {way: partial(crowd.rate, way, scale.size) for way in ("portal", "driver")}
            for measure in by_turns.values():
                measure()
            measured = interleaved(scale.rounds, by_turns)
        how = f"{PROCESSES} processes of {THREADS} threads, every commit durable"
        for who, values in measured.items():
            middle = Middle.of(values)
            rates[f"{name}, {who}"] = middle.value
            figures.append(Figure(f"presses, {name}, {who}", middle.value, "/s", None, how, middle.spread))
        middle = ratio(measured["portal"], measured["driver"])
        how = "portal / driver; the driver is given the finished rows and builds, seals and checks nothing"
        figures.append(
            Figure(f"presses, {name}: of the driver's", middle.value, "x", _TARGETS.get(name), how, middle.spread)
        )
    return Outcome(figures, [Bars("presses", "Durable presses a second", "/s", rates)])
