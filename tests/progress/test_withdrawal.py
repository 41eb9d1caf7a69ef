"""What a withdrawal by link does to the facts, and when a registration has ended by them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.progress.events import Event, Status
from citizen_portal.progress.facts import ENDINGS, Facts, Headline, ends_at, facts
from citizen_portal.progress.timeline import Registered, State, Truth, timeline
from tests.progress.telling import AMSTERDAM, ANY_EVENTS, PRESSED, UTRECHT, arrived, at, event, forward, revoke, told

TODAY = date(2026, 12, 24)


def withdrawn(*events: Event, on: datetime | None = None, received: bool = False) -> Facts:
    """What is true after these events, when somebody asked to stop."""
    return facts(
        arrived(events),
        first_municipality=AMSTERDAM,
        registered_at=PRESSED,
        received_at=PRESSED if received else None,
        today=TODAY,
        withdrawn_at=on or at(5),
    )


class TestByLink:
    def test_it_is_the_headline_and_an_ending_that_was_only_asked_for(self) -> None:
        known = withdrawn()
        assert (known.headline, known.headline_at) == (Headline.WITHDRAWN, at(5))
        assert known.ended is not None and known.ended.asked and known.ended.at == at(5)

    def test_it_does_not_make_a_municipality_have_it(self) -> None:
        assert not withdrawn().received
        assert withdrawn(received=True).received
        assert withdrawn(event(Status.RECEIVED, 1)).received

    def test_what_happened_later_counts_again(self) -> None:
        known = withdrawn(event(Status.CONTACT_MADE, 6))
        assert (known.headline, known.ended) == (Headline.CONTACT_MADE, None)

    def test_what_happened_before_is_a_fact_but_not_the_headline(self) -> None:
        known = withdrawn(event(Status.CONTACT_MADE, 4))
        assert known.headline is Headline.WITHDRAWN and known.contact is not None

    def test_at_the_same_moment_the_withdrawal_stands(self) -> None:
        assert withdrawn(event(Status.CONTACT_MADE, 5)).headline is Headline.WITHDRAWN

    def test_no_pause_runs_until_something_happened_later(self) -> None:
        notice = event(Status.KENNISGEVING_SENT, 2, pause_until=date(2027, 6, 1))
        assert told(notice).pause_runs
        assert not withdrawn(notice).pause_runs
        assert withdrawn(notice, event(Status.CREDITORS_UPDATED, 7)).pause_runs

    def test_an_ending_by_the_municipality_is_its_own_word(self) -> None:
        known = withdrawn(event(Status.CLOSED, 4))
        assert known.ended is not None and not known.ended.asked
        assert (known.headline, known.ended.status) == (Headline.CLOSED, Status.CLOSED)

    @given(ANY_EVENTS, st.integers(0, 20))
    def test_it_never_invents_contact_or_a_pause(self, events: list[Event], day: int) -> None:
        without, with_it = told(*events), withdrawn(*events, on=at(day))
        assert (with_it.contact, with_it.kennisgeving, with_it.clock_met_at) == (
            without.contact,
            without.kennisgeving,
            without.clock_met_at,
        )
        assert with_it.pause_runs <= without.pause_runs
        assert ends_at(with_it) == ends_at(without)


class TestTheEnd:
    def test_while_it_goes_on_there_is_none(self) -> None:
        assert ends_at(told()) is None
        assert ends_at(told(event(Status.CONTACT_MADE), event(Status.ADMITTED, 1))) is None

    @pytest.mark.parametrize("status", sorted(ENDINGS))
    def test_an_ending_is_the_end(self, status: Status) -> None:
        assert ends_at(told(event(Status.CONTACT_MADE), event(status, 3))) == at(3)

    def test_a_decision_not_to_help_is_one(self) -> None:
        assert ends_at(told(event(Status.NOT_ADMITTED, 3))) == at(3)
        assert ends_at(told(event(Status.NOT_ADMITTED, 3), event(Status.ADMITTED, 4))) is None

    @pytest.mark.parametrize(
        ("until", "ends"),
        [
            (date(2027, 7, 20), datetime(2027, 7, 20, 22, tzinfo=UTC)),  # midnight in summer
            (date(2027, 1, 20), datetime(2027, 1, 20, 23, tzinfo=UTC)),  # in winter
            (date(2027, 3, 28), datetime(2027, 3, 28, 22, tzinfo=UTC)),  # the clock went forward that day
            (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # it went back
            (None, datetime(2027, 7, 25, 22, tzinfo=UTC)),  # eight months after 25 November
        ],
    )
    def test_the_pause_ends_it_with_its_last_day_in_amsterdam(self, until: date | None, ends: datetime) -> None:
        found = ends_at(told(event(Status.KENNISGEVING_SENT, 2, pause_until=until)))
        assert found == ends

    def test_an_ending_that_was_revoked_is_none(self) -> None:
        assert ends_at(told(event(Status.CLOSED, 3, name="mistake"), revoke("mistake", 4))) is None

    def test_somebody_who_only_has_the_link_ends_nothing(self) -> None:
        assert ends_at(withdrawn()) is None

    def test_an_ending_by_who_passed_it_on_before_is_none(self) -> None:
        events = (event(Status.CLOSED, 1), forward(UTRECHT, 2), event(Status.CONTACT_MADE, 3, by=UTRECHT))
        assert ends_at(told(*events)) is None


class TestCountdown:
    """Weeks until the last day of the pause, and from four weeks before what to do about it."""

    def _line(self, until: date | None, today: date, **more: Any) -> Any:
        known = told(event(Status.KENNISGEVING_SENT, 2, pause_until=until), *more.pop("then", ()), today=today)
        registered = Registered("P-0000-0000", PRESSED, date(2026, 12, 21), False, PRESSED, **more)
        now = datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=12)
        return timeline(registered, known, now=now, reports_back=True)

    @pytest.mark.parametrize(
        ("today", "days", "weeks", "soon"),
        [
            (date(2026, 11, 25), 237, 33, False),
            (date(2027, 6, 21), 29, 4, False),
            (date(2027, 6, 22), 28, 4, True),
            (date(2027, 7, 13), 7, 1, True),
            (date(2027, 7, 14), 6, 0, True),
            (date(2027, 7, 20), 0, 0, True),
        ],
    )
    def test_it_counts_whole_weeks_and_says_four_weeks_before(
        self, today: date, days: int, weeks: int, soon: bool
    ) -> None:
        line = self._line(date(2027, 7, 20), today)
        assert (line.pause_days_left, line.weeks_left, line.pause_ends_soon) == (days, weeks, soon)
        assert line.truth is Truth.ASKED_FOR_PAUSE

    def test_after_the_last_day_nothing_is_counted(self) -> None:
        line = self._line(date(2027, 7, 20), date(2027, 7, 21))
        assert (line.pause_days_left, line.pause_ends_soon, line.truth) == (None, False, Truth.PAUSE_OVER)

    def test_without_a_last_day_nothing_is_promised(self) -> None:
        line = self._line(None, date(2027, 6, 30))
        assert (line.pause_days_left, line.pause_ends_soon) == (None, False)

    def test_a_note_of_a_call_quiets_the_overdue_line_and_nothing_else(self) -> None:
        late = datetime(2027, 1, 10, 12, tzinfo=UTC)
        known = told(event(Status.RECEIVED), received_at=PRESSED)
        registered = Registered("P-0000-0000", PRESSED, date(2026, 12, 21), False, PRESSED)
        noted = Registered("P-0000-0000", PRESSED, date(2026, 12, 21), False, PRESSED, called_at=late)
        before, after = (timeline(one, known, now=late, reports_back=True) for one in (registered, noted))
        assert (before.truth, before.overdue, before.contact) == (Truth.OVERDUE, True, State.OVERDUE)
        assert (after.truth, after.overdue, after.contact) == (Truth.NOTHING_PAUSED, False, State.WAITING)
        assert after.facts.contact is None
