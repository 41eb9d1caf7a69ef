"""Every benchmark runs: a few requests each, no figure judged, nothing kept."""

from __future__ import annotations

import pytest

from bench.__main__ import NAMES, main
from bench.figures import RESULTS


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_quick_run_measures_something_and_keeps_nothing(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    kept = {file.name: file.read_bytes() for file in RESULTS.glob("*.json")}
    assert main([name, "--quick"]) == 0
    assert len(capfd.readouterr().out.splitlines()) > 2
    assert {file.name: file.read_bytes() for file in RESULTS.glob("*.json")} == kept


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-thing"]) == 2
    assert "no-such-thing" in capsys.readouterr().err
