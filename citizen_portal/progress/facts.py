"""What is true of a registration, from all events about it that were kept. Pure.

The order in which events are given and repeats among them change nothing: `arrival`, which each carries, is the only
order of coming in that counts (contract/intake.md, "What events mean").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from citizen_portal.clock import AMSTERDAM, amsterdam_day
from citizen_portal.progress.events import Appointment, ContactChannel, Event, Status, longest_pause_from
from citizen_portal.progress.revoking import last_forwarding, not_revoked

ENDINGS = frozenset({Status.MOVED_AWAY, Status.NO_CONTACT, Status.WITHDRAWN, Status.CLOSED})
"""With these the request for help has ended."""

CLOCK_MEETERS = frozenset({Status.CONTACT_MADE, Status.ADMITTED, Status.NOT_ADMITTED, Status.KENNISGEVING_SENT})
"""The first of these meets the legal clock; an attempt or an appointment never does."""

# From the day of one of these on nobody can say any more that a pause runs that began before it, or that day.
_PAUSE_STOPPERS = ENDINGS | {Status.NOT_ADMITTED}


class Headline(StrEnum):
    """The one word for how it stands: `data-status` of the status page."""

    SUBMITTED = "ingediend"
    RECEIVED = "ontvangen"
    CONTACT_ATTEMPT = "contactpoging"
    CONTACT_MADE = "contact-gelegd"
    APPOINTMENT = "gesprek-gepland"
    ADMITTED = "toegelaten"
    NOT_ADMITTED = "niet-toegelaten"
    KENNISGEVING_SENT = "kennisgeving-verstuurd"
    CREDITORS_UPDATED = "schuldeisers-bijgewerkt"
    FORWARDED = "doorgestuurd"
    MOVED_AWAY = "verhuisd"
    NO_CONTACT = "geen-contact"
    WITHDRAWN = "ingetrokken"
    CLOSED = "afgesloten"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When contact was sought or made (aware, UTC), and how, when that was told."""

    at: datetime
    channel: ContactChannel | None


@dataclass(frozen=True, slots=True)
class Contact:
    """The first and the last time that contact was made; the same one when there was one."""

    first: Occasion
    last: Occasion


@dataclass(frozen=True, slots=True)
class Admission:
    """The municipality's decision."""

    admitted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Kennisgeving:
    """The Kennisgeving as the municipality last reported it; None where it did not say."""

    sent_at: datetime
    pause_until: date | None
    creditors: int | None


