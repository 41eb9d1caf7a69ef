"""From facts to one page: the truth about now, and the stations. Pure; the words are in templates/status/.

The portal never turns silence into "there was no contact": what was not reported is told as not reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from citizen_portal.clock import amsterdam_day
from citizen_portal.progress.facts import Facts

_SOON = timedelta(weeks=4)
_DAYS_A_WEEK = 7
_LATE = timedelta(hours=24)
_LATE_WHEN_URGENT = timedelta(hours=4)


class State(StrEnum):
    """How a station looks: icon, word and colour follow from it."""

    DONE = "done"
    WAITING = "waiting"
    OVERDUE = "overdue"
    LATER = "later"


class Truth(StrEnum):
    """The one sentence about now that comes before everything else."""

    NOTHING_PAUSED = "nothing-paused"
    OVERDUE = "overdue"
    NOT_DELIVERED = "not-delivered"
    ASKED_FOR_PAUSE = "asked-for-pause"
    PAUSE_OVER = "pause-over"
    ENDED = "ended"


class Wait(StrEnum):
    """What the resident waits for while nothing is paused."""

    CONVERSATION = "conversation"
    APPOINTMENT = "appointment"
    KENNISGEVING = "kennisgeving"
    DECISION = "decision"
    NOT_REPORTED = "not-reported"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known of a registration without any event. Moments are aware; `conversation_due` is a Dutch day."""

    reference: str
    registered_at: datetime
    conversation_due: date
    urgent: bool
    received_at: datetime | None
    told_urgent_at: datetime | None = None
    called_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the status page shows. The legal term is that of Wgs art. 4.

    `term_passed`: its day is over, nobody reported that it was met, and the resident did not note that somebody called;
    `overdue`: and the municipality could have. `pause_days_left`: until the last day that was asked for.
    """

    registered: Registered
    facts: Facts
    today: date
    truth: Truth
    waits_for: Wait
    received: State
    contact: State
    kennisgeving: State
    overdue: bool
    term_passed: bool
    appointment_too_late: bool
    appointment_past: bool
    pause_days_left: int | None = None

    @property
    def pause_ends_soon(self) -> bool:
        """Whether it is time to see to what comes after the pause: four weeks before its end."""
        return self.pause_days_left is not None and self.pause_days_left <= _SOON.days

    @property
    def weeks_left(self) -> int:
        """Whole weeks until the last day of the pause."""
        return (self.pause_days_left or 0) // _DAYS_A_WEEK

    @property
    def truth_state(self) -> State:
        """The look of the truth box."""
        return {
            Truth.NOTHING_PAUSED: State.WAITING,
            Truth.OVERDUE: State.OVERDUE,
            Truth.NOT_DELIVERED: State.OVERDUE,
            Truth.ASKED_FOR_PAUSE: State.DONE,
            Truth.PAUSE_OVER: State.LATER,
            Truth.ENDED: State.LATER,
        }[self.truth]

    @property
    def is_received(self) -> bool:
        """Whether the municipality has it, by its intake's answer or by anything that it reported."""
        return self.facts.received


def timeline(registered: Registered, facts: Facts, *, now: datetime, reports_back: bool) -> Timeline:
    """How it stands at `now` (aware). `reports_back`: the owning municipality can report what happens."""
    today = amsterdam_day(now)
    has_it = facts.received
    met = facts.clock_met_at is not None
    called = registered.called_at is not None
    passed = today > registered.conversation_due and not met and not called and facts.ended is None
    overdue = passed and reports_back
    undelivered = not has_it and now - registered.registered_at > (_LATE_WHEN_URGENT if registered.urgent else _LATE)
    return Timeline(
        registered=registered,
        facts=facts,
        today=today,
        truth=_truth(facts, overdue=overdue, undelivered=undelivered),
        waits_for=_waits_for(facts, reports_back=reports_back, called=called, today=today),
        received=State.DONE if has_it else (State.OVERDUE if undelivered else State.WAITING),
        contact=_contact(facts, has_it=has_it, overdue=overdue),
        kennisgeving=_kennisgeving(facts),
        overdue=overdue,
        term_passed=passed,
        appointment_too_late=bool(
            facts.appointment and not met and amsterdam_day(facts.appointment.begins) > registered.conversation_due
        ),
        appointment_past=bool(facts.appointment and amsterdam_day(facts.appointment.begins) < today),
        pause_days_left=_days_left(facts, today),
    )


def _days_left(facts: Facts, today: date) -> int | None:
    """Of a pause that may be running and whose last day the municipality named."""
    if not facts.pause_runs or facts.kennisgeving is None or facts.kennisgeving.pause_until is None:
        return None
    return (facts.kennisgeving.pause_until - today).days


def _truth(facts: Facts, *, overdue: bool, undelivered: bool) -> Truth:
    if facts.pause_runs:
        return Truth.ASKED_FOR_PAUSE
    if facts.ended is not None:
        return Truth.ENDED
    if facts.kennisgeving is not None:
        return Truth.PAUSE_OVER
    if undelivered:
        return Truth.NOT_DELIVERED
    return Truth.OVERDUE if overdue else Truth.NOTHING_PAUSED


def _waits_for(facts: Facts, *, reports_back: bool, called: bool, today: date) -> Wait:
    if facts.admission is not None and not facts.admission.admitted:
        return Wait.DECISION
    if facts.clock_met_at is not None:
        return Wait.KENNISGEVING
    if facts.appointment is not None and amsterdam_day(facts.appointment.begins) >= today:
        return Wait.APPOINTMENT
    if called:
        return Wait.CALLED
    return Wait.CONVERSATION if reports_back else Wait.NOT_REPORTED


def _contact(facts: Facts, *, has_it: bool, overdue: bool) -> State:
    if facts.contact is not None:
        return State.DONE
    if overdue:
        return State.OVERDUE
    # The municipality went on without naming a day of contact: nothing to wait for, nothing to claim.
    if facts.clock_met_at is not None or facts.ended is not None:
        return State.LATER
    return State.WAITING if has_it else State.LATER


def _kennisgeving(facts: Facts) -> State:
    if facts.kennisgeving is not None:
        return State.DONE
    refused = facts.admission is not None and not facts.admission.admitted
    waits = facts.clock_met_at is not None and facts.ended is None and not refused
    return State.WAITING if waits else State.LATER
