"""`python -m bench`: run the benchmarks that are named, or all; `python -m bench report`: write docs/performance.md."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Protocol, cast

from bench import figures
from bench.figures import Outcome
from bench.rounds import FULL, QUICK, Scale

NAMES = (
    *("pages", "parts", "journey", "registration"),
    *("presses", "deliveries", "growth"),
    *("startup", "weight"),
)
"""The benchmarks, in the order of the report. Each is a module with `TITLE` and `run(scale) -> Outcome`."""

_MISSED, _USAGE = 1, 2


class Benchmark(Protocol):
    """A module of this package that measures something."""

    TITLE: str

    def run(self, scale: Scale) -> Outcome:
        """Measure; as a module-level function."""
        ...


def main(arguments: list[str] | None = None) -> int:
    """Run; 1 when a target was missed in a whole run. `--quick` proves that it runs: its figures are not kept."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(NAMES)}; or: report")
    parser.add_argument("--quick", action="store_true", help="a few seconds each; keeps nothing")
    chosen = parser.parse_args(arguments)
    if chosen.names == ["report"]:
        from bench.report import write  # noqa: PLC0415 - plots are loaded only to plot

        write(NAMES)
        return 0
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}", file=sys.stderr)
        return _USAGE
    missed = [one for name in chosen.names or NAMES for one in _run(name, quick=chosen.quick).missed]
    return _MISSED if missed and not chosen.quick else 0


def _run(name: str, *, quick: bool) -> Outcome:
    benchmark = cast("Benchmark", importlib.import_module(f"bench.{name}"))
    print(f"{name}: {benchmark.TITLE}", flush=True)
    outcome = benchmark.run(QUICK if quick else FULL)
    print(figures.printed(outcome.figures), flush=True)
    if not quick:
        figures.write(name, benchmark.TITLE, outcome)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
