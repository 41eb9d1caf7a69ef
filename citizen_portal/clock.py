"""The time: UTC inside, Europe/Amsterdam wherever a day counts (domain: the clocks of the Wgs run in Dutch days)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Clock = Callable[[], datetime]

_MONTHS_A_YEAR = 12


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def amsterdam_day(moment: datetime) -> date:
    """The day that the calendar shows in Amsterdam at `moment` (aware)."""
    return moment.astimezone(AMSTERDAM).date()


def utc_text(moment: datetime) -> str:
    """`moment` (aware) as RFC 3339 in UTC with a Z, whole seconds: what messages and APIs carry."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def months_after(day: date, months: int) -> date:
    """The same day number `months` later, else the last day of that month."""
    years, month = divmod(day.month - 1 + months, _MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
