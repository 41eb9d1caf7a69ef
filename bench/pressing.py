"""Processes and threads that press at once: through the portal, or with the driver alone."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier
from os import urandom
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from sqlalchemy import insert

from bench import drivers
from citizen_portal.clock import now
from citizen_portal.registration.press import PressedDraft, press
from citizen_portal.sealing import KeyRing
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import draft
from tests.support.deliveries import EXAMPLE, SECRET

PROCESSES, THREADS = 2, 4

_SEALED = 900
"""Bytes of a sealed draft with all questions answered."""

_PATIENCE_SECONDS = 300.0


class Crowd:
    """Processes with threads, each with a connection of its own that stays open. Use as a context manager."""

    def __init__(self, url: str) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._start = spawning.Barrier(PROCESSES + 1)
        self._pipes: list[Pipe] = []
        self._processes = []
        for _ in range(PROCESSES):
            mine, theirs = spawning.Pipe()
            self._pipes.append(mine)
            self._processes.append(spawning.Process(target=_process, args=(url, theirs, self._start), daemon=True))

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            if kind is not None:
                process.terminate()
            else:
                pipe.send(None)
            process.join()

    def rate(self, way: str, count: int) -> float:
        """Presses a second for `count` presses by `way` ("portal" or "driver"), from the first to the last of all."""
        for pipe in self._pipes:
            pipe.send((way, count // (PROCESSES * THREADS)))
        self._start.wait(_PATIENCE_SECONDS)
        began = perf_counter()
        done = sum(self._answer(pipe) for pipe in self._pipes)
        return done / (perf_counter() - began)

    @staticmethod
    def _answer(pipe: Pipe) -> int:
        if not pipe.poll(_PATIENCE_SECONDS):
            raise TimeoutError("a process that presses does not come back")
        return int(pipe.recv())


def _process(url: str, pipe: Pipe, start: Barrier) -> None:
    database, keys = Database(url), KeyRing([SECRET])
    # What is done before the start, and what is timed.
    ways: dict[str, tuple[Callable[[list[PressedDraft]], Any], Callable[[Any], None]]] = {
        "portal": (list, lambda drafts: _by_portal(database, keys, drafts)),
        "driver": (
            lambda drafts: drivers.finished(drafts, on_sqlite=database.is_sqlite),
            lambda rows: drivers.press(url, rows),
        ),
    }
    with ThreadPoolExecutor(THREADS) as pool:
        while (job := pipe.recv()) is not None:
            way, count = job
            prepare, do = ways[way]
            shares = [prepare(_drafts(database, count)) for _ in range(THREADS)]
            start.wait(_PATIENCE_SECONDS)
            list(pool.map(do, shares))
            pipe.send(THREADS * count)
    database.close()


def _by_portal(database: Database, keys: KeyRing, pressed: list[PressedDraft]) -> None:
    for one in pressed:
        # Everybody is somebody else: whoever presses again is looked for among their own.
        resident = replace(EXAMPLE.request.resident, family_name=one.row_id.hex())
        press(database, keys, one, replace(EXAMPLE.request, resident=resident), now=now())


def _drafts(database: Database, count: int) -> list[PressedDraft]:
    pressed = [PressedDraft(urandom(32), 7, urandom(16)) for _ in range(count)]
    expires_at = now() + timedelta(days=1)
    rows = [
        {"row_id": one.row_id, "revision": one.revision, "sealed": urandom(_SEALED), "expires_at": expires_at}
        for one in pressed
    ]
    with database.writing() as connection:
        connection.execute(insert(draft), rows)
    return pressed
