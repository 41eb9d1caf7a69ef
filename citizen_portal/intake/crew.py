"""The threads that deliver, and what they tried until it was settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from citizen_portal.intake.answer import Answer, NotSent
from citizen_portal.intake.outbox import Tried
from citizen_portal.storage.outbox import Claimed


class Crew:
    """So many threads; each delivers one message at a time. Used by one thread, the one that claims and settles."""

    def __init__(self, pool: ThreadPoolExecutor, size: int, deliver: Callable[[Claimed], Answer | NotSent]) -> None:
        self._pool = pool
        self._size = size
        self._deliver = deliver
        self._under_way = 0
        self._back: SimpleQueue[Tried] = SimpleQueue()
        self._unsettled: list[Tried] = []

    @property
    def free(self) -> int:
        """How many messages could be sent at once."""
        return self._size - self._under_way

    @property
    def busy(self) -> bool:
        """Whether something is under way or not settled."""
        return bool(self._under_way or self._unsettled)

    def send(self, entry: Claimed) -> None:
        """Have `entry` delivered. `deliver` may not raise: what it returns is what was tried."""
        self._under_way += 1
        self._pool.submit(lambda: self._back.put((entry, self._deliver(entry))))

    def tried(self, seconds: float) -> list[Tried]:
        """All that is not settled; when that is nothing, the first to come back within so many seconds."""
        try:
            while True:
                self._unsettled.append(self._back.get(timeout=0 if self._unsettled else seconds))
                self._under_way -= 1
        except Empty:
            return list(self._unsettled)

    def settled(self) -> None:
        """What `tried` returned last is in the database."""
        self._unsettled.clear()


@contextmanager
def crew(size: int, deliver: Callable[[Claimed], Answer | NotSent]) -> Iterator[Crew]:
    """A crew whose threads have ended when the block has: a call under way is waited for."""
    with ThreadPoolExecutor(size, "delivery") as pool:
        yield Crew(pool, size, deliver)
