"""Comparing on a machine that others use too: A and B by turns, and of each pair only the ratio counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: `rounds` of `size` requests (or journeys, or starts, as a benchmark says)."""

    rounds: int
    size: int
    quick: bool = False

    def fewer(self, part: int, least: int = 2) -> int:
        """`size` divided by `part`: for what is dear."""
        return max(least, self.size // part)


FULL = Scale(rounds=7, size=600)
QUICK = Scale(rounds=2, size=40, quick=True)


@dataclass(frozen=True, slots=True)
class Middle:
    """The median of some rounds, and the lowest and highest of them."""

    value: float
    spread: tuple[float, float]

    @classmethod
    def of(cls, values: list[float]) -> Middle:
        """Of at least one value."""
        return cls(median(values), (min(values), max(values)))


def interleaved(rounds: int, measured: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """The value of each measurement in each round; round after round all of them run, one after the other."""
    values: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, measure in measured.items():
            values[name].append(measure())
    return values


def ratio(numerators: list[float], denominators: list[float]) -> Middle:
    """The median of the ratios round by round: what slowed down a whole round does not count."""
    return Middle.of([above / below for above, below in zip(numerators, denominators, strict=True)])
