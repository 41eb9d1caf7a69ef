"""Days and times as each language writes them, by CLDR's names; the order and the year's word are spelled out here.

What CLDR has does not fit our sentences everywhere: no form with the weekday but without the year; an abbreviation
with a full stop for the year ("2026 р."), before the sentence's own; twelve hours instead of the twenty-four that
letters in the Netherlands use. The calendar is always Gregorian and the digits are 0 to 9, as in those letters.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_date
from markupsafe import Markup

from citizen_portal.clock import AMSTERDAM, amsterdam_day, utc_text

# Plain "en" would be American.
_REGION = {"en": "en_GB"}


class _Patterns(NamedTuple):
    """CLDR patterns: a day with its weekday, the same with the year, a day without weekday; what stands before a time.

    Arabic months are those of most broadcasters (ديسمبر): Syrians and Iraqis know them beside their own, the others
    know no other. `LLLL` is the Persian month as it stands alone, `MMMM` as it leads to the year.
    """

    day: str = "EEEE d MMMM"
    day_of_year: str = "EEEE d MMMM y"
    plain_day: str = "d MMMM y"
    before_time: str = ", "


_USUAL = _Patterns()
_OWN = {
    "ar": _Patterns(before_time="، "),
    "fa": _Patterns(day="EEEE d LLLL", before_time="، "),
    "pl": _Patterns(day="EEEE, d MMMM", day_of_year="EEEE, d MMMM y"),
    "ti": _Patterns(before_time="፣ "),
    "tr": _Patterns(day="d MMMM EEEE", day_of_year="d MMMM y EEEE"),
    "uk": _Patterns(day="EEEE, d MMMM", day_of_year="EEEE, d MMMM y 'року'", plain_day="d MMMM y 'року'"),
}


@lru_cache(maxsize=4096)
def long_day(day: date, language: str, *, year: bool) -> str:
    """The weekday spelled out: "vrijdag 18 december", with the year when `year` is asked for."""
    patterns = _OWN.get(language, _USUAL)
    return _written(day, patterns.day_of_year if year else patterns.day, language)


@lru_cache(maxsize=4096)
def plain_day(day: date, language: str) -> str:
    """Without weekday, for a day that nobody knows the weekday of: "5 maart 1980"."""
    return _written(day, _OWN.get(language, _USUAL).plain_day, language)


def clock_time(at: datetime) -> str:
    """The time in Amsterdam, of twenty-four hours: "09:04"."""
    return f"{at.astimezone(AMSTERDAM):%H:%M}"


def long_moment(at: datetime, language: str, *, year: bool) -> str:
    """Day and time in Amsterdam: "maandag 23 november, 10:04", with the year when `year` is asked for."""
    between = _OWN.get(language, _USUAL).before_time
    return long_day(amsterdam_day(at), language, year=year) + between + clock_time(at)


class Dates:
    """The filters of one language's templates; each gives a `<time>`."""

    def __init__(self, language: str) -> None:
        self._language = language

    def day(self, value: date | datetime, this_year: int | None = None) -> Markup:
        """`{{ due|day }}`: the weekday spelled out, with the year when it is not this one (`this_year`)."""
        day = amsterdam_day(value) if isinstance(value, datetime) else value
        return _time(day.isoformat(), long_day(day, self._language, year=this_year not in {None, day.year}))

    def birth_day(self, value: date) -> Markup:
        """`{{ birth_date|birth_day }}`: "5 maart 1980"."""
        return _time(value.isoformat(), plain_day(value, self._language))

    def moment(self, value: datetime) -> Markup:
        """`{{ pressed_at|moment }}`: "maandag 23 november, 10:04"."""
        return _time(utc_text(value), long_moment(value, self._language, year=False))

    def clock_time(self, value: datetime) -> Markup:
        """`{{ until|clock_time }}`: the time alone: "10:04"."""
        return _time(utc_text(value), clock_time(value))


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def _written(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=_REGION.get(language, language))
