"""Figures: targets, what is kept, what is printed."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from bench import figures
from bench.figures import AtLeast, AtMost, Figure, Outcome


@pytest.mark.parametrize(
    ("target", "value", "reached"),
    [(AtLeast(0.3), 0.3, True), (AtLeast(0.3), 0.29, False), (AtMost(2.5), 2.5, True), (AtMost(2.5), 2.6, False)],
)
def test_a_target_is_reached_up_to_its_limit(target: AtLeast | AtMost, value: float, reached: bool) -> None:
    figure = Figure("x", value, "", target)
    assert figure.reached is reached
    assert Outcome([figure]).missed == ([] if reached else [figure])


def test_a_figure_without_a_target_is_never_missed() -> None:
    assert Outcome([Figure("x", 1e9, "")]).missed == []


def test_the_printed_line_says_whether_the_target_was_missed() -> None:
    assert "at most 2: NOT REACHED" in Figure("x", 3, "ms", AtMost(2)).line()
    assert "at most 4: reached" in Figure("x", 3, "ms", AtMost(4)).line()


def test_what_is_kept_can_be_read_again_and_names_no_machine(tmp_path: Path) -> None:
    figures.write("some", "Some title", Outcome([Figure("x", 1.23456, "ms", AtMost(2), "how", (1, 2))]), tmp_path)
    document = figures.read("some", tmp_path)
    assert document is not None
    assert document["figures"] == [
        {
            "name": "x",
            "value": 1.235,
            "unit": "ms",
            "spread": [1, 2],
            "target": "at most 2",
            "reached": True,
            "how": "how",
        }
    ]
    assert set(document) == {"title", "python", "cores", "figures", "bars", "curves"}
    assert socket.gethostname() not in json.dumps(document)


def test_a_benchmark_that_never_ran_has_no_results(tmp_path: Path) -> None:
    assert figures.read("some", tmp_path) is None
