"""Days and times in every language, as somebody who grew up with it writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from markupsafe import Markup

from citizen_portal.config.languages import MENU_ORDER
from citizen_portal.web import dates

DAY = date(2026, 12, 18)
# In Amsterdam it is 10:04.
MOMENT = datetime(2026, 12, 18, 9, 4, tzinfo=UTC)
# A day, with its year, without its weekday, and with its time.
WRITTEN = {
    "nl": ("vrijdag 18 december", "vrijdag 18 december 2026", "18 december 2026", "vrijdag 18 december, 10:04"),
    "en": ("Friday 18 December", "Friday 18 December 2026", "18 December 2026", "Friday 18 December, 10:04"),
    "pl": ("piątek, 18 grudnia", "piątek, 18 grudnia 2026", "18 grudnia 2026", "piątek, 18 grudnia, 10:04"),
    "tr": ("18 Aralık Cuma", "18 Aralık 2026 Cuma", "18 Aralık 2026", "18 Aralık Cuma, 10:04"),
    "uk": (
        "пʼятниця, 18 грудня",
        "пʼятниця, 18 грудня 2026 року",
        "18 грудня 2026 року",
        "пʼятниця, 18 грудня, 10:04",
    ),
    "ar": ("الجمعة 18 ديسمبر", "الجمعة 18 ديسمبر 2026", "18 ديسمبر 2026", "الجمعة 18 ديسمبر، 10:04"),
    "fa": ("جمعه 18 دسامبر", "جمعه 18 دسامبر 2026", "18 دسامبر 2026", "جمعه 18 دسامبر، 10:04"),
    "ti": ("ዓርቢ 18 ታሕሳስ", "ዓርቢ 18 ታሕሳስ 2026", "18 ታሕሳስ 2026", "ዓርቢ 18 ታሕሳስ፣ 10:04"),
}


def test_every_language_is_written_out_here() -> None:
    assert set(WRITTEN) == set(MENU_ORDER)


@pytest.mark.parametrize("language", WRITTEN)
def test_days_and_moments_are_written_as_the_language_does(language: str) -> None:
    assert (
        dates.long_day(DAY, language, year=False),
        dates.long_day(DAY, language, year=True),
        dates.plain_day(DAY, language),
        dates.long_moment(MOMENT, language, year=False),
    ) == WRITTEN[language]


def test_a_persian_month_stands_alone_unless_it_leads_to_the_year() -> None:
    assert dates.long_day(date(2027, 1, 4), "fa", year=False) == "دوشنبه 4 ژانویه"
    assert dates.long_day(date(2027, 1, 4), "fa", year=True) == "دوشنبه 4 ژانویهٔ 2027"


@pytest.mark.parametrize("language", MENU_ORDER)
def test_all_year_round_the_digits_are_ours_and_the_year_is_the_one_of_dutch_letters(language: str) -> None:
    for days in range(0, 366, 7):
        day = DAY + timedelta(days=days)
        for text in (dates.long_day(day, language, year=True), dates.plain_day(day, language)):
            assert re.findall(r"\d+", text) == [str(day.day), str(day.year)]
            assert not text.endswith("."), "the sentence has a full stop of its own"


def test_times_are_of_twenty_four_hours_in_amsterdam() -> None:
    assert dates.clock_time(datetime(2026, 7, 1, 7, 5, tzinfo=UTC)) == "09:05"
    assert dates.clock_time(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "00:30"


def test_a_moment_is_told_on_the_day_it_is_in_amsterdam_and_kept_in_utc() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    expected = '<time datetime="2026-11-22T23:30:00Z">maandag 23 november, 00:30</time>'
    assert dates.Dates("nl").moment(late) == Markup(expected)
    assert dates.Dates("nl").day(late) == '<time datetime="2026-11-23">maandag 23 november</time>'
    assert dates.Dates("nl").clock_time(late) == '<time datetime="2026-11-22T23:30:00Z">00:30</time>'


def test_the_year_shows_when_it_is_not_this_one() -> None:
    day = dates.Dates("nl").day
    assert day(date(2027, 1, 4), 2026) == '<time datetime="2027-01-04">maandag 4 januari 2027</time>'
    assert day(DAY, 2026) == '<time datetime="2026-12-18">vrijdag 18 december</time>'
    assert day(DAY) == '<time datetime="2026-12-18">vrijdag 18 december</time>'


def test_birth_days_have_no_weekday() -> None:
    assert dates.Dates("nl").birth_day(date(1980, 3, 5)) == '<time datetime="1980-03-05">5 maart 1980</time>'
