"""An intake on a bad day: what it does with a registration, and what it says, is left to chance."""

from __future__ import annotations

import json
import random
from collections import Counter
from threading import Lock

from tests.fakes.intake_server import (
    Answer,
    Conversation,
    Request,
    answer,
    hang_up,
    known_by_id,
    late,
    reset,
    taken_but,
)

_AFTER_THE_LIMIT = 11.0
"""Seconds; a worker waits for an answer for ten."""

_MOODS: dict[str, tuple[int, Answer]] = {
    "taken": (500, known_by_id),
    "500": (60, answer(500)),
    "503": (60, answer(503)),
    "reset": (60, reset),
    "hang up": (60, hang_up),
    "garbage": (60, answer(200, b"<html>Welkom</html>", Content_Type="text/html")),
    "taken, then reset": (120, taken_but(reset)),
    "taken, then garbage": (40, taken_but(answer(201, b"\xff\x00{"))),
    "slow": (35, late(0.4, known_by_id)),
    "too slow, and taken": (5, late(_AFTER_THE_LIMIT, known_by_id)),
}


class MoodyIntake:
    """Some calls are taken and confirmed, some taken and cut off, some not taken at all."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"{seed} moods")
        self._lock = Lock()
        self.moods: Counter[str] = Counter()

    def __call__(self, conversation: Conversation, request: Request) -> None:
        if not request.whole:
            hang_up(conversation, request)
            return
        with self._lock:
            mood = self._random.choices(list(_MOODS), [weight for weight, _ in _MOODS.values()])[0]
            self.moods[mood] += 1
        _MOODS[mood][1](conversation, request)

    @property
    def calls(self) -> int:
        """How many whole requests came."""
        return self.moods.total()


def body_of_each(requests: list[Request]) -> dict[str, bytes]:
    """By reference the body that was sent. Fails unless every try of a registration was the same, byte for byte, under
    its own key, at its own municipality's address."""
    seen: dict[str, set[bytes]] = {}
    for request in requests:
        if request.whole:
            said = json.loads(request.body)
            assert request.headers["idempotency-key"] == f'"{said["aanmeldingId"]}"'
            assert request.line.split(" ")[1].startswith(f"/{said['gemeente']['code']}/")
            seen.setdefault(said["kenmerk"], set()).add(request.body)
    differing = [reference for reference, bodies in seen.items() if len(bodies) != 1]
    assert not differing
    return {reference: bodies.pop() for reference, bodies in seen.items()}
