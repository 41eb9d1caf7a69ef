"""What the accessibility statement knows: the last full run of the tests, kept by tools/accessibility_results.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("accessibility.json")


@dataclass(frozen=True, slots=True)
class Check:
    """One way of testing: its `name` (templates/information/accessibility.html has words for it), what it was done with
    (programs and their versions), how many tests that were, and how many of them failed."""

    name: str
    tools: tuple[str, ...]
    tests: int
    failed: int


@dataclass(frozen=True, slots=True)
class Score:
    """What Lighthouse gave one page in one language, each from 0 to 100."""

    page: str
    language: str
    accessibility: int
    best_practices: int
    performance: int


@dataclass(frozen=True, slots=True)
class Results:
    """The last full run: its day, how many states of pages there were in how many languages, and what was found."""

    day: date
    pages: int
    languages: tuple[str, ...]
    checks: tuple[Check, ...]
    scores: tuple[Score, ...]


@cache
def results() -> Results:
    """What stands in FILE. Raises KeyError, TypeError or ValueError when that is not what the tool writes."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return Results(
        day=date.fromisoformat(kept["day"]),
        pages=kept["pages"],
        languages=tuple(kept["languages"]),
        checks=tuple(Check(**{**one, "tools": tuple(one["tools"])}) for one in kept["checks"]),
        scores=tuple(Score(**one) for one in kept["scores"]),
    )
