"""Interleaved rounds and their ratios."""

from __future__ import annotations

from bench.load import percentile
from bench.rounds import interleaved, ratio


def test_measurements_take_turns() -> None:
    order: list[str] = []

    def measured(name: str, value: float) -> float:
        order.append(name)
        return value

    values = interleaved(3, {"a": lambda: measured("a", 1.0), "b": lambda: measured("b", 2.0)})
    assert order == ["a", "b"] * 3
    assert values == {"a": [1.0] * 3, "b": [2.0] * 3}


def test_a_slow_round_slows_both_and_leaves_the_ratio_alone() -> None:
    middle = ratio([1.0, 10.0, 1.0], [2.0, 20.0, 4.0])
    assert middle.value == 0.5
    assert middle.spread == (0.25, 0.5)


def test_a_percentile_is_a_value_that_was_seen() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.99) == 100.0
    assert percentile(values, 0.5) == 51.0
    assert percentile([3.0], 0.99) == 3.0
