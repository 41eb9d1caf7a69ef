"""Notes every write to a database that is not committed: what a view wrote and forgot is a fault, not a quiet loss.

`Database.reading()` rolls back what it changed by mistake, and a connection that is closed takes its changes along;
neither tells anybody. This listens to every engine in the process, on either database. A write may be lost only when
an exception ended its transaction.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

# Also inside a WITH; a lock (SELECT ... FOR UPDATE) changes nothing, nor does an explanation.
_WRITES = re.compile(r"\b(?:INSERT\s+INTO|DELETE\s+FROM|(?<!FOR )(?<!KEY )(?<!DO )UPDATE)\s+(\S+)", re.IGNORECASE)
_EXPLAINS = re.compile(r"\s*EXPLAIN\b(?!.*\bANALYZE\b)", re.IGNORECASE)


class LostWrites:
    """What was written and not committed since it was last asked. One for all engines; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost: list[str] = []
        # By connection: its thread, what it wrote, and which exception was being handled when it began.
        self._open: dict[Connection, tuple[int, list[str]]] = {}
        self._handled: dict[Connection, BaseException | None] = {}

    @contextmanager
    def watched(self) -> Iterator[LostWrites]:
        """Listen while the block runs."""
        listeners: dict[str, Any] = {
            "begin": self._begun,
            "before_cursor_execute": self._executed,
            "commit": self._committed,
            "rollback": self._rolled_back,
        }
        for name, listener in listeners.items():
            event.listen(Engine, name, listener)
        try:
            yield self
        finally:
            for name, listener in listeners.items():
                event.remove(Engine, name, listener)

    def take(self) -> list[str]:
        """The writes that were lost, and those that this thread left in an open transaction; forgotten by this."""
        mine = threading.get_ident()
        with self._lock:
            left = [what for thread, written in self._open.values() if thread == mine for what in written]
            self._open = {key: kept for key, kept in self._open.items() if kept[0] != mine}
            lost, self._lost = [*self._lost, *(f"{what}: the transaction is still open" for what in left)], []
        return lost

    def _begun(self, connection: Connection) -> None:
        with self._lock:
            self._open.pop(connection, None)
            self._handled[connection] = sys.exception()

    def _executed(self, connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if not _EXPLAINS.match(statement) and (found := _WRITES.search(statement)):
            with self._lock:
                self._open.setdefault(connection, (threading.get_ident(), []))[1].append(" ".join(found[0].split()))

    def _committed(self, connection: Connection) -> None:
        with self._lock:
            self._open.pop(connection, None)
            self._handled.pop(connection, None)

    def _rolled_back(self, connection: Connection) -> None:
        with self._lock:
            _, written = self._open.pop(connection, (0, []))
            before = self._handled.pop(connection, None)
            if sys.exception() is before:
                self._lost += [f"{what}: rolled back although nothing was raised" for what in written]


LOST_WRITES = LostWrites()
"""Listens during the whole run (tests/conftest.py); the test client asks after every request."""
