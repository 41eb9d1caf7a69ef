"""The terms of 2026 to 2029, worked out by hand from a paper calendar, in Amsterdam time over every clock change.

        Good Friday  Easter Monday  King's Day  5 May  Ascension  Whit Monday  Christmas  New Year after it
2026    Fri 3 Apr    Mon 6 Apr      Mon 27 Apr  Tue    14 May     25 May       Fri, Sat   Friday
2027    Fri 26 Mar   Mon 29 Mar     Tue 27 Apr  Wed    6 May      17 May       Sat, Sun   Saturday
2028    Fri 14 Apr   Mon 17 Apr     Thu 27 Apr  Fri    25 May     5 June       Mon, Tue   Monday
2029    Fri 30 Mar   Mon 2 Apr      Fri 27 Apr  Sat    10 May     21 May       Tue, Wed   Tuesday
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from citizen_portal.clock import AMSTERDAM
from citizen_portal.registration.deadlines import conversation_due, is_working_day

HOLIDAYS = {
    2026: "01-01 04-03 04-06 04-27 05-05 05-14 05-25 12-25 12-26",
    2027: "01-01 03-26 03-29 04-27 05-05 05-06 05-17 12-25 12-26",
    2028: "01-01 04-14 04-17 04-27 05-05 05-25 06-05 12-25 12-26",
    2029: "01-01 03-30 04-02 04-27 05-05 05-10 05-21 12-25 12-26",
}


def in_amsterdam(text: str, *, fold: int = 0) -> datetime:
    """A moment by the clock on a Dutch wall, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_these_and_the_weekends_do_not_count_and_all_other_days_do(year: int) -> None:
    free = {date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()}
    days = [
        date.fromordinal(number) for number in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    ]
    assert [day for day in days if not is_working_day(day)] == [
        day for day in days if day in free or day.isoweekday() > 5
    ]


@pytest.mark.parametrize(
    ("pressed", "due", "why"),
    [
        ("2026-03-30", "2026-04-28", "King's Day on a Monday: Tuesday"),
        ("2026-04-16", "2026-05-15", "Ascension Day: Friday"),
        ("2026-04-27", "2026-05-26", "Whit Monday: Tuesday; pressed on King's Day"),
        ("2027-02-26", "2027-03-30", "Good Friday, weekend, Easter Monday: Tuesday"),
        ("2027-03-01", "2027-03-30", "Easter Monday: Tuesday"),
        ("2027-03-30", "2027-04-28", "King's Day on a Tuesday: Wednesday"),
        ("2027-04-07", "2027-05-07", "5 May, then Ascension Day: Friday"),
        ("2027-04-19", "2027-05-18", "Whit Monday: Tuesday"),
        ("2027-11-27", "2027-12-27", "Christmas on Saturday and Sunday: Monday, which nobody makes up for"),
        ("2027-12-04", "2028-01-03", "New Year on a Saturday: Monday"),
        ("2028-03-17", "2028-04-18", "Good Friday, weekend, Easter Monday: Tuesday"),
        ("2028-03-30", "2028-04-28", "King's Day on a Thursday: Friday"),
        ("2028-04-27", "2028-05-26", "Ascension Day: Friday"),
        ("2028-05-08", "2028-06-06", "Whit Monday: Tuesday"),
        ("2028-11-25", "2028-12-27", "Saturday, Sunday, both Christmas days: Wednesday"),
        ("2028-12-04", "2029-01-02", "New Year on a Monday: Tuesday"),
        ("2029-03-02", "2029-04-03", "Good Friday, weekend, Easter Monday: Tuesday"),
        ("2029-03-30", "2029-04-30", "King's Day on a Friday: Monday"),
        ("2029-04-07", "2029-05-07", "5 May on a Saturday: Monday"),
        ("2029-04-12", "2029-05-11", "Ascension Day: Friday"),
        ("2029-04-23", "2029-05-22", "Whit Monday: Tuesday"),
        ("2029-11-27", "2029-12-27", "both Christmas days: Thursday"),
    ],
)
def test_four_weeks(pressed: str, due: str, why: str) -> None:
    for time in ("00:01", "12:00", "23:59"):
        assert conversation_due(in_amsterdam(f"{pressed}T{time}"), urgent=False).isoformat() == due, why