@dataclass(frozen=True, slots=True)
class Forwarding:
    """The request went from one municipality to another (codes as `GM0363`)."""

    sender: str
    receiver: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """It has ended; `status` is one of ENDINGS. `asked`: by somebody with the link, the municipality did not say so."""

    status: Status
    at: datetime
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status page may say. Moments are aware, in UTC; None and empty mean "not reported", never "did not".

    `pause_runs`: a pause may be running on the day that was asked for. `owner`: who may speak now. `received`: a
    municipality has it, by its intake's answer or by anything that it reported.
    """

    headline: Headline
    headline_at: datetime
    received: bool
    owner: str
    intake_number: str | None
    contact: Contact | None
    attempts: tuple[Occasion, ...]
    appointment: Appointment | None
    admission: Admission | None
    kennisgeving: Kennisgeving | None
    pause_runs: bool
    creditors_updated_at: datetime | None
    forwarded: tuple[Forwarding, ...]
    clock_met_at: datetime | None
    ended: Ending | None


def facts(
    events: Iterable[Event],
    *,
    first_municipality: str,
    registered_at: datetime,
    received_at: datetime | None,
    today: date,
    withdrawn_at: datetime | None = None,
) -> Facts:
    """All that is true on `today` (a day in Amsterdam) by `events`, in any order, repeats allowed.

    `first_municipality` got the registration at the press; `received_at` is when its intake confirmed that.
    `withdrawn_at`: when somebody with the link asked to stop; what the municipality reports of a later moment counts.
    """
    told = _Told(events, first_municipality)
    headline = told.newest(told.current)
    ended = told.ended()
    if withdrawn_at is not None and (headline is None or headline.occurred_at <= withdrawn_at) and ended is None:
        ended = Ending(Status.WITHDRAWN, withdrawn_at, asked=True)
    if ended is not None and ended.asked:
        word, since = Headline.WITHDRAWN, ended.at
    elif headline is not None:
        word, since = Headline(headline.status.value), headline.occurred_at
    elif received_at is not None:
        word, since = Headline.RECEIVED, received_at
    else:
        word, since = Headline.SUBMITTED, registered_at
    attempts = told.with_status(Status.CONTACT_ATTEMPT)
    meeters = [event.occurred_at for event in told.events if event.status in CLOCK_MEETERS]
    updates = [event.occurred_at for event in told.with_status(Status.CREDITORS_UPDATED)]
    kennisgeving = told.kennisgeving()
    return Facts(
        headline=word,
        headline_at=since,
        received=received_at is not None or headline is not None,
        owner=told.owner,
        intake_number=told.intake_number(),
        contact=told.contact(),
        attempts=tuple(Occasion(event.occurred_at, event.channel) for event in attempts),
        appointment=told.appointment(),
        admission=told.admission(),
        kennisgeving=kennisgeving,
        pause_runs=kennisgeving is not None
        and told.pause_may_run(kennisgeving, today)
        and not (ended is not None and ended.asked),
        creditors_updated_at=max(updates, default=None),
        forwarded=told.forwarded(),
        clock_met_at=min(meeters, default=None),
        ended=ended,
    )


def ends_at(facts: Facts) -> datetime | None:
    """When the registration ends by these facts (aware), which may be ahead: by an event, else with the pause.

    A withdrawal that only somebody with the link asked for ends nothing: the municipality verifies it first.
    """
    if facts.ended is not None and not facts.ended.asked:
        return facts.ended.at
    if facts.admission is not None and not facts.admission.admitted:
        return facts.admission.at
    if facts.kennisgeving is None:
        return None
    last = facts.kennisgeving.pause_until or longest_pause_from(amsterdam_day(facts.kennisgeving.sent_at))
    return datetime.combine(last + timedelta(days=1), time(), AMSTERDAM)


class _Told:
    """The events that count, oldest first, and who said them."""

    def __init__(self, events: Iterable[Event], first_municipality: str) -> None:
        self.events: Sequence[Event] = sorted(not_revoked(events), key=_age)
        forwarding = last_forwarding(self.events)
        self.owner = forwarding.forwarded_to or first_municipality if forwarding else first_municipality
        since = forwarding.arrival if forwarding else -1
        by_owner = [event for event in self.events if event.municipality_code == self.owner and event.arrival > since]
        # What the municipality says that has it now goes before what one said that passed it on.
        self.current: Sequence[Event] = by_owner or self.events

    def with_status(self, *statuses: Status) -> list[Event]:
        return [event for event in self.events if event.status in statuses]

    @staticmethod
    def newest(events: Iterable[Event]) -> Event | None:
        """By `sequence` among those that have one, by moment among the rest; of the two, the later moment."""
        candidates = list(events)
        numbered = [(event.sequence, _age(event), event) for event in candidates if event.sequence is not None]
        highest = max(numbered, key=lambda one: one[:2])[2] if numbered else None
        latest = max((event for event in candidates if event.sequence is None), key=_age, default=None)
        return max((event for event in (highest, latest) if event is not None), key=_age, default=None)

    def _newest_with(self, *statuses: Status) -> Event | None:
        current = [event for event in self.current if event.status in statuses]
        return self.newest(current or self.with_status(*statuses))

    def intake_number(self) -> str | None:
        """The number that the municipality gave it that has it now; another's would only lead astray."""
        mine = (event for event in self.events if event.municipality_code == self.owner and event.intake_number)
        found = self.newest(mine)
        return found.intake_number if found else None

    def contact(self) -> Contact | None:
        made = [Occasion(event.occurred_at, event.channel) for event in self.with_status(Status.CONTACT_MADE)]
        return Contact(made[0], made[-1]) if made else None

    def appointment(self) -> Appointment | None:
        """The last one with the municipality that has it now: one with a former owner no longer stands."""
        mine = (event for event in self.current if event.municipality_code == self.owner)
        found = self.newest(event for event in mine if event.status is Status.APPOINTMENT)
        return found.appointment if found else None

    def admission(self) -> Admission | None:
        found = self._newest_with(Status.ADMITTED, Status.NOT_ADMITTED)
        return Admission(found.status is Status.ADMITTED, found.occurred_at) if found else None

    def kennisgeving(self) -> Kennisgeving | None:
        found = self._newest_with(Status.KENNISGEVING_SENT)
        return Kennisgeving(found.occurred_at, found.pause_until, found.creditors) if found else None

    def pause_may_run(self, kennisgeving: Kennisgeving, today: date) -> bool:
        """False after its last day (eight months when none was given), and once something stopped it.

        Compared by days, and in doubt it does not run: a page may never say that a pause runs that has ended.
        """
        sent = amsterdam_day(kennisgeving.sent_at)
        stopped = any(event.day >= sent for event in self.with_status(*_PAUSE_STOPPERS))
        return today <= (kennisgeving.pause_until or longest_pause_from(sent)) and not stopped

    def forwarded(self) -> tuple[Forwarding, ...]:
        steps = sorted(self.with_status(Status.FORWARDED), key=lambda event: event.arrival)
        return tuple(
            Forwarding(event.municipality_code, event.forwarded_to, event.occurred_at)
            for event in steps
            if event.forwarded_to is not None
        )

    def ended(self) -> Ending | None:
        """An ending that is the newest word. Telling creditors how it went does not open it again."""
        found = self.newest(event for event in self.current if event.status is not Status.CREDITORS_UPDATED)
        return Ending(found.status, found.occurred_at) if found and found.status in ENDINGS else None


def _age(event: Event) -> tuple[datetime, int]:
    return event.occurred_at, event.arrival
