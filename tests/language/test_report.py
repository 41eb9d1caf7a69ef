"""The figures of a page reach the end of the output: one line for each kind of page, with the hardest of its states."""

from __future__ import annotations

import pytest

from tests.language import report
from tests.language.passages import split
from tests.language.readability import Measured, measured

pytest_plugins = ["pytester"]

_EASY, _HARD = "Bel ons. " * 60, "Verantwoordelijkheid ondersteunen. " * 60


def _of(text: str) -> Measured:
    return measured("nl", split(text))


def test_a_kind_of_page_has_one_line_for_its_hardest_state() -> None:
    pages = {
        "nl-start": ("start", _of(_EASY)),
        "nl-check-usual": ("check", _of(_EASY)),
        "nl-check-most": ("check", _of(_HARD)),
    }
    said = [line.split() for line in report.lines(pages)]
    assert [(words[1], words[2], words[-1]) for words in said] == [
        ("check", "2", "check-most"),
        ("start", "1", "start"),
    ]
    assert [float(words[3]) for words in said] == [round(_of(_HARD).score), round(_of(_EASY).score)]


def test_a_short_state_decides_only_when_all_are_short() -> None:
    short = ("check", _of("Verantwoordelijkheid ondersteunen."))
    (line,) = report.lines({"nl-check-usual": ("check", _of(_EASY)), "nl-check-wrong": short})
    assert line.endswith("check-usual")
    (line,) = report.lines({"nl-check-wrong": short})
    assert line.endswith("check-wrong  (fewer than 100 words)")


def test_what_a_test_recorded_is_printed_at_the_end(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.language.report import pytest_terminal_summary as pytest_terminal_summary")
    pytester.makepyfile(f"def test_it(record_property): record_property({report.PROPERTY!r}, 'nl b\\nnl a')")
    pytester.runpytest("--no-header").stdout.fnmatch_lines(["*plain language*", "*average*", "nl a", "nl b"])


def test_nothing_is_printed_when_nothing_was_measured(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.language.report import pytest_terminal_summary as pytest_terminal_summary")
    pytester.makepyfile("def test_it(record_property): record_property('other', 'nl a')")
    pytester.runpytest().stdout.no_fnmatch_line("*plain language*")
