"""The statement says what the reports of the tests say, and nothing when a part of them was not run."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from citizen_portal.web.accessibility import Check, Score
from tools.accessibility_results import CHECKS, LIGHTHOUSE, Ran, ran, results

_NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
_VERSIONS = {tool: "1.2" for kind in CHECKS.values() for tool in kind.tools}
_AXE = "tests.browser.test_states_accessible::test_axe_finds_nothing"
_ELSEWHERE = "tests.browser.test_states_in_every_language::test_every_page_fits_small_screens_and_axe_finds_nothing"
_ONE_OF_EACH = (
    f"{_AXE}[nl-start]",
    "tests.engines.test_states::test_axe_finds_nothing[webkit-nl]",
    "tests.engines.test_states::test_axe_finds_nothing[firefox-nl]",
    "tests.browser.test_states_fit::test_a",
    "tests.browser.test_keyboard::test_a",
    "tests.browser.test_states_forced::test_a",
    "tests.browser.test_states_plain::test_a",
    "tests.screenreader.test_transcripts::test_a",
    "tests.browser.test_states_valid::test_a",
    "tests.browser.odd.test_w3m::test_a",
)
_REPORT = f"""<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="no"/></testcase>
<testcase classname="a" name="broken"><error message="no"/></testcase>
<testcase classname="a" name="not run"><skipped/></testcase>
<testcase classname="a" name="told"><properties><property name="{LIGHTHOUSE}" value='%s'/></properties></testcase>
</testsuite></testsuites>"""
_SCORE = '{"page": "start", "language": "nl", "accessibility": 100, "best_practices": 100, "performance": 97}'


def _all(*more: Ran) -> list[Ran]:
    return [*(Ran(name, failed=False, scores=()) for name in _ONE_OF_EACH), *more]


def test_a_report_says_what_ran_and_what_failed() -> None:
    found = list(ran(_REPORT % _SCORE))
    assert [(test.name, test.failed) for test in found] == [
        ("a::good", False),
        ("a::bad", True),
        ("a::broken", True),
        ("a::told", False),
    ]
    assert found[-1].scores == (Score(**json.loads(_SCORE)),)


def test_pages_and_languages_are_counted_once_and_failures_are_told() -> None:
    more = (
        Ran(f"{_AXE}[en-start]", True, ()),
        Ran(f"{_AXE}[nl-status-merged]", False, ()),
        Ran(f"{_ELSEWHERE}[ar]", False, ()),
    )
    found = results(_all(*more), _VERSIONS, _NIGHT)
    assert (found.day, found.pages, found.languages) == (date(2026, 11, 23), 2, ("ar", "en", "nl"))
    assert found.checks[0] == Check("axe-chromium", ("axe-core 1.2", "Chromium 1.2"), 4, 1)
    assert [check.name for check in found.checks] == list(CHECKS)


@pytest.mark.parametrize("missing", _ONE_OF_EACH)
def test_half_of_the_tests_make_no_statement(missing: str) -> None:
    with pytest.raises(ValueError, match="was not run"):
        results([test for test in _all() if test.name != missing], _VERSIONS, _NIGHT)