@pytest.mark.parametrize(
    ("pressed", "due", "why"),
    [
        ("2026-12-24", "2026-12-30", "Christmas on Friday and Saturday: 28, 29, 30"),
        ("2026-12-31", "2027-01-06", "New Year on Friday: 4, 5, 6"),
        ("2027-03-25", "2027-04-01", "Good Friday, Easter Monday: 30, 31, 1"),
        ("2027-04-26", "2027-04-30", "King's Day: 28, 29, 30"),
        ("2027-05-14", "2027-05-20", "Whit Monday: 18, 19, 20"),
        ("2027-12-24", "2027-12-29", "Christmas in the weekend: 27, 28, 29"),
        ("2028-04-13", "2028-04-20", "Good Friday, Easter Monday: 18, 19, 20"),
        ("2028-04-26", "2028-05-02", "King's Day on Thursday: 28, 1, 2"),
        ("2028-06-02", "2028-06-08", "Whit Monday: 6, 7, 8"),
        ("2028-12-22", "2028-12-29", "Christmas on Monday and Tuesday: 27, 28, 29"),
        ("2028-12-29", "2029-01-04", "New Year on Monday: 2, 3, 4"),
        ("2029-03-29", "2029-04-05", "Good Friday, Easter Monday: 3, 4, 5"),
        ("2029-04-26", "2029-05-02", "King's Day on Friday: 30, 1, 2"),
        ("2029-05-04", "2029-05-09", "5 May on Saturday: 7, 8, 9"),
        ("2029-12-24", "2029-12-31", "Christmas on Tuesday and Wednesday: 27, 28, 31"),
    ],
)
def test_three_working_days(pressed: str, due: str, why: str) -> None:
    for time in ("00:01", "12:00", "23:59"):
        assert conversation_due(in_amsterdam(f"{pressed}T{time}"), urgent=True).isoformat() == due, why


@pytest.mark.parametrize(
    ("pressed", "due"),
    [
        # The clock goes forward.
        ("2026-03-28T23:59", "2026-04-01"),
        ("2026-03-29T00:01", "2026-04-01"),
        ("2026-03-29T01:59", "2026-04-01"),
        ("2026-03-29T03:01", "2026-04-01"),
        ("2026-03-29T23:59", "2026-04-01"),
        ("2026-03-30T00:01", "2026-04-02"),
        ("2027-03-28T23:59", "2027-04-01"),  # Easter: Monday does not count
        ("2027-03-29T00:01", "2027-04-01"),
        ("2027-03-29T23:59", "2027-04-01"),
        ("2027-03-30T00:01", "2027-04-02"),
        ("2028-03-26T23:59", "2028-03-29"),
        ("2028-03-27T00:01", "2028-03-30"),
        ("2029-03-25T23:59", "2029-03-28"),
        ("2029-03-26T00:01", "2029-03-29"),
        # It goes back.
        ("2026-10-24T23:59", "2026-10-28"),
        ("2026-10-25T00:01", "2026-10-28"),
        ("2026-10-25T23:59", "2026-10-28"),
        ("2026-10-26T00:01", "2026-10-29"),
        ("2027-10-31T23:59", "2027-11-03"),
        ("2027-11-01T00:01", "2027-11-04"),
        ("2028-10-29T23:59", "2028-11-01"),
        ("2028-10-30T00:01", "2028-11-02"),
        ("2029-10-28T23:59", "2029-10-31"),
        ("2029-10-29T00:01", "2029-11-01"),
    ],
)
def test_two_minutes_around_midnight_make_a_day_also_when_the_clock_changes(pressed: str, due: str) -> None:
    assert conversation_due(in_amsterdam(pressed), urgent=True).isoformat() == due


def test_the_hour_that_comes_twice_is_of_one_day() -> None:
    moments = [in_amsterdam("2026-10-25T02:30", fold=fold) for fold in (0, 1)]
    assert moments[0] != moments[1]
    assert {conversation_due(moment, urgent=True).isoformat() for moment in moments} == {"2026-10-28"}


@pytest.mark.parametrize(
    ("pressed", "due"),
    [
        ("2026-03-02T23:59", "2026-03-30"),  # from winter time into summer time
        ("2026-03-03T00:01", "2026-03-31"),
        ("2026-09-28T23:59", "2026-10-26"),  # and back
        ("2026-09-29T00:01", "2026-10-27"),
        ("2027-10-04T23:59", "2027-11-01"),
        ("2027-10-05T00:01", "2027-11-02"),
    ],
)
def test_four_weeks_over_a_clock_change_are_twenty_eight_days(pressed: str, due: str) -> None:
    assert conversation_due(in_amsterdam(pressed), urgent=False).isoformat() == due
