"""Every benchmark runs: a few requests each, no figure judged, nothing kept."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.__main__ import NAMES
from bench.figures import RESULTS
from citizen_portal.resources import PACKAGE

_SECONDS = 120


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_quick_run_measures_something_and_keeps_nothing(name: str) -> None:
    kept = {file.name: file.read_bytes() for file in RESULTS.glob("*.json")}
    # In a process of its own, as people run it: a benchmark sets up logs as a server does.
    command = [sys.executable, "-m", "bench", name, "--quick"]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 2
    assert {file.name: file.read_bytes() for file in RESULTS.glob("*.json")} == kept
