"""When a message is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.intake.schedule import DAY, next_try, retry_after, step

NOW = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def test_the_steps_are_those_of_the_contract_and_then_daily_for_ever() -> None:
    expected = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, DAY]
    assert [step(failures) for failures in range(1, 10)] == expected
    assert step(100_000) == DAY


@given(st.integers(1, 1000), st.floats(0, 1))
def test_jitter_keeps_within_a_tenth_of_the_step(failures: int, jitter: float) -> None:
    wait = next_try(failures, NOW, jitter=jitter) - NOW
    assert abs(wait - step(failures)) <= step(failures) / 10 + timedelta(microseconds=1)


def test_jitter_spreads_what_failed_together() -> None:
    waits = [next_try(1, NOW, jitter=jitter) for jitter in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert all(early < late for early, late in pairwise(waits))


@given(st.integers(1, 20), st.floats(0, 1), st.timedeltas(timedelta(), DAY))
def test_an_intake_is_not_tried_before_the_time_it_asked_for(failures: int, jitter: float, wanted: timedelta) -> None:
    wait = next_try(failures, NOW, jitter=jitter, wanted=wanted) - NOW
    assert wanted <= wait <= DAY
    assert wait <= max(wanted, step(failures) / 10) * 1.1 + timedelta(microseconds=1)


def test_an_intake_that_keeps_saying_now_is_not_tried_in_a_tight_loop() -> None:
    assert next_try(1, NOW, jitter=0, wanted=timedelta()) - NOW == SECOND
    assert next_try(8, NOW, jitter=0, wanted=timedelta()) - NOW == DAY / 10


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("0", timedelta()),
        ("120", 2 * MINUTE),
        (" 120 ", 2 * MINUTE),
        ("86401", DAY),
        ("9" * 60, DAY),
        ("Mon, 23 Nov 2026 09:14:00 GMT", 10 * MINUTE),
        ("Monday, 23-Nov-26 09:14:00 GMT", 10 * MINUTE),
        ("Mon Nov 23 09:14:00 2026", 10 * MINUTE),
        ("Mon, 23 Nov 2026 08:00:00 GMT", timedelta()),
        ("Mon, 23 Nov 2099 08:00:00 GMT", DAY),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(header: str, wait: timedelta) -> None:
    assert retry_after(header, NOW) == wait


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "soon",
        "-5",
        "1.5",
        "1e3",
        "120, 60",
        "٣٠",
        "²",
        "9" * 5000,
        "Mon, 99 Nov 2026 09:14:00 GMT",
        "Mon,",
        "0 0 0 0",
    ],
)
def test_a_retry_after_that_says_nothing_leaves_the_schedule_alone(header: str | None) -> None:
    assert retry_after(header, NOW) is None


@given(st.text(max_size=80))
def test_no_retry_after_can_do_harm(header: str) -> None:
    wait = retry_after(header, NOW)
    assert wait is None or timedelta() <= wait <= DAY
