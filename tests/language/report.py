"""The figures of each page at the end of the tests' output, also when several processes did the work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from tests.language.readability import SAMPLE_WORDS, Measured

PROPERTY = "plain language"
"""What a test calls the lines that it records (`record_property`): they travel to the process that prints."""


def lines(pages: Mapping[str, tuple[str, Measured]]) -> list[str]:
    """One line for each kind of page: the hardest of its states. `pages`: kind and figures by name of the state."""
    kinds: dict[tuple[str, str], list[tuple[str, Measured]]] = {}
    for name, (kind, figures) in pages.items():
        kinds.setdefault((figures.lang, kind), []).append((name, figures))
    return [_line(lang, kind, states) for (lang, kind), states in sorted(kinds.items())]


def _line(lang: str, kind: str, states: list[tuple[str, Measured]]) -> str:
    samples = [state for state in states if state[1].is_a_sample] or states
    name, hardest = min(samples, key=lambda state: state[1].score)
    longest = max(len(figures.longest.words) for _name, figures in states if figures.longest)
    mean = max(figures.words_per_sentence for _name, figures in states)
    few = "" if hardest.is_a_sample else f"  (fewer than {SAMPLE_WORDS} words)"
    return f"{lang}  {kind:16}{len(states):4}{hardest.score:8.0f}{mean:10.1f}{longest:9}  {name.partition('-')[2]}{few}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what the tests recorded."""
    # Which process was ready first is chance.
    recorded = sorted(_recorded(terminalreporter.stats))
    if recorded:
        terminalreporter.section("plain language: reading ease (70 is fairly easy), words per sentence")
        terminalreporter.write_line("    page          states   score   average  longest  the hardest state")
        for line in recorded:
            terminalreporter.write_line(line)


def _recorded(stats: Mapping[str, Iterable[object]]) -> Iterable[str]:
    for outcome in ("passed", "failed"):
        for report in stats.get(outcome, ()):
            # A test's report comes in three phases, each with all that was recorded until then.
            if isinstance(report, pytest.TestReport) and report.when == "call":
                for name, value in report.user_properties:
                    if name == PROPERTY:
                        yield from str(value).splitlines()
