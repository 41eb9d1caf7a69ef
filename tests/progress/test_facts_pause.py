"""Whether a pause may be running, and whether it has ended: what a page may never get wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from citizen_portal.progress.events import Event, Status
from citizen_portal.progress.facts import ENDINGS
from tests.progress.telling import (
    UTRECHT,
    at,
    event,
    forward,
    revoke,
    told,
)

ATTEMPT = Status.CONTACT_ATTEMPT
CONTACT = Status.CONTACT_MADE
ADMITTED = Status.ADMITTED
NOT_ADMITTED = Status.NOT_ADMITTED
SENT = Status.KENNISGEVING_SENT
UPDATED = Status.CREDITORS_UPDATED
CLOSED = Status.CLOSED
RECEIVED = Status.RECEIVED


def kennisgeving(day: int = 0, until: date | None = date(2027, 5, 1), **more: Any) -> Event:
    return event(SENT, day, name=f"sent-{day}", pause_until=until, creditors=14, **more)


class TestPause:
    def test_needs_the_kennisgeving_alone(self) -> None:
        facts = told(*(event(status, 1) for status in Status if status is not SENT))
        assert (facts.kennisgeving, facts.pause_runs) == (None, False)
        facts = told(kennisgeving())
        assert facts.pause_runs
        assert facts.kennisgeving is not None
        assert (facts.kennisgeving.sent_at, facts.kennisgeving.pause_until, facts.kennisgeving.creditors) == (
            at(0),
            date(2027, 5, 1),
            14,
        )

    @pytest.mark.parametrize(
        ("until", "today", "runs"),
        [
            (date(2027, 5, 1), date(2027, 5, 1), True),
            (date(2027, 5, 1), date(2027, 5, 2), False),
            (None, date(2027, 7, 23), True),
            (None, date(2027, 7, 24), False),
        ],
    )
    def test_ends_after_its_last_day_or_else_after_eight_months(
        self, until: date | None, today: date, runs: bool
    ) -> None:
        facts = told(kennisgeving(until=until), today=today)
        assert facts.pause_runs is runs
        assert facts.kennisgeving is not None

    @pytest.mark.parametrize("status", [*sorted(ENDINGS), NOT_ADMITTED])
    def test_ends_with_the_help_or_a_refusal(self, status: Status) -> None:
        assert not told(kennisgeving(), event(status, 5)).pause_runs
        # Also when it is told first, and when both happened on one day, at whichever hours.
        assert not told(event(status, 5), kennisgeving()).pause_runs
        assert not told(kennisgeving(), event(status, 0, hour=0)).pause_runs
        assert told(kennisgeving(), event(status, 5, name="oops"), revoke("oops")).pause_runs

    def test_runs_again_after_a_new_kennisgeving(self) -> None:
        assert told(kennisgeving(0), event(CLOSED, 3), kennisgeving(10)).pause_runs

    @pytest.mark.parametrize("status", [CONTACT, ADMITTED, UPDATED, RECEIVED, ATTEMPT])
    def test_goes_on_through_other_news(self, status: Status) -> None:
        assert told(kennisgeving(), event(status, 5)).pause_runs

    def test_goes_on_when_the_request_is_passed_on(self) -> None:
        assert told(kennisgeving(), forward(UTRECHT, 3), event(RECEIVED, 4, by=UTRECHT)).pause_runs

    def test_is_told_by_the_newest_kennisgeving(self) -> None:
        facts = told(kennisgeving(0), kennisgeving(3, until=date(2026, 12, 1)))
        assert facts.kennisgeving is not None
        assert facts.kennisgeving.pause_until == date(2026, 12, 1)
        assert not facts.pause_runs


class TestEnding:
    @pytest.mark.parametrize("status", sorted(ENDINGS))
    def test_is_told_with_its_moment(self, status: Status) -> None:
        facts = told(event(CONTACT, 1), event(status, 4))
        assert facts.ended is not None
        assert (facts.ended.status, facts.ended.at) == (status, at(4))

    def test_is_not_undone_by_older_news_or_by_telling_creditors(self) -> None:
        assert told(event(CLOSED, 4), event(CONTACT, 1), event(UPDATED, 6)).ended is not None

    def test_is_undone_by_newer_news(self) -> None:
        assert told(event(CLOSED, 4), event(CONTACT, 6)).ended is None

    def test_is_undone_when_another_municipality_takes_over(self) -> None:
        moved = event(Status.MOVED_AWAY, 4)
        assert told(moved, forward(UTRECHT, 4), event(RECEIVED, 1, by=UTRECHT)).ended is None
