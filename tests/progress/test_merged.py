"""On 1 January a municipality goes on in another: nothing of its registrations is lost, late or said twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from citizen_portal.directory import municipality as municipalities
from citizen_portal.directory.mergers import Merger, packaged_mergers
from citizen_portal.directory.settings import Intake
from citizen_portal.intake.answer import Answer, Received
from citizen_portal.intake.channels import Dispatch
from citizen_portal.intake.worker import Worker
from citizen_portal.progress.merged import move_merged
from citizen_portal.storage import intake_waits, outbox_entries, outbox_next, registrations, tables
from citizen_portal.storage.registrations import RegistrationRecord
from tests.progress.sending import (
    AMSTERDAM,
    UTRECHT,
    counts,
    document,
    facts_about,
    pass_on,
    register,
    send,
    tell,
)
from tests.support.portal import MONDAY, WEBHOOK_SECRET, TestPortal, make_portal
from tests.support.walk import begin, press_as

GRONINGEN = "GM0014"
MIDNIGHT = datetime(2026, 12, 31, 23, tzinfo=UTC)
"""When 1 January 2027 begins in Amsterdam."""

LATER = MIDNIGHT + timedelta(hours=10)
APPOINTMENT = {"begint": "2027-01-05T10:00:00Z", "vorm": "kantoor", "locatie": "Stadskantoor"}


@pytest.fixture
def merging(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestPortal]:
    """A portal in whose list Utrecht goes on in Amsterdam on 1 January 2027; it is November still."""
    to_come = Merger(UTRECHT, "Utrecht", AMSTERDAM, date(2027, 1, 1))
    monkeypatch.setattr(municipalities, "packaged_mergers", lambda: [*packaged_mergers(), to_come])
    portal = make_portal(tmp_path, database_url)
    yield portal
    portal.database.close()


def move(portal: TestPortal) -> int:
    return move_merged(portal.database, portal.directory, portal.clock())


def record_of(portal: TestPortal, registration: UUID) -> RegistrationRecord:
    with portal.database.reading() as connection:
        found = registrations.get(connection, registration)
    assert found is not None
    return found


def test_until_midnight_in_amsterdam_nothing_moves(merging: TestPortal) -> None:
    registration = register(merging, UTRECHT)
    merging.clock.moment = MIDNIGHT - timedelta(seconds=1)
    assert move(merging) == 0
    assert tell(merging, registration, "contact-gelegd", UTRECHT) == 204
    merging.clock.moment = MIDNIGHT
    assert move(merging) == 1
    assert move(merging) == 0


def test_the_registration_moves_and_keeps_its_dates(merging: TestPortal) -> None:
    registration, other = register(merging, UTRECHT), register(merging, GRONINGEN)
    before = record_of(merging, registration)
    merging.clock.moment = LATER
    assert move(merging) == 1
    after = record_of(merging, registration)
    assert (after.municipality_code, after.first_municipality_code) == (AMSTERDAM, AMSTERDAM)
    assert (after.registered_at, after.conversation_due, after.reference) == (
        before.registered_at,
        before.conversation_due,
        before.reference,
    )
    assert record_of(merging, other).municipality_code == GRONINGEN


def test_what_was_said_stays_true(merging: TestPortal) -> None:
    registration = register(merging, UTRECHT)
    assert tell(merging, registration, "contact-gelegd", UTRECHT, kanaal="telefoon", ontvangstnummer="U-1") == 204
    assert tell(merging, registration, "gesprek-gepland", UTRECHT, afspraak=APPOINTMENT) == 204
    before = facts_about(merging, registration)
    merging.clock.moment = LATER
    assert move(merging) == 1
    after = facts_about(merging, registration)
    assert after.owner == AMSTERDAM
    assert after.intake_number == "U-1"
    assert (after.contact, after.appointment, after.clock_met_at) == (
        before.contact,
        before.appointment,
        before.clock_met_at,
    )
    assert after.forwarded == ()
    assert counts(merging) == (2, 0)


def test_the_successor_speaks_on(merging: TestPortal) -> None:
    registration = register(merging, UTRECHT)
    merging.clock.moment = LATER
    move(merging)
    assert tell(merging, registration, "contact-gelegd", AMSTERDAM) == 204
    assert facts_about(merging, registration).contact is not None


def test_what_the_successor_said_before_the_move_is_taken_up(merging: TestPortal) -> None:
    registration = register(merging, UTRECHT)
    merging.clock.moment = MIDNIGHT
    assert tell(merging, registration, "contact-gelegd", AMSTERDAM) == 202
    assert counts(merging) == (0, 1)
    assert move(merging) == 1
    assert counts(merging) == (1, 0)
    assert facts_about(merging, registration).contact is not None


def test_a_system_that_still_has_the_old_code_is_heard_with_the_new_key(merging: TestPortal) -> None:
    registration = register(merging, UTRECHT)
    first = document("contact-gelegd", subject=registration, sender=UTRECHT, event_id="first")
    assert send(merging, first).status_code == 204
    merging.clock.moment = LATER
    move(merging)
    assert send(merging, first).status_code == 401
    assert send(merging, first, secret=WEBHOOK_SECRET).status_code == 204
    assert counts(merging) == (1, 0)
    back = document("herroepen", subject=registration, sender=UTRECHT, herroept="first")
    assert send(merging, back, secret=WEBHOOK_SECRET).status_code == 204
    assert facts_about(merging, registration).contact is None


def test_a_repeat_that_came_in_under_the_new_name_is_one_with_the_first(merging: TestPortal) -> None:
    registration = register(merging, UTRECHT)
    said = document("contact-gelegd", subject=registration, sender=UTRECHT, event_id="once")
    assert send(merging, said).status_code == 204
    pass_on(merging, registration, UTRECHT, AMSTERDAM)
    merging.clock.moment = MIDNIGHT
    # Amsterdam owns it already, so this is kept at once, before anything moved.
    assert send(merging, said, secret=WEBHOOK_SECRET).status_code == 204
    assert counts(merging)[0] == 3
    assert move(merging) == 1
    assert counts(merging)[0] == 2
    assert move(merging) == 0


def test_passing_on_to_a_former_municipality_reaches_its_successor(merging: TestPortal) -> None:
    registration = register(merging, GRONINGEN)
    before = register(merging, AMSTERDAM)
    pass_on(merging, before, AMSTERDAM, UTRECHT)
    merging.clock.moment = LATER
    assert move(merging) == 1
    assert record_of(merging, before).municipality_code == AMSTERDAM
    assert facts_about(merging, before).owner == AMSTERDAM
    with merging.database.writing() as connection:
        registrations.set_owner(connection, registration, UTRECHT)
    assert move(merging) == 1
    assert record_of(merging, registration).municipality_code == AMSTERDAM


def test_after_the_day_nobody_passes_on_to_oneself_under_an_old_code(merging: TestPortal) -> None:
    registration = register(merging, AMSTERDAM)
    merging.clock.moment = LATER
    assert tell(merging, registration, "doorgestuurd", AMSTERDAM, gemeentecode=UTRECHT) == 400


def test_what_a_former_municipality_passed_on_its_successor_may_take_back(merging: TestPortal) -> None:
    registration = register(merging, UTRECHT)
    pass_on(merging, registration, UTRECHT, GRONINGEN, event_id="on")
    merging.clock.moment = LATER
    assert move(merging) == 1
    record = record_of(merging, registration)
    assert (record.municipality_code, record.first_municipality_code) == (GRONINGEN, AMSTERDAM)
    back = document("herroepen", subject=registration, sender=UTRECHT, herroept="on")
    assert send(merging, back, secret=WEBHOOK_SECRET).status_code == 204
    assert record_of(merging, registration).municipality_code == AMSTERDAM


def test_what_did_not_arrive_goes_to_the_successor(merging: TestPortal) -> None:
    press_as(merging, {"municipality": {"municipality": UTRECHT}})
    press_as(merging, {"municipality": {"municipality": UTRECHT}})
    with merging.database.writing() as connection:
        # One has arrived, and Utrecht waits as a whole.
        [first, second] = outbox_entries.undelivered(connection)
        connection.execute(
            tables.outbox.update()
            .where(tables.outbox.c.id == first.id)
            .values(state=outbox_next.DELIVERED, next_at=None, delivered_at=MONDAY)
        )
        intake_waits.begin(connection, UTRECHT, next_at=LATER + timedelta(days=1), reason="x", now=MONDAY)
    merging.clock.moment = LATER
    assert move(merging) == 2
    with merging.database.reading() as connection:
        rows = connection.execute(select(tables.outbox.c.id, tables.outbox.c.municipality_code))
        lanes = {row.id: row.municipality_code for row in rows}
        assert intake_waits.all_waits(connection) == []
    assert lanes == {first.id: UTRECHT, second.id: AMSTERDAM}


@dataclass
class Remembers:
    """A channel that takes everything, and remembers for whom."""

    sent: list[str] = field(default_factory=list)

    def deliver(self, intake: Intake, dispatch: Dispatch) -> Answer:
        self.sent.append(intake.webhook_secrets[0])
        return Received(201, "A-1")

    def close(self) -> None:
        """There is nothing to close."""


def test_what_is_due_before_anything_moved_is_delivered_to_the_successor(merging: TestPortal) -> None:
    press_as(merging, {"municipality": {"municipality": UTRECHT}})
    merging.clock.moment = MIDNIGHT
    channel = Remembers()
    worker = Worker(merging.database, merging.keys, merging.directory, channels={"rest": channel}, clock=merging.clock)
    assert worker.run_once() == 1
    assert channel.sent == [WEBHOOK_SECRET]


def test_a_draft_of_the_old_year_is_pressed_for_the_successor(merging: TestPortal) -> None:
    merging.clock.moment = MIDNIGHT - timedelta(hours=1)
    walk = begin(merging).to_check({"municipality": {"municipality": UTRECHT}})
    merging.clock.moment = MIDNIGHT
    walk.get(walk.path)
    assert "Gemeente Amsterdam" in walk.text
    walk.press()
    assert "/s/" in walk.path and "Gemeente Amsterdam" in walk.text
    with merging.database.reading() as connection:
        [entry] = outbox_entries.undelivered(connection)
    assert entry.municipality_code == AMSTERDAM
    assert record_of(merging, entry.registration_id).municipality_code == AMSTERDAM


def test_the_page_of_a_registration_names_the_successor_from_the_first_minute(merging: TestPortal) -> None:
    walk = press_as(merging, {"municipality": {"municipality": UTRECHT}})
    assert "Gemeente Utrecht" in walk.text
    merging.clock.moment = MIDNIGHT
    assert "Gemeente Amsterdam" in walk.get(walk.path).text
    move(merging)
    assert "Gemeente Amsterdam" in walk.get(walk.path).text
