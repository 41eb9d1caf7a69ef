"""The latest day of the first conversation, against days worked out by hand from the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.registration.deadlines import conversation_due, is_working_day


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("pressed", "due", "why"),
    [
        ("2026-11-23T09:04", date(2026, 11, 26), "Monday: Tuesday, Wednesday, Thursday"),
        ("2026-11-26T12:00", date(2026, 12, 1), "Thursday: Friday, Monday, Tuesday"),
        ("2026-11-27T12:00", date(2026, 12, 2), "Friday: Monday, Tuesday, Wednesday"),
        ("2026-11-28T12:00", date(2026, 12, 2), "Saturday: Monday, Tuesday, Wednesday"),
        ("2026-12-23T12:00", date(2026, 12, 29), "24 December, then Christmas on Friday and Saturday, 28, 29"),
        ("2026-12-30T12:00", date(2027, 1, 5), "31 December, New Year on Friday, 4, 5"),
        ("2026-04-01T10:00", date(2026, 4, 8), "2 April, Good Friday 3, Easter Monday 6, 7, 8"),
        ("2027-03-24T10:00", date(2027, 3, 31), "25 March, Good Friday 26, Easter Monday 29, 30, 31"),
        ("2026-04-24T10:00", date(2026, 4, 30), "King's Day on Monday 27, so 28, 29, 30"),
        ("2026-05-01T10:00", date(2026, 5, 7), "4, Liberation Day on Tuesday 5, 6, 7"),
        ("2027-05-04T10:00", date(2027, 5, 11), "5 May and Ascension Day 6, then 7, 10, 11"),
        ("2028-05-04T10:00", date(2028, 5, 10), "5 May on Friday, then 8, 9, 10"),
        ("2029-05-09T10:00", date(2029, 5, 15), "Ascension Day 10, then 11, 14, 15"),
        ("2026-05-22T10:00", date(2026, 5, 28), "Whit Monday 25, then 26, 27, 28"),
    ],
)
def test_urgent_means_three_working_days(pressed: str, due: date, why: str) -> None:
    assert conversation_due(at(pressed), urgent=True) == due, why


@pytest.mark.parametrize(
    ("pressed", "due", "why"),
    [
        ("2026-11-23T09:04", date(2026, 12, 21), "Monday four weeks later"),
        ("2026-11-27T12:00", date(2026, 12, 28), "Christmas Day, Boxing Day, Sunday: Monday"),
        ("2026-11-28T12:00", date(2026, 12, 28), "Boxing Day on Saturday: Monday"),
        ("2026-12-04T12:00", date(2027, 1, 4), "New Year on Friday: Monday"),
        ("2026-03-06T12:00", date(2026, 4, 7), "Good Friday, weekend, Easter Monday: Tuesday"),
        ("2026-04-07T12:00", date(2026, 5, 6), "5 May, although it is no lustrum: Wednesday"),
        ("2027-04-08T12:00", date(2027, 5, 7), "6 May is Ascension Day: Friday"),
        ("2028-04-07T12:00", date(2028, 5, 8), "5 May on Friday: Monday"),
        ("2026-11-21T12:00", date(2026, 12, 21), "Saturday to Monday"),
    ],
)
def test_otherwise_it_is_four_weeks_and_then_the_next_working_day(pressed: str, due: date, why: str) -> None:
    assert conversation_due(at(pressed), urgent=False) == due, why


@pytest.mark.parametrize(
    ("pressed", "due"),
    [
        ("2026-11-23T22:59", date(2026, 11, 26)),  # 23:59 in Amsterdam, winter
        ("2026-11-23T23:00", date(2026, 11, 27)),  # midnight there: already Tuesday
        ("2026-07-06T21:59", date(2026, 7, 9)),  # 23:59 in summer
        ("2026-07-06T22:00", date(2026, 7, 10)),
        ("2026-03-28T23:30", date(2026, 4, 1)),  # the night the clock goes forward, Sunday there
        ("2026-10-24T22:30", date(2026, 10, 28)),  # the night it goes back, Sunday there
    ],
)
def test_days_are_days_in_amsterdam(pressed: str, due: date) -> None:
    assert conversation_due(at(pressed), urgent=True) == due


def test_a_day_that_a_royal_decree_adds_does_not_count() -> None:
    extra = {date(2026, 11, 25)}
    assert conversation_due(at("2026-11-23T09:04"), urgent=True, extra_holidays=extra) == date(2026, 11, 27)
    assert conversation_due(at("2026-10-28T09:04"), urgent=False, extra_holidays=extra) == date(2026, 11, 26)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1)), st.booleans())
def test_the_day_always_counts_and_urgent_is_never_later(pressed: datetime, urgent: bool) -> None:
    moment = pressed.replace(tzinfo=UTC)
    due = conversation_due(moment, urgent=urgent)
    assert is_working_day(due)
    assert conversation_due(moment, urgent=True) <= conversation_due(moment, urgent=False)
    assert timedelta(0) < due - moment.date() <= timedelta(days=28 + 6)
