"""The threads that deliver, the line before them, and what they tried until it was settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from queue import Empty, PriorityQueue, SimpleQueue
from time import monotonic

from citizen_portal.intake.answer import NotBegun, Result
from citizen_portal.intake.outbox import Tried
from citizen_portal.storage.outbox import Claimed

_LINE = 8
"""So many messages wait for each thread, so that none of them waits for the database."""

_GATHERING_SECONDS = 0.02
"""What comes back within so short a time is settled together: a transaction costs as much as many rows in it."""


class Crew:
    """So many threads; each delivers one message at a time. Used by one thread, the one that claims and settles."""

    def __init__(self, pool: ThreadPoolExecutor, size: int, deliver: Callable[[Claimed], Result]) -> None:
        self._pool = pool
        self._line = _LINE * size
        self._most = size + self._line
        self._deliver = deliver
        # Urgent ones pass those that are not; else first come, first served.
        self._waiting: PriorityQueue[tuple[bool, int, Claimed]] = PriorityQueue()
        self._numbers = count()
        self._under_way = 0
        self._closed = False
        self._back: SimpleQueue[Tried] = SimpleQueue()
        self._unsettled: list[Tried] = []

    @property
    def room(self) -> int:
        """How many messages to claim now: none until half of the line is free, for then a claim is worth its price."""
        free = 0 if self._closed else self._most - self._under_way
        return free if free >= self._line // 2 else 0

    @property
    def busy(self) -> bool:
        """Whether something is in line, under way or not settled."""
        return bool(self._under_way or self._unsettled)

    def send(self, entry: Claimed) -> None:
        """Have `entry` delivered. `deliver` may not raise: what it returns is what was tried."""
        self._under_way += 1
        self._waiting.put((not entry.urgent, next(self._numbers), entry))
        self._pool.submit(self._next_in_line)

    def wait(self, seconds: float) -> None:
        """Return when something came back, with what comes back just after it, or when the time is over."""
        ends_at = monotonic() + seconds
        while (left := ends_at - monotonic()) > 0:
            try:
                self._unsettled.append(self._back.get(timeout=left))
            except Empty:
                return
            self._under_way -= 1
            ends_at = min(ends_at, monotonic() + (_GATHERING_SECONDS if self._under_way else 0))

    def tried(self) -> list[Tried]:
        """All that came back and is not settled."""
        while not self._back.empty():
            self._unsettled.append(self._back.get())
            self._under_way -= 1
        return list(self._unsettled)

    def settled(self) -> None:
        """What `tried` returned last is in the database."""
        self._unsettled.clear()

    def recall(self) -> None:
        """What is in line comes back as not begun, and there is no more room; what is under way goes on."""
        self._closed = True
        while True:
            try:
                entry = self._waiting.get_nowait()[-1]
            except Empty:
                return
            self._back.put((entry, NotBegun()))

    def _next_in_line(self) -> None:
        try:
            entry = self._waiting.get_nowait()[-1]
        except Empty:
            # It was recalled.
            return
        self._back.put((entry, self._deliver(entry)))


@contextmanager
def crew(size: int, deliver: Callable[[Claimed], Result]) -> Iterator[Crew]:
    """A crew whose threads have ended when the block has: a call under way is waited for."""
    with ThreadPoolExecutor(size, "delivery") as pool:
        yield Crew(pool, size, deliver)
