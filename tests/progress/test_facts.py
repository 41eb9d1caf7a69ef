"""What events mean (contract/intake.md), in worked scenarios and for every order of telling them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from citizen_portal.progress.events import Appointment, AppointmentForm, ContactChannel, Event, Status
from citizen_portal.progress.facts import Headline, Occasion
from tests.progress.telling import (
    AMSTERDAM,
    PRESSED,
    THE_HAGUE,
    UTRECHT,
    at,
    event,
    forward,
    meet,
    revoke,
    told,
)

ATTEMPT = Status.CONTACT_ATTEMPT
CONTACT = Status.CONTACT_MADE
ADMITTED = Status.ADMITTED
NOT_ADMITTED = Status.NOT_ADMITTED
SENT = Status.KENNISGEVING_SENT
UPDATED = Status.CREDITORS_UPDATED
FORWARDED = Status.FORWARDED
CLOSED = Status.CLOSED
RECEIVED = Status.RECEIVED


class TestHeadline:
    def test_without_events_is_the_press_and_then_the_receipt(self) -> None:
        assert (told().headline, told().headline_at) == (Headline.SUBMITTED, PRESSED)
        received = told(received_at=at(1))
        assert (received.headline, received.headline_at) == (Headline.RECEIVED, at(1))

    @pytest.mark.parametrize("status", [status for status in Status if status is not Status.REVOKES])
    def test_is_the_event_and_the_receipt_ranks_below_it(self, status: Status) -> None:
        facts = told(event(status, 1), received_at=at(9))
        assert (facts.headline.value, facts.headline_at) == (status.value, at(1))

    @pytest.mark.parametrize(
        ("events", "expected"),
        [
            pytest.param([event(CONTACT, 1), event(ADMITTED, 2)], ADMITTED, id="later moment"),
            pytest.param([event(ADMITTED, 2), event(CONTACT, 1)], ADMITTED, id="an older one changes nothing"),
            pytest.param([event(CONTACT, 1), event(ADMITTED, 1)], ADMITTED, id="same moment: later arrival"),
            pytest.param([event(CONTACT, 1, seq=2), event(ADMITTED, 5, seq=1)], CONTACT, id="sequence before moment"),
            pytest.param([event(CONTACT, 1, seq=10), event(ADMITTED, 2, seq=9)], CONTACT, id="numbers, not letters"),
            pytest.param([event(CONTACT, 1, seq=3), event(ADMITTED, 2, seq=3)], ADMITTED, id="same sequence: moment"),
            pytest.param([event(CONTACT, 1, seq=9), event(ADMITTED, 2)], ADMITTED, id="with and without: moment"),
            pytest.param([event(ADMITTED, 2), event(CONTACT, 1, seq=9)], ADMITTED, id="whichever comes first"),
            pytest.param([event(CONTACT, 2, seq=9), event(ADMITTED, 2)], ADMITTED, id="same moment: arrival"),
            pytest.param([event(CONTACT, 3), revoke("x", 4)], CONTACT, id="a revocation is never one"),
            pytest.param(
                [event(CONTACT, 9), forward(UTRECHT, 10), event(ATTEMPT, 1, by=UTRECHT)], ATTEMPT, id="owner first"
            ),
            pytest.param([event(CONTACT, 9), forward(UTRECHT, 10)], FORWARDED, id="owner silent"),
            pytest.param(
                [event(CONTACT, 1, seq=50), forward(UTRECHT, 2), event(ATTEMPT, 3, by=UTRECHT, seq=1)],
                ATTEMPT,
                id="a former owner's sequence does not count",
            ),
        ],
    )
    def test_order(self, events: list[Event], expected: Status) -> None:
        assert told(*events).headline.value == expected.value

    def test_of_two_with_one_id_the_first_to_come_in_counts(self) -> None:
        assert told(event(CONTACT, 1, name="same"), event(CLOSED, 5, name="same")).headline is Headline.CONTACT_MADE

    def test_falls_back_when_all_is_revoked(self) -> None:
        facts = told(event(CONTACT, 1, name="oops"), revoke("oops"), received_at=at(0))
        assert facts.headline is Headline.RECEIVED


class TestRevoking:
    def test_takes_the_fact_back(self) -> None:
        facts = told(event(CONTACT, 1, name="oops"), revoke("oops", 2))
        assert (facts.contact, facts.clock_met_at, facts.headline) == (None, None, Headline.SUBMITTED)

    def test_leaves_the_same_fact_told_by_another_event(self) -> None:
        facts = told(event(CONTACT, 1, name="oops"), event(CONTACT, 3), revoke("oops", 4))
        assert facts.contact is not None
        assert (facts.contact.first.at, facts.clock_met_at) == (at(3), at(3))

    def test_works_before_the_event_comes(self) -> None:
        assert told(revoke("oops"), event(CONTACT, 1, name="oops")).contact is None

    def test_may_itself_be_revoked(self) -> None:
        first, second = revoke("oops", called="r1"), revoke("r1", called="r2")
        assert told(event(CONTACT, 1, name="oops"), first, second).contact is not None
        assert told(second, first, event(CONTACT, 1, name="oops")).contact is not None
        third = revoke("r2", called="r3")
        assert told(event(CONTACT, 1, name="oops"), first, second, third).contact is None

    def test_of_two_that_revoke_the_same_one_is_enough(self) -> None:
        events = (event(CONTACT, 1, name="oops"), revoke("oops", called="r1"), revoke("oops", called="r2"))
        assert told(*events, revoke("r1", called="r3")).contact is None

    def test_reaches_its_own_municipality_and_source_only(self) -> None:
        elsewhere = replace(event(CONTACT, 1, name="oops"), source="urn:nld:gemeentecode:0363:systeem:other")
        assert told(elsewhere, revoke("oops")).contact is not None
        assert told(event(CONTACT, 1, name="oops"), revoke("oops", by=UTRECHT)).contact is not None

    @pytest.mark.parametrize("length", [1, 2, 3, 4])
    def test_in_a_circle_does_nothing(self, length: int) -> None:
        circle = [revoke(f"r{(number + 1) % length}", called=f"r{number}") for number in range(length)]
        facts = told(event(CONTACT, 1, name="kept"), *circle)
        assert facts.contact is not None
        assert facts.headline is Headline.CONTACT_MADE

    def test_of_one_in_a_circle_does_nothing_to_others(self) -> None:
        circle = [revoke("r2", called="r1"), revoke("r1", called="r2"), revoke("r1", called="r3")]
        assert told(*circle, event(CONTACT, 1)).headline is Headline.CONTACT_MADE

    def test_what_it_says_besides_counts_for_nothing(self) -> None:
        other = replace(revoke("nothing", 9), intake_number="Z-1", channel=ContactChannel.PHONE)
        assert told(other) == told()


class TestContact:
    def test_keeps_the_first_and_the_last(self) -> None:
        facts = told(event(CONTACT, 5, channel=ContactChannel.EMAIL), event(CONTACT, 2), event(CONTACT, 3))
        assert facts.contact is not None
        assert facts.contact.first == Occasion(at(2), None)
        assert facts.contact.last == Occasion(at(5), ContactChannel.EMAIL)

    def test_attempts_are_told_in_order_and_are_no_contact(self) -> None:
        facts = told(event(ATTEMPT, 2, channel=ContactChannel.PHONE), event(ATTEMPT, 1))
        assert facts.attempts == (Occasion(at(1), None), Occasion(at(2), ContactChannel.PHONE))
        assert (facts.contact, facts.clock_met_at) == (None, None)

    def test_stays_true_after_passing_on(self) -> None:
        facts = told(event(CONTACT, 1), forward(UTRECHT, 2), event(RECEIVED, 3, by=UTRECHT))
        assert facts.contact is not None


class TestClock:
    @pytest.mark.parametrize(
        ("status", "meets"),
        [(CONTACT, True), (ADMITTED, True), (NOT_ADMITTED, True), (SENT, True)]
        + [
            (status, False)
            for status in Status
            if status not in {CONTACT, ADMITTED, NOT_ADMITTED, SENT, Status.REVOKES}
        ],
    )
    def test_is_met_by_four_statuses(self, status: Status, meets: bool) -> None:
        assert told(event(status, 3)).clock_met_at == (at(3) if meets else None)

    def test_is_met_by_the_first_of_them(self) -> None:
        assert told(event(SENT, 9), event(ADMITTED, 4), event(CONTACT, 6)).clock_met_at == at(4)


class TestAppointment:
    def test_is_the_latest_one(self) -> None:
        facts = told(meet(5, "first"), replace(meet(9, "second"), occurred_at=at(1)))
        assert facts.appointment == Appointment(at(9), AppointmentForm.OFFICE, "Balie 3")

    def test_falls_back_to_the_one_before_when_revoked(self) -> None:
        first, second = meet(5, "first"), replace(meet(9, "second"), occurred_at=at(1))
        facts = told(first, second, revoke("second"))
        assert facts.appointment is not None
        assert facts.appointment.begins == at(5)
        assert told(first, revoke("first")).appointment is None

    def test_with_a_former_owner_no_longer_stands(self) -> None:
        assert told(meet(5), forward(UTRECHT, 1)).appointment is None
        facts = told(meet(5), forward(UTRECHT, 1), meet(8, by=UTRECHT))
        assert facts.appointment is not None
        assert facts.appointment.begins == at(8)


class TestDecision:
    @pytest.mark.parametrize(
        ("events", "admitted"),
        [
            ([event(ADMITTED, 1)], True),
            ([event(NOT_ADMITTED, 1)], False),
            ([event(NOT_ADMITTED, 1), event(ADMITTED, 5)], True),
            ([event(NOT_ADMITTED, 5), event(ADMITTED, 1)], False),
            ([event(NOT_ADMITTED, 9), forward(UTRECHT, 10), event(ADMITTED, 1, by=UTRECHT)], True),
        ],
    )
    def test_is_the_newest(self, events: list[Event], admitted: bool) -> None:
        facts = told(*events)
        assert facts.admission is not None
        assert facts.admission.admitted is admitted

    def test_is_not_known_before_it_is_told(self) -> None:
        assert told(event(CONTACT)).admission is None


class TestPassingOn:
    def test_moves_the_ownership_and_is_told(self) -> None:
        facts = told(forward(UTRECHT, 2))
        assert facts.owner == UTRECHT
        assert [(step.sender, step.receiver, step.at) for step in facts.forwarded] == [(AMSTERDAM, UTRECHT, at(2))]

    def test_goes_from_one_to_the_next(self) -> None:
        facts = told(forward(UTRECHT, 2), forward(THE_HAGUE, 1, by=UTRECHT))
        assert (facts.owner, len(facts.forwarded)) == (THE_HAGUE, 2)

    def test_may_come_back(self) -> None:
        facts = told(event(CONTACT, 9), forward(UTRECHT, 2), forward(AMSTERDAM, 3, by=UTRECHT), event(ADMITTED, 4))
        assert (facts.owner, facts.headline) == (AMSTERDAM, Headline.ADMITTED)

    def test_is_undone_by_its_revocation(self) -> None:
        facts = told(forward(UTRECHT, 2), revoke("away"))
        assert (facts.owner, facts.forwarded, facts.headline) == (AMSTERDAM, (), Headline.SUBMITTED)
        facts = told(forward(UTRECHT, 2), forward(THE_HAGUE, 3, by=UTRECHT, name="b"), revoke("b", by=UTRECHT))
        assert facts.owner == UTRECHT


class TestIntakeNumber:
    def test_is_the_newest_that_was_told(self) -> None:
        assert (
            told(event(CONTACT, 2, intake_number="Z-2"), event(RECEIVED, 1, intake_number="Z-1")).intake_number == "Z-2"
        )
        assert told(event(RECEIVED, 1, intake_number="Z-1"), event(CONTACT, 2)).intake_number == "Z-1"

    def test_of_a_former_owner_would_lead_astray(self) -> None:
        facts = told(event(RECEIVED, 1, intake_number="Z-1"), forward(UTRECHT, 2))
        assert facts.intake_number is None
        ours = event(RECEIVED, 3, by=UTRECHT, intake_number="U-1")
        assert told(event(RECEIVED, 9, intake_number="Z-1"), forward(UTRECHT, 2), ours).intake_number == "U-1"


def test_creditors_were_told_on_the_last_of_the_days_reported() -> None:
    assert told(event(UPDATED, 5), event(UPDATED, 3)).creditors_updated_at == at(5)
    assert told(event(SENT, 5)).creditors_updated_at is None
