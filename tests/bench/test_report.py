"""The report: into its place, the same bytes for the same figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import figures
from bench.figures import AtLeast, Bars, Curve, Figure, Outcome

OUTCOME = Outcome(
    [Figure("pages", 0.25, "x", AtLeast(0.3), spread=(0.2, 0.31))],
    [Bars("some-bars", "Bars", "ms", {"a": 1.0, "b": 2.0}, 1.5)],
    [Curve("some-curve", "Curve", "rows", "ms", {"a": [(1, 1.0), (10, 2.0)]})],
)


def reported(folder: Path, text: str) -> str:
    from bench import report

    page = folder / "performance.md"
    page.write_text(text)
    figures.write("some", "Some", OUTCOME, folder)
    report.write(["some", "never-ran"], page, folder / "plots", folder)
    return page.read_text()


def test_the_figures_come_between_their_markers_and_the_rest_stays(tmp_path: Path) -> None:
    text = reported(tmp_path, "before\n<!-- bench:some -->\nold\n<!-- /bench:some -->\nafter\n")
    assert text.startswith("before\n<!-- bench:some -->\n| figure")
    assert text.endswith("<!-- /bench:some -->\nafter\n")
    assert "| pages | 0.25 x | 0.2 - 0.31 | at least 0.3 | **not reached** |" in text
    assert "old" not in text
    assert "(performance/some-bars.svg)" in text


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    text = "<!-- bench:some -->\n<!-- /bench:some -->\n"
    first = reported(tmp_path, text)
    plots = {file.name: file.read_bytes() for file in (tmp_path / "plots").iterdir()}
    assert reported(tmp_path, first) == first
    assert {file.name: file.read_bytes() for file in (tmp_path / "plots").iterdir()} == plots
    assert set(plots) == {"some-bars.svg", "some-curve.svg"}


def test_a_page_without_a_place_for_the_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bench:some"):
        reported(tmp_path, "nothing\n")
