"""The latest day of the first conversation (Wgs art. 4; Algemene termijnenwet art. 1 and 3). Pure.

Day 0 is the day of the press in Amsterdam. Four weeks; in a threatening situation three working days. A term that
ends on a Saturday, a Sunday or a recognised holiday moves to the next day that counts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache

import holidays

from citizen_portal.clock import amsterdam_day

_ORDINARY_TERM = timedelta(weeks=4)
_URGENT_WORKING_DAYS = 3
_SATURDAY = 5


def conversation_due(registered_at: datetime, *, urgent: bool, extra_holidays: Collection[date] = ()) -> date:
    """The day in Amsterdam by which the first conversation must have been.

    `registered_at` is aware; `extra_holidays` are days that a royal decree equates with a holiday.
    """
    day = amsterdam_day(registered_at)
    if not urgent:
        return _counting_day_from(day + _ORDINARY_TERM, extra_holidays)
    for _ in range(_URGENT_WORKING_DAYS):
        day = _counting_day_from(day + timedelta(days=1), extra_holidays)
    return day


def due_once_urgent(due: date, *, told_at: datetime, extra_holidays: Collection[date] = ()) -> date:
    """The day after a supplement of `told_at` (aware) said that it became urgent; `due` is the one before it.

    Three working days count from then, but telling more never makes it later.
    """
    return min(due, conversation_due(told_at, urgent=True, extra_holidays=extra_holidays))


def is_working_day(day: date, extra_holidays: Collection[date] = ()) -> bool:
    """Whether `day` counts: no weekend, no recognised holiday (Atw art. 3), not one of `extra_holidays`."""
    return day.weekday() < _SATURDAY and day not in recognised_holidays(day.year) and day not in extra_holidays


@cache
def recognised_holidays(year: int) -> frozenset[date]:
    """The holidays of Atw art. 3 in `year`, weekends included where they fall on one.

    The library calls Good Friday or 5 May optional in some years; for the Atw both count every year, and King's Day
    moves when it would be a Sunday.
    """
    known = holidays.country_holidays("NL", years=year, categories=("public", "optional"))
    return frozenset({*known, date(year, 5, 5)})


def _counting_day_from(day: date, extra_holidays: Collection[date]) -> date:
    while not is_working_day(day, extra_holidays):
        day += timedelta(days=1)
    return day
