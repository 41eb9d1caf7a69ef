"""Municipalities that went on in another one, and from which day. The next merger is a line in `mergers.csv`.

A municipality that did not exist before has a line in `municipalities.csv` as well, with the day on which it `begins`;
those that merge keep theirs until then.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_FILE = Path(__file__).with_name("mergers.csv")


@dataclass(frozen=True, slots=True)
class Merger:
    """From `day` on (a day in Amsterdam) municipality `code`, which was called `name`, is part of `successor`."""

    code: str
    name: str
    successor: str
    day: date


def packaged_mergers() -> Iterator[Merger]:
    """The mergers from 2021 on, and those that are to come (CBS, "Recode gemeenten")."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Merger(row["code"], row["name"], row["successor"], date.fromisoformat(row["day"]))


def successors(mergers: Iterable[Merger], day: date) -> Mapping[str, str]:
    """For each code that is no municipality's any more on `day`, the code of the one that it is part of by then.

    Raises ValueError when municipalities are said to have merged into each other.
    """
    direct = {merger.code: merger.successor for merger in mergers if merger.day <= day}
    return {code: _end_of_the_way(code, direct) for code in direct}


def _end_of_the_way(code: str, direct: Mapping[str, str]) -> str:
    passed = set()
    while code in direct:
        if code in passed:
            raise ValueError(f"{code} merged into itself")
        passed.add(code)
        code = direct[code]
    return code
