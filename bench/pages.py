"""One page each: server CPU per request and p99 at eight connections, against a bare Flask route on the same server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.figures import AtLeast, AtMost, Bars, Figure, Outcome
from bench.load import ask, percentile, request
from bench.processes import Portal, Process, application, free_port
from bench.rounds import Middle, Scale, interleaved, ratio
from bench.walk import SELF, WITH_A_HELPER, Resident

TITLE = "A page against a bare Flask route"

_CONNECTIONS = 8
_SIX_FIELDS = "form page of six fields"
_TARGETS = {_SIX_FIELDS, "largest form page", "status page", "start page"}
# The bare route is cheap: more requests in the same time make its CPU as exact as that of a page.
_MORE_OF_BARE = 3


def run(scale: Scale) -> Outcome:
    """CPU: bare divided by page, so that 1 would be "costs nothing beside Flask". p99: page divided by bare."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        portal, bare_port = Portal(folder), free_port()
        bare = stack.enter_context(application("bench.baseline:make_app", bare_port))
        web = stack.enter_context(portal.serve())
        bare.wait_for(f"http://127.0.0.1:{bare_port}/")
        web.wait_for(f"{portal.url}/readyz")
        pages = _pages(portal.port)
        cpu = {"bare": _cpu(bare, bare_port, request("/"), _MORE_OF_BARE * scale.size)}
        wait = {"bare": _p99(bare_port, request("/"), scale.size)}
        for name, path in pages.items():
            asked = request(path, accept_gzip=name == "start page")
            cpu[name] = _cpu(web, portal.port, asked, scale.size)
            wait[name] = _p99(portal.port, asked, scale.size)
            ask(portal.port, asked, count=50, connections=4)
        seconds, p99 = interleaved(scale.rounds, cpu), interleaved(scale.rounds, wait)
    return _outcome(seconds, p99)


def _pages(port: int) -> dict[str, str]:
    paths: dict[str, str] = {}
    for number, (name, answers, until) in enumerate(
        (
            (_SIX_FIELDS, WITH_A_HELPER, "helper"),
            ("largest form page", SELF, "contact"),
            ("check page", SELF, "check"),
            ("status page", SELF, ""),
        )
    ):
        with Resident(port, number) as resident:
            paths[name] = resident.walk("/nl/?gemeente=GM0363", answers, until=until)
    return {**paths, "start page": "/nl/?gemeente=GM0363", "privacy page": "/nl/privacy"}


def _cpu(process: Process, port: int, asked: bytes, count: int) -> Callable[[], float]:
    def measure() -> float:
        before = process.cpu_seconds()
        ask(port, asked, count=count, connections=_CONNECTIONS)
        return (process.cpu_seconds() - before) / count

    return measure


def _p99(port: int, asked: bytes, count: int) -> Callable[[], float]:
    return lambda: percentile(ask(port, asked, count=count, connections=_CONNECTIONS), 0.99)


def _outcome(seconds: dict[str, list[float]], p99: dict[str, list[float]]) -> Outcome:
    figures, of_bare, microseconds = [], {}, {}
    for name, values in seconds.items():
        middle = Middle.of(values)
        microseconds[name] = middle.value * 1e6
        figures.append(_figure(f"server CPU, {name}", middle, 1e6, "µs", "per request, one worker, 8 connections"))
    for name, values in seconds.items():
        if name == "bare":
            continue
        middle = ratio(seconds["bare"], values)
        of_bare[name] = middle.value
        target = AtLeast(0.30) if name in _TARGETS else None
        figures.append(
            Figure(f"{name}: CPU of bare", middle.value, "x", target, "bare CPU / page CPU", spread=middle.spread)
        )
        middle = ratio(p99[name], p99["bare"])
        limit = AtMost(2.5) if name in _TARGETS else None
        figures.append(Figure(f"{name}: p99", middle.value, "x bare", limit, "page / bare", spread=middle.spread))
    bars = [
        Bars("pages-cpu", "Server CPU per request", "µs", microseconds),
        Bars("pages-ratio", "CPU of a bare Flask route, as a part of the page's", "bare / page", of_bare, 0.30),
    ]
    return Outcome(figures, bars)


def _figure(name: str, middle: Middle, factor: float, unit: str, how: str) -> Figure:
    low, high = middle.spread
    return Figure(name, middle.value * factor, unit, None, how, spread=(low * factor, high * factor))
