"""SIGKILL for what a portal consists of, in random order, and a new start of what does not start again by itself."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from tests.support.postgres import PostgresServer
from tests.support.processes import Processes

WEB_PROCESSES = 2
WORKERS = ("worker", "other-worker")
_TRIGGER_SECONDS = 2.0

Restart = Callable[[], None]
Kill = Callable[[], Restart]


def start(portal: Processes, name: str) -> None:
    """Start a worker or a web server of this name."""
    if name in WORKERS:
        portal.work(name)
    else:
        portal.serve(name, workers=WEB_PROCESSES)


def kills(portal: Processes, webs: Sequence[str], server: PostgresServer | None, seed: int) -> dict[str, Kill]:
    """By name; each kills one thing, and gives back what starts it again."""
    chance = random.Random(f"{seed} kills")

    def web() -> Restart:
        name = chance.choice(webs)
        portal.kill(name)
        return lambda: start(portal, name)

    def web_process() -> Restart:
        portal.kill_child(chance.choice(webs), chance)
        return _by_itself

    def worker() -> Restart:
        name = chance.choice(WORKERS)
        portal.kill(name)
        return lambda: start(portal, name)

    found: dict[str, Kill] = {"web server": web, "web process": web_process, "worker": worker}
    if server is None:
        return found

    def database_process() -> Restart:
        if at_work := _at_work(server):
            server.kill_one(chance.choice(at_work))
        return _by_itself

    def database() -> Restart:
        _at_work(server)
        server.kill()
        return server.start

    return found | {"database process": database_process, "database server": database}


def order(names: list[str], count: int, seed: int) -> list[str]:
    """So many names, each as often as the others, in random order."""
    turns = [names[turn % len(names)] for turn in range(count)]
    random.Random(f"{seed} order").shuffle(turns)
    return turns


def _at_work(server: PostgresServer) -> list[int]:
    """The database's processes that are in the middle of something, as soon as there are any."""
    ends_at = time.monotonic() + _TRIGGER_SECONDS
    while not (found := server.at_work()) and time.monotonic() < ends_at:
        pass
    return found


def _by_itself() -> None:
    """Whoever watches over it starts it again."""
