"""Whatever municipalities tell, in whatever order and however often: one page, and it never says what is not true."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_portal.progress import intake_events
from citizen_portal.progress.events import Event, Status
from citizen_portal.progress.intake_events import Outcome
from citizen_portal.progress.revoking import not_revoked
from citizen_portal.progress.timeline import Registered, State, Truth, Wait, timeline
from citizen_portal.registration.links import OWNER, LinkSigner, token_hash
from citizen_portal.registration.reference import spoken
from citizen_portal.storage import links, registrations
from tests.progress.sending import document, register
from tests.progress.telling import ANY_EVENTS, PRESSED, arrived, at, told
from tests.support.portal import MONDAY, TestPortal, make_portal

NOW = MONDAY + timedelta(days=30)
NOTHING_PAUSED_YET = {Truth.NOTHING_PAUSED, Truth.OVERDUE, Truth.NOT_DELIVERED}


@pytest.fixture(scope="module")
def shared_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestPortal]:
    """One for all examples: each has registrations of its own."""
    made = make_portal(tmp_path_factory.mktemp("portal"))
    made.clock.moment = NOW
    yield made
    made.database.close()


def _page(portal: TestPortal, registration_id: UUID) -> str:
    """The status page, without what names this one registration."""
    bits = os.urandom(16)
    with portal.database.writing() as connection:
        record = registrations.get(connection, registration_id)
        assert record is not None
        later = NOW + timedelta(days=1)
        links.add(connection, token_hash(bits, OWNER), registration_id, OWNER, now=NOW, expires_at=later)
    token = LinkSigner(portal.keys).write(bits, OWNER)
    answer = portal.app.test_client(use_cookies=False).get(f"/nl/s/{token}")
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    for name, own in {"TOKEN": token, "REFERENCE": record.reference, "SPOKEN": spoken(record.reference)}.items():
        html = html.replace(own, name)
    return re.sub(r'(?<=name="form_token" value=")[^"]+', "FORM TOKEN", html)


def _told_to(portal: TestPortal, made: list[dict[str, Any]]) -> UUID:
    """A registration of which these events were told. An id is a municipality's own for all that it ever tells."""
    subject = register(portal)
    for one in made:
        own_ids = json.loads(json.dumps(one).replace("event-", f"{subject}-"))
        event = {**own_ids, "subject": str(subject)}
        assert intake_events.receive(portal.database, event, now=NOW) is Outcome.KEPT
    return subject


@st.composite
def _documents(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events of one municipality that did not pass the registration on, each of a day of its own."""
    days = draw(st.lists(st.integers(1, 28), max_size=6, unique=True))
    made = []
    for number, day in enumerate(days):
        status = draw(st.sampled_from([status for status in Status if status is not Status.FORWARDED]))
        data: dict[Status, dict[str, Any]] = {
            Status.APPOINTMENT: {"afspraak": {"begint": "2026-12-18T09:00:00Z", "vorm": "kantoor"}},
            Status.KENNISGEVING_SENT: {"pauzeTot": "2027-04-01", "aantalSchuldeisers": number},
            Status.CONTACT_MADE: {"kanaal": "telefoon"},
            Status.REVOKES: {"herroept": f"event-{draw(st.integers(0, 5))}"},
        }
        sequence = draw(st.none() | st.integers(1, 9))
        made.append(
            document(
                status.value,
                event_id=f"event-{number}",
                at=at(day),
                sequence=sequence,
                ontvangstnummer=f"Z-{number}",
                **data.get(status, {}),
            )
        )
    return made


@settings(max_examples=settings().max_examples // 3)
@given(_documents(), st.data())
def test_any_order_and_repetition_of_a_set_of_events_gives_the_same_page(
    shared_portal: TestPortal, made: list[dict[str, Any]], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
    other_order = data.draw(st.permutations([*made, *repeats]))
    one, other = _told_to(shared_portal, made), _told_to(shared_portal, other_order)
    assert _page(shared_portal, one) == _page(shared_portal, other)


_REGISTERED = st.builds(
    Registered,
    reference=st.just("P-7K2M-9QX4"),
    registered_at=st.just(PRESSED),
    conversation_due=st.just(date(2026, 12, 21)),
    urgent=st.booleans(),
    received_at=st.none() | st.just(PRESSED),
)


@given(ANY_EVENTS, _REGISTERED, st.integers(0, 400), st.booleans())
def test_the_page_says_of_the_pause_what_the_facts_say(
    events: list[Event], registered: Registered, day: int, reports_back: bool
) -> None:
    now = at(day)
    facts = told(*events, today=now.date(), received_at=registered.received_at)
    line = timeline(registered, facts, now=now, reports_back=reports_back)
    assert (line.truth is Truth.ASKED_FOR_PAUSE) == facts.pause_runs
    assert line.truth not in NOTHING_PAUSED_YET or facts.kennisgeving is None
    assert (line.kennisgeving is State.DONE) == (facts.kennisgeving is not None)
    # Silence is never turned into "there was no contact", and nobody is late who cannot report.
    assert not line.overdue or (reports_back and facts.clock_met_at is None)
    assert (line.contact is State.DONE) == (facts.contact is not None)
    assert line.is_received == bool(not_revoked(arrived(events)) or registered.received_at)
    assert line.waits_for is not Wait.NOT_REPORTED or not reports_back


@given(ANY_EVENTS, _REGISTERED, st.lists(st.integers(0, 400), min_size=2, max_size=4))
def test_a_term_that_has_passed_stays_passed(events: list[Event], registered: Registered, days: list[int]) -> None:
    def ask(day: int) -> bool:
        facts = told(*events, today=at(day).date())
        return timeline(registered, facts, now=at(day), reports_back=True).term_passed

    answers = [ask(day) for day in sorted(days)]
    assert answers == sorted(answers)
