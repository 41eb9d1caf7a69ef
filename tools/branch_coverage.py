"""Holds packages to a share of their branches: `python tools/branch_coverage.py LEAST PACKAGE... < coverage.json`.

LEAST is per cent, packages are folders. Exit code 1 when one has less, with the branches that nothing took. The
`--fail-under` of coverage counts lines and branches of everything together, where a package hides behind another.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Package:
    """How many of a package's branches were taken; `missed` as `file:from->to`, negative where a function ends."""

    name: str
    taken: int
    missed: tuple[str, ...]

    @property
    def per_cent(self) -> float:
        """The share that was taken, 100 when there is nothing to take."""
        branches = self.taken + len(self.missed)
        return 100 * self.taken / branches if branches else 100.0


def package(report: Mapping[str, Any], name: str) -> Package:
    """The figures of one folder in a report of `coverage json`. Raises ValueError when it has no file in it."""
    files = {path: file for path, file in report["files"].items() if path.startswith(f"{name.rstrip('/')}/")}
    if not files:
        raise ValueError(f"{name}: not measured")
    taken = sum(file["summary"]["covered_branches"] for file in files.values())
    missed = (
        f"{path}:{start}->{end}" for path, file in sorted(files.items()) for start, end in file["missing_branches"]
    )
    return Package(name, taken, tuple(missed))


def lines(packages: list[Package], least: float) -> Iterator[str]:
    """What is printed: a line for each package, and what was missed in those that have too little."""
    for one in packages:
        yield f"{one.name}: {one.per_cent:.1f} % of {one.taken + len(one.missed)} branches"
        if one.per_cent < least:
            yield f"  less than {least:.0f} %, nothing took:"
            yield from (f"  {branch}" for branch in one.missed)


def main(arguments: list[str]) -> int:
    """Read the report from standard input; 0 when every package has enough."""
    least, *names = arguments
    report = json.load(sys.stdin)
    packages = [package(report, name) for name in names]
    print("\n".join(lines(packages, float(least))))
    return 0 if all(one.per_cent >= float(least) for one in packages) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
