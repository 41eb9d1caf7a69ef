"""Facts are the same in every order of telling, whatever is repeated."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.progress.events import Appointment, AppointmentForm, Event, Status
from tests.progress.telling import (
    AMSTERDAM,
    UTRECHT,
    arrived,
    at,
    event,
    told,
)

APPOINTMENT = Status.APPOINTMENT
SENT = Status.KENNISGEVING_SENT
FORWARDED = Status.FORWARDED


def _events(statuses: st.SearchStrategy[Status], by: st.SearchStrategy[str]) -> st.SearchStrategy[list[Event]]:
    def make(*, status: Status, day: int, by: str, seq: int | None, name: int, target: int) -> Event:
        return event(
            status,
            day,
            by=by,
            seq=seq,
            name=str(name),
            revokes=str(target) if status is Status.REVOKES else None,
            forwarded_to=UTRECHT
            if status is FORWARDED and by != UTRECHT
            else AMSTERDAM
            if status is FORWARDED
            else None,
            intake_number=f"Z-{name}",
            pause_until=date(2027, 1, 1 + day) if status is SENT else None,
            appointment=Appointment(at(day), AppointmentForm.VIDEO) if status is APPOINTMENT else None,
        )

    numbers = st.integers(0, 7)
    one = st.builds(
        make,
        status=statuses,
        day=st.integers(0, 20),
        by=by,
        seq=st.none() | st.integers(1, 9),
        name=numbers,
        target=numbers,
    )
    return st.lists(one, max_size=10)


ANY_EVENTS = _events(st.sampled_from(Status), st.sampled_from([AMSTERDAM, UTRECHT]))


@given(ANY_EVENTS, st.data())
def test_any_order_of_telling_and_any_repeats_give_the_same_facts(events: list[Event], data: st.DataObject) -> None:
    came_in = arrived(events)
    repeats = data.draw(st.lists(st.sampled_from(came_in), max_size=5)) if came_in else []
    shuffled = data.draw(st.permutations([*came_in, *repeats]))
    assert told(*shuffled, keep_arrival=True) == told(*came_in, keep_arrival=True)


@given(
    _events(st.sampled_from([status for status in Status if status is not FORWARDED]), st.just(AMSTERDAM)), st.data()
)
def test_any_order_of_coming_in_gives_the_same_facts(events: list[Event], data: st.DataObject) -> None:
    # Of one municipality, each id once and no two at the same moment: arrival is only the last resort.
    different: dict[str, Event] = {}
    moments: set[datetime] = set()
    for one in events:
        if one.id not in different and one.occurred_at not in moments:
            different[one.id] = one
            moments.add(one.occurred_at)
    other_order = data.draw(st.permutations(list(different.values())))
    assert told(*other_order) == told(*different.values())


@given(ANY_EVENTS)
def test_no_page_says_that_a_pause_runs_without_an_unrevoked_kennisgeving(events: list[Event]) -> None:
    facts = told(*events)
    assert facts.kennisgeving is not None or not facts.pause_runs
    assert any(one.status is SENT for one in events) or facts.kennisgeving is None
