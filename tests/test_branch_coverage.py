"""The tool that holds packages to their branches counts each package by itself, and branches alone."""

from __future__ import annotations

import io
import json

import pytest

from tools import branch_coverage

REPORT = {
    "files": {
        "portal/one/a.py": {"summary": {"covered_branches": 19}, "missing_branches": [[3, 5]]},
        "portal/one/b.py": {"summary": {"covered_branches": 0}, "missing_branches": []},
        "portal/other/a.py": {"summary": {"covered_branches": 9}, "missing_branches": [[7, -1]]},
        "portal/plain/a.py": {"summary": {"covered_branches": 0}, "missing_branches": []},
    }
}


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(REPORT)))
    return branch_coverage.main(list(arguments))


def test_enough_in_every_package_is_enough(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "95", "portal/one", "portal/plain") == 0
    assert capsys.readouterr().out == "portal/one: 95.0 % of 20 branches\nportal/plain: 100.0 % of 0 branches\n"


def test_one_package_with_less_fails_and_shows_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "95", "portal/one", "portal/other") == 1
    said = capsys.readouterr().out
    assert "portal/other: 90.0 % of 10 branches" in said and "portal/other/a.py:7->-1" in said
    assert "portal/one/a.py:3->5" not in said


def test_a_package_that_was_not_measured_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="portal/on: not measured"):
        run(monkeypatch, "95", "portal/on")
