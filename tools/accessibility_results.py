"""Keeps what the accessibility statement says of the tests: `python tools/accessibility_results.py REPORT.xml...`.

Each REPORT is what `pytest --junit-xml` wrote of a run of the tests named in CHECKS. Writes
citizen_portal/web/accessibility.json: day, states, languages, and of each check its tests, failures and programs.
Exit code 1 when a check was not run at all: a statement about half of the tests would not be true.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from citizen_portal.clock import amsterdam_day  # noqa: E402 - the checkout is not a package of its own
from citizen_portal.web.accessibility import FILE, Check, Results, Score  # noqa: E402

LIGHTHOUSE = "lighthouse"
"""The name of the property in which a test leaves what Lighthouse gave a page, as JSON."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Which tests belong to a check (`module::name` matches), and the programs that it takes."""

    tests: str
    tools: tuple[str, ...]


CHECKS: Mapping[str, Kind] = {
    "axe-chromium": Kind(r"browser\.test_states_(?:accessible|in_every_language)::", ("axe-core", "chromium")),
    "axe-webkit": Kind(r"engines\.test_(?:states|journey|kept_pages)::.*\[.*webkit", ("axe-core", "webkit")),
    "axe-firefox": Kind(r"engines\.test_(?:states|journey|kept_pages)::.*\[.*firefox", ("axe-core", "firefox")),
    "size": Kind(r"browser\.test_states_fit::", ("chromium",)),
    "keyboard": Kind(r"browser\.test_(?:states_focus|keyboard\w*)::", ("chromium",)),
    "colours": Kind(r"browser\.test_states_forced::", ("chromium",)),
    "plain": Kind(r"browser\.test_states_plain::", ("chromium",)),
    "reader": Kind(r"screenreader\.\w+::", ("@guidepup/virtual-screen-reader",)),
    "valid": Kind(r"browser\.test_states_valid::", ("vnu-jar",)),
    "odd": Kind(r"odd\.\w+::", ("w3m", "chromium")),
}
# How a program that is not from npm says its version.
_COMMANDS = {
    "chromium": ("chromium", "--version"),
    "firefox": ("firefox-esr", "--version"),
    "webkit": ("dpkg-query", "--show", "--showformat=${Version}", "webkit2gtk-driver"),
    "w3m": ("w3m", "-version"),
}
_READABLE = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKitGTK", "vnu-jar": "Nu Html Checker"}
# Languages that are looked at closely have a test for each state, the others one for all.
_SHOWN = re.compile(r"axe_finds_nothing\[(?P<lang>[a-z]{2})(?:-(?P<state>.+))?\]$")


@dataclass(frozen=True, slots=True)
class Ran:
    """One test that was run: its full name, whether it failed, and what it left to be told."""

    name: str
    failed: bool
    scores: tuple[Score, ...]


def ran(report: str) -> Iterator[Ran]:
    """What stands in a report of `pytest --junit-xml`; tests that were skipped were not run."""
    for case in ET.fromstring(report).iter("testcase"):
        if case.find("skipped") is None:
            left = [one.get("value", "") for one in case.iter("property") if one.get("name") == LIGHTHOUSE]
            failed = case.find("failure") is not None or case.find("error") is not None
            yield Ran(
                f"{case.get('classname')}::{case.get('name')}", failed, tuple(Score(**json.loads(one)) for one in left)
            )


def results(tests: Iterable[Ran], versions: Mapping[str, str], now: datetime) -> Results:
    """What the tests say together. Raises ValueError, naming it, when a check was not run at all."""
    listed = list(tests)
    own = {name: [test for test in listed if re.search(kind.tests, test.name)] for name, kind in CHECKS.items()}
    checks = []
    for name, kind in CHECKS.items():
        if not own[name]:
            raise ValueError(f"{name} was not run")
        tools = tuple(f"{_READABLE.get(tool, tool)} {versions[tool]}" for tool in kind.tools)
        checks.append(Check(name, tools, len(own[name]), sum(test.failed for test in own[name])))
    shown = [found for test in own["axe-chromium"] if (found := _SHOWN.search(test.name))]
    return Results(
        day=amsterdam_day(now),
        pages=len({found["state"] for found in shown} - {None}),
        languages=tuple(sorted({found["lang"] for found in shown})),
        checks=tuple(checks),
        scores=tuple(score for test in listed for score in test.scores),
    )


def versions() -> dict[str, str]:
    """Of every program that CHECKS names, as it is installed here. Raises OSError when one is not."""
    found = {}
    for tool in {tool for kind in CHECKS.values() for tool in kind.tools}:
        if tool in _COMMANDS:
            said = subprocess.run(_COMMANDS[tool], capture_output=True, text=True, check=True, timeout=60).stdout
            number = re.search(r"\d+(?:\.\d+)+", said)
            found[tool] = number[0] if number else "?"
        else:
            found[tool] = json.loads((ROOT / "node_modules" / tool / "package.json").read_text("utf-8"))["version"]
    return found


def main(reports: list[str]) -> int:
    """Read the reports and write FILE."""
    tests = [test for report in reports for test in ran(Path(report).read_text("utf-8"))]
    try:
        found = results(tests, versions(), datetime.now(UTC))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    kept = {**asdict(found), "day": found.day.isoformat()}
    FILE.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {found.pages} pages in {len(found.languages)} languages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
