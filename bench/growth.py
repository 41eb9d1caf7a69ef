"""From one registration to a million: how long what the portal does takes, and whether it reads a table to its end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from statistics import median
from time import perf_counter

import structlog

from bench.engines import ENGINES, databases
from bench.figures import AtMost, Curve, Figure, Outcome
from bench.rounds import Middle, Scale, interleaved, ratio
from citizen_portal.storage.database import Database
from tests.support.growing import GROWING, LongUsed
from tests.support.plans import noted, scans

TITLE = "From one registration to a million"

_SIZES = (1, 1_000, 10_000, 100_000, 1_000_000)
_QUICK_SIZES = (1, 1_000, 10_000)
_COMPARED = 1_000
_TARGET = 3.0
"""Logarithmic growth from a thousand to a million is a factor of two; more than three would be something else."""

_AT_ONCE = 8

# Whether the disk is quick is another benchmark's question: here it would hide what grows.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=512MB", "max_wal_size=4GB")


def run(scale: Scale) -> Outcome:
    """For each engine: the same work in databases of all sizes by turns; then the plans in the largest one."""
    # An event that comes in is logged; thousands of lines are no figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    figures, curves = [], []
    sizes = _QUICK_SIZES if scale.quick else _SIZES
    for name, engine in ENGINES.items():
        with ExitStack() as stack:
            another = stack.enter_context(databases(engine, _SETTINGS))
            long_used = {size: _filled(stack, another(), size) for size in sizes}
            milliseconds = _measured(long_used, scale)
            walked = _walked_through(long_used[sizes[-1]])
        lines = {}
        for what, by_size in milliseconds.items():
            growth = ratio(by_size[sizes[-1]], by_size[_COMPARED])
            slowest = Middle.of(by_size[sizes[-1]])
            how = f"time with {sizes[-1]:,} registrations / with {_COMPARED:,}; {slowest.value:.2f} ms"
            title = f"growth, {name}, {what}"
            figures.append(Figure(title, growth.value, "x", AtMost(_TARGET), how, growth.spread))
            lines[what] = [(float(size), median(values)) for size, values in by_size.items()]
        how = "steps of a plan that read a growing table to its end, over all statements; " + "; ".join(walked)
        figures.append(Figure(f"full scans, {name}", float(len(walked)), "", AtMost(0), how.rstrip("; ")))
        curves.append(Curve(f"growth-{engine}", f"What grows, {name}", "registrations", "ms", lines))
    return Outcome(figures, curves=curves)


def _filled(stack: ExitStack, url: str, size: int) -> LongUsed:
    database = Database(url)
    stack.callback(database.close)
    long_used = LongUsed(database, size)
    long_used.fill()
    return long_used


def _measured(long_used: dict[int, LongUsed], scale: Scale) -> dict[str, dict[int, list[float]]]:
    """By operation and size the milliseconds of each round."""
    measured: dict[str, dict[int, list[float]]] = {}
    for what in next(iter(long_used.values())).operations():
        by_turns = {str(size): partial(_milliseconds, one, what) for size, one in long_used.items()}
        for warm_up in by_turns.values():
            warm_up()
        rounds = interleaved(scale.rounds, by_turns)
        measured[what] = {int(size): values for size, values in rounds.items()}
    return measured


def _milliseconds(long_used: LongUsed, what: str) -> float:
    """The middle one of a few."""
    prepare = long_used.operations()[what]
    return median(_timed(prepare()) for _ in range(_AT_ONCE)) * 1000


def _timed(do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    return perf_counter() - began


def _walked_through(long_used: LongUsed) -> list[str]:
    """Every statement of every operation, explained: the steps that read a growing table to its end."""
    walked = []
    with noted(long_used.database) as statements:
        for what, prepare in long_used.operations().items():
            do = prepare()
            statements.clear()
            do()
            for statement in list(statements):
                walked += [f"{what}: {step}" for step in scans(long_used.database, statement, GROWING)]
    return walked
