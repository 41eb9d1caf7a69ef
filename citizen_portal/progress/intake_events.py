"""Events between the API and the database: keep what a municipality may tell, park what it may not tell (yet)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

import structlog

from citizen_portal.clock import amsterdam_day
from citizen_portal.progress.document import Mistake
from citizen_portal.progress.events import Event, Status, before_the_press, from_text, parse, to_text
from citizen_portal.progress.facts import Facts, ends_at, facts
from citizen_portal.progress.revoking import may_take_back, owner
from citizen_portal.registration.retention import forget_at
from citizen_portal.storage import events, registrations
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.events import EventKey
from citizen_portal.storage.registrations import RegistrationRecord

PARKED_FOR = timedelta(hours=24)
"""So long an event waits for the registration, or for its municipality to own it."""

MOST_PARKED = 1000
"""So many events of one municipality wait at most; beyond that they are dropped with a log line."""

log = structlog.get_logger()


class Outcome(Enum):
    """What became of an event."""

    KEPT = "kept"
    PARKED = "parked"


class CannotBeTrue(Exception):
    """The registration shows that the event cannot be true; nothing was kept."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("the event cannot be true")
        self.mistakes = mistakes


class Announce(Protocol):
    """Puts a message to the resident into the same transaction, if one was chosen."""

    def __call__(self, connection: Connection, registration_id: UUID, status: str, *, now: datetime) -> None:
        """There is news: how it stands now, in one word."""


def receive(
    database: Database, document: Mapping[str, Any], *, now: datetime, announce: Announce | None = None
) -> Outcome:
    """Keep or park a proven and plausible event, in one transaction together with the move of ownership that it makes.

    A repeat (municipality, source, id) is answered like the first and changes nothing, whatever its body. Parked also
    means: dropped, because too many wait already. Raises CannotBeTrue, for a municipality's own registration only.
    """
    event, body = parse(document), to_text(document)
    with database.writing() as connection:
        outcome = _settle(connection, event, body, now)
        if outcome is Outcome.KEPT and announce is not None:
            _announce(connection, event.subject, announce, now)
    if isinstance(outcome, Outcome):
        log.info(f"event.{outcome.value}", municipality=event.municipality_code, status=event.status.value)
        return outcome
    raise CannotBeTrue(outcome)


def facts_of(connection: Connection, registration: RegistrationRecord, today: date) -> Facts:
    """What is true of `registration` on `today` (a day in Amsterdam), by the events that were kept."""
    return facts(
        _told(connection, registration),
        first_municipality=registration.first_municipality_code,
        registered_at=registration.registered_at,
        received_at=registration.received_at,
        today=today,
        withdrawn_at=registration.withdrawn_at,
    )


def _announce(connection: Connection, registration_id: UUID, announce: Announce, now: datetime) -> None:
    registration = registrations.get(connection, registration_id)
    if registration is not None:
        known = facts_of(connection, registration, today=amsterdam_day(now))
        announce(connection, registration_id, known.headline.value, now=now)


def drop_old_parked(database: Database, now: datetime) -> int:
    """Drop the events that waited for 24 hours, with a log line for each municipality; how many went."""
    with database.writing() as connection:
        dropped = events.drop_parked(connection, until=now - PARKED_FOR)
    _log_dropped(dropped)
    return dropped.total()


def take_up_parked(connection: Connection, registration: RegistrationRecord, now: datetime) -> RegistrationRecord:
    """Keep what waited for its municipality to own this registration; each may hand it on to the next.

    The caller holds `events.lock_registration`. The registration as it is then.
    """
    while True:
        code = registration.municipality_code
        body = events.take_parked(connection, registration.id, code, after=now - PARKED_FOR)
        if body is None:
            return registration
        event = from_text(body, arrival=0)
        if before_the_press(event, registration.registered_at):
            log.warning("event.dropped", municipality=code, reason="before the press", count=1)
        else:
            registration = _keep(connection, registration, event, body, now)


def _key(event: Event) -> EventKey:
    return EventKey(event.municipality_code, event.source, event.id)


def _told(connection: Connection, registration: RegistrationRecord) -> list[Event]:
    return [from_text(kept.body, arrival=kept.arrival) for kept in events.of_registration(connection, registration.id)]


def _settle(connection: Connection, event: Event, body: str, now: datetime) -> Outcome | list[Mistake]:
    events.lock_registration(connection, event.subject)
    registration = registrations.get(connection, event.subject)
    if registration is not None and registration.municipality_code == event.municipality_code:
        # What waited comes first, as it came in first: this may be a repeat of it.
        registration = take_up_parked(connection, registration, now)
    if events.is_kept(connection, _key(event)):
        return Outcome.KEPT
    if events.is_parked(connection, _key(event), after=now - PARKED_FOR):
        return Outcome.PARKED
    if registration is None or not _may_tell(connection, registration, event):
        _park(connection, event, body, now)
        return Outcome.PARKED
    if mistakes := before_the_press(event, registration.registered_at):
        return mistakes
    moved = _keep(connection, registration, event, body, now)
    if moved.municipality_code != registration.municipality_code:
        take_up_parked(connection, moved, now)
    return Outcome.KEPT


def _may_tell(connection: Connection, registration: RegistrationRecord, event: Event) -> bool:
    if event.municipality_code == registration.municipality_code:
        return True
    return event.status is Status.REVOKES and may_take_back(event, _told(connection, registration))


def _keep(
    connection: Connection, registration: RegistrationRecord, event: Event, body: str, now: datetime
) -> RegistrationRecord:
    """Keep the event; the registration as it is then: it may have gone to another municipality, or have ended."""
    events.add(connection, registration.id, _key(event), body, now=now)
    if event.status in {Status.FORWARDED, Status.REVOKES}:
        code = owner(_told(connection, registration), registration.first_municipality_code)
        registrations.set_owner(connection, registration.id, code)
        registration = replace(registration, municipality_code=code)
    known = facts_of(connection, registration, today=amsterdam_day(now))
    refused = known.admission.at if known.admission and not known.admission.admitted else None
    ends = ends_at(known)
    forget = forget_at(registration.registered_at, ends, refused)
    if (ends, forget) != (registration.ends_at, registration.forget_at):
        registrations.change(connection, registration.id, ends_at=ends, forget_at=forget)
    return replace(registration, ends_at=ends, forget_at=forget)


def _park(connection: Connection, event: Event, body: str, now: datetime) -> None:
    code = event.municipality_code
    _log_dropped(events.drop_parked(connection, until=now - PARKED_FOR, municipality_code=code))
    if events.parked_count(connection, code) >= MOST_PARKED:
        log.warning("event.dropped", municipality=code, reason="too many wait", count=1)
        return
    events.park(connection, event.subject, _key(event), body, now=now)


def _log_dropped(dropped: Counter[str]) -> None:
    for code, count in dropped.items():
        log.warning("event.dropped", municipality=code, reason="waited too long", count=count)
