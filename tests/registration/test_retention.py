"""How long what is kept is kept, against days worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.registration.retention import COPY_LIFE, forget_at

PRESSED = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_owners_copy_lives_seventy_two_hours() -> None:
    assert timedelta(hours=72) == COPY_LIFE


@pytest.mark.parametrize(
    ("ended", "refused", "forgotten", "why"),
    [
        (None, None, "2028-02-23T09:04", "15 months after the press at the latest"),
        ("2026-12-01T12:00", None, "2026-12-29T12:00", "4 weeks after the end"),
        ("2026-12-01T12:00", "2026-12-01T12:00", "2027-01-26T12:00", "8 weeks after a decision not to help"),
        ("2027-01-20T12:00", "2026-12-01T12:00", "2027-02-17T12:00", "closed after that: whichever is later"),
        ("2026-12-05T12:00", "2026-12-01T12:00", "2027-01-26T12:00", "closed soon after that: the objection goes on"),
        ("2028-02-20T12:00", None, "2028-02-23T09:04", "never longer than 15 months"),
        ("2028-02-20T12:00", "2028-02-20T12:00", "2028-02-23T09:04", "not for an objection either"),
    ],
)
def test_by_hand(ended: str | None, refused: str | None, forgotten: str, why: str) -> None:
    found = forget_at(PRESSED, day(ended) if ended else None, day(refused) if refused else None)
    assert found == day(forgotten), why


@pytest.mark.parametrize(
    ("pressed", "forgotten"),
    [
        ("2026-11-30T12:00", "2028-02-29T12:00"),  # no 30 February; 2028 has a 29th
        ("2027-11-30T12:00", "2029-02-28T12:00"),
        ("2026-04-15T10:00", "2027-07-15T10:00"),
        ("2026-07-15T10:00", "2027-10-15T10:00"),
        ("2026-06-30T21:59", "2027-09-30T21:59"),  # 23:59 in Amsterdam
        ("2026-06-30T22:30", "2027-09-30T22:30"),  # 00:30 on 1 July there
        ("2026-01-15T10:00", "2027-04-15T09:00"),  # the same time there, in summer
    ],
)
def test_fifteen_months_are_months_of_the_dutch_calendar(pressed: str, forgotten: str) -> None:
    assert forget_at(day(pressed)) == day(forgotten)


_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
_LATER = st.none() | st.timedeltas(timedelta(), timedelta(days=900))


@given(_MOMENTS, _LATER, _LATER)
def test_nothing_outlives_fifteen_months_and_no_end_goes_unread(
    pressed: datetime, ended: timedelta | None, refused: timedelta | None
) -> None:
    end = None if ended is None else pressed + ended
    refusal = None if refused is None else pressed + refused
    latest, found = forget_at(pressed), forget_at(pressed, end, refusal)
    assert found <= latest <= pressed + timedelta(days=460)
    if end is not None:
        assert found >= min(end + timedelta(weeks=4), latest)
    if refusal is not None:
        assert found >= min(refusal + timedelta(weeks=8), latest)
