"""The latest day of the first conversation, for any moment of decades and whatever days a royal decree adds."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.clock import AMSTERDAM, amsterdam_day
from citizen_portal.registration.deadlines import conversation_due, due_once_urgent, is_working_day, recognised_holidays

_moments = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
_days = st.dates(date(2020, 1, 1), date(2060, 1, 1))
_bridges = st.frozensets(st.integers(0, 45), max_size=6)


def _decreed(moment: datetime, offsets: frozenset[int]) -> Set[date]:
    """Extra holidays near enough to matter."""
    return {amsterdam_day(moment) + timedelta(days=offset) for offset in offsets}


@given(_moments, st.booleans(), _bridges)
def test_the_day_always_counts(moment: datetime, urgent: bool, offsets: frozenset[int]) -> None:
    extra = _decreed(moment, offsets)
    due = conversation_due(moment, urgent=urgent, extra_holidays=extra)
    assert due.isoweekday() <= 5
    assert due not in recognised_holidays(due.year)
    assert due not in extra
    assert is_working_day(due, extra)


@given(_moments, _bridges)
def test_four_weeks_are_never_shortened_and_go_on_only_over_days_that_do_not_count(
    moment: datetime, offsets: frozenset[int]
) -> None:
    extra = _decreed(moment, offsets)
    fourth_week = amsterdam_day(moment) + timedelta(weeks=4)
    due = conversation_due(moment, urgent=False, extra_holidays=extra)
    skipped = [fourth_week + timedelta(days=offset) for offset in range((due - fourth_week).days)]
    assert due >= fourth_week
    assert not any(is_working_day(day, extra) for day in skipped)


@given(_moments, _bridges)
def test_urgent_is_the_third_day_that_counts_after_the_day_itself(moment: datetime, offsets: frozenset[int]) -> None:
    extra = _decreed(moment, offsets)
    pressed = amsterdam_day(moment)
    due = conversation_due(moment, urgent=True, extra_holidays=extra)
    counted = [pressed + timedelta(days=offset) for offset in range(1, (due - pressed).days + 1)]
    assert sum(is_working_day(day, extra) for day in counted) == 3


@given(_moments, _bridges)
def test_urgent_is_never_later_than_ordinary(moment: datetime, offsets: frozenset[int]) -> None:
    extra = _decreed(moment, offsets)
    urgent, ordinary = (conversation_due(moment, urgent=kind, extra_holidays=extra) for kind in (True, False))
    assert urgent <= ordinary


@given(_moments, st.timedeltas(timedelta(), timedelta(days=40)), st.booleans(), _bridges)
def test_a_supplement_never_makes_it_later(
    moment: datetime, later: timedelta, urgent: bool, offsets: frozenset[int]
) -> None:
    extra = _decreed(moment, offsets)
    before = conversation_due(moment, urgent=urgent, extra_holidays=extra)
    after = due_once_urgent(before, told_at=moment + later, extra_holidays=extra)
    assert after <= before
    assert after <= conversation_due(moment + later, urgent=True, extra_holidays=extra)
    assert is_working_day(after, extra)


@given(_moments, st.timedeltas(timedelta(), timedelta(days=40)), st.booleans(), _bridges)
def test_who_presses_later_is_never_due_earlier(
    moment: datetime, later: timedelta, urgent: bool, offsets: frozenset[int]
) -> None:
    extra = _decreed(moment, offsets)
    first, second = (conversation_due(at, urgent=urgent, extra_holidays=extra) for at in (moment, moment + later))
    assert first <= second


@given(_moments, st.booleans(), _bridges)
def test_a_decreed_holiday_never_shortens_a_term(moment: datetime, urgent: bool, offsets: frozenset[int]) -> None:
    with_decree = conversation_due(moment, urgent=urgent, extra_holidays=_decreed(moment, offsets))
    assert with_decree >= conversation_due(moment, urgent=urgent)


@given(_days, st.times(), st.times(), st.booleans())
def test_every_moment_of_a_day_in_amsterdam_gives_the_same_day(day: date, one: time, other: time, urgent: bool) -> None:
    moments = [datetime.combine(day, at, AMSTERDAM).astimezone(UTC) for at in (one, other)]
    assert len({conversation_due(moment, urgent=urgent) for moment in moments}) == 1


@given(st.integers(2020, 2060))
def test_every_year_has_the_holidays_of_the_law(year: int) -> None:
    """Atw art. 3: New Year, Good Friday, Easter Monday, King's Day, 5 May, Ascension Day, Whit Monday, Christmas."""
    found = recognised_holidays(year)
    assert {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)} <= found
    kings_day = date(year, 4, 27)
    assert (kings_day if kings_day.isoweekday() < 7 else date(year, 4, 26)) in found
    # Counted from Easter, which comes out of the library: Friday -2, Monday +1, Ascension +39, Whit Monday +50.
    easters = [day for day in found if day.isoweekday() == 7 and 3 <= day.month <= 4 and day + timedelta(1) in found]
    easter = next(day for day in easters if day - timedelta(days=2) in found)
    assert {easter + timedelta(days=offset) for offset in (-2, 1, 39, 50)} <= found
