"""Facts are the same in every order of telling, whatever is repeated."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.progress.events import Event, Status
from tests.progress.telling import AMSTERDAM, ANY_EVENTS, any_events, arrived, told


@given(ANY_EVENTS, st.data())
def test_any_order_of_telling_and_any_repeats_give_the_same_facts(events: list[Event], data: st.DataObject) -> None:
    came_in = arrived(events)
    repeats = data.draw(st.lists(st.sampled_from(came_in), max_size=5)) if came_in else []
    shuffled = data.draw(st.permutations([*came_in, *repeats]))
    assert told(*shuffled, keep_arrival=True) == told(*came_in, keep_arrival=True)


@given(
    any_events(st.sampled_from([status for status in Status if status is not Status.FORWARDED]), st.just(AMSTERDAM)),
    st.data(),
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
    assert any(one.status is Status.KENNISGEVING_SENT for one in events) or facts.kennisgeving is None
