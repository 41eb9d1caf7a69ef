"""What a benchmark returns, and how it is kept: figures with a target, in bench/results/*.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The target is reached from `limit` upwards."""

    limit: float

    def reached(self, value: float) -> bool:
        """Whether `value` is enough."""
        return value >= self.limit

    def __str__(self) -> str:
        return f"at least {self.limit:g}"


@dataclass(frozen=True, slots=True)
class AtMost:
    """The target is reached up to `limit`."""

    limit: float

    def reached(self, value: float) -> bool:
        """Whether `value` is little enough."""
        return value <= self.limit

    def __str__(self) -> str:
        return f"at most {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `spread`: the lowest and the highest round; `how`: what was counted, in a few words."""

    name: str
    value: float
    unit: str
    target: AtLeast | AtMost | None = None
    how: str = ""
    spread: tuple[float, float] | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None when there is none."""
        return None if self.target is None else self.target.reached(self.value)

    def line(self) -> str:
        """The figure as `make bench` prints it."""
        spread = f" ({self.spread[0]:.3g} to {self.spread[1]:.3g})" if self.spread else ""
        verdict = f"  {self.target}: {'reached' if self.reached else 'NOT REACHED'}" if self.target else ""
        return f"  {self.name:<62} {self.value:>9.3g} {self.unit:<10}{spread}{verdict}"


@dataclass(frozen=True, slots=True)
class Bars:
    """A plot: one bar for each label. `unit` names the axis; `line` is a target to draw, if there is one."""

    name: str
    title: str
    unit: str
    values: dict[str, float]
    line: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A plot of what grows: for each name the (x, y) points; both axes may be logarithmic."""

    name: str
    title: str
    x: str
    y: str
    lines: dict[str, list[tuple[float, float]]]
    logarithmic: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that one benchmark found."""

    figures: list[Figure]
    bars: list[Bars] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)

    @property
    def missed(self) -> list[Figure]:
        """The figures that do not reach their target."""
        return [figure for figure in self.figures if figure.reached is False]


def write(name: str, title: str, outcome: Outcome, folder: Path = RESULTS) -> None:
    """Keep an outcome. Of the machine only what explains the figures is kept: Python's version and the cores."""
    document = {
        "title": title,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": [_figure(one) for one in outcome.figures],
        "bars": [asdict(one) for one in outcome.bars],
        "curves": [asdict(one) for one in outcome.curves],
    }
    folder.mkdir(exist_ok=True)
    text = json.dumps(document, indent=2, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def read(name: str, folder: Path = RESULTS) -> dict[str, Any] | None:
    """What was kept of the last whole run of this benchmark; None when it never ran."""
    file = folder / f"{name}.json"
    if not file.exists():
        return None
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def printed(figures: Iterable[Figure]) -> str:
    """The figures, a line each."""
    return "\n".join(figure.line() for figure in figures)


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": _short(figure.value),
        "unit": figure.unit,
        "spread": [_short(one) for one in figure.spread] if figure.spread else None,
        "target": str(figure.target) if figure.target else None,
        "reached": figure.reached,
        "how": figure.how,
    }


def _short(value: float) -> float:
    return float(f"{value:.4g}")
