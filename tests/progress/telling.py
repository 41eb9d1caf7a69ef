"""Events as facts are computed from them: short to write, with the order of coming in filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from citizen_portal.progress.events import Appointment, AppointmentForm, Event, Status
from citizen_portal.progress.facts import Facts, facts

SUBJECT = UUID(int=1)
PRESSED = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
AMSTERDAM, UTRECHT, THE_HAGUE = "GM0363", "GM0344", "GM0518"


def at(day: int, hour: int = 12) -> datetime:
    """Noon (or another hour, UTC) so many days after the press."""
    return datetime(2026, 11, 23, hour, tzinfo=UTC) + timedelta(days=day)


def event(
    status: Status,
    day: int = 0,
    *,
    by: str = AMSTERDAM,
    name: str = "",
    hour: int = 12,
    seq: int | None = None,
    **more: Any,
) -> Event:
    """An event that happened `day` days after the press; `name` is its id."""
    return Event(
        id=name or f"{status}-{day}-{hour}-{seq}",
        source=f"urn:nld:gemeentecode:{by[2:]}:systeem:intake",
        subject=SUBJECT,
        status=status,
        occurred_at=at(day, hour),
        sequence=None if seq is None else Decimal(seq),
        **more,
    )


def arrived(events: Iterable[Event]) -> list[Event]:
    """The events as they came in, one after the other."""
    return [replace(one, arrival=number) for number, one in enumerate(events, start=1)]


def told(
    *events: Event, today: date = date(2026, 12, 24), received_at: datetime | None = None, keep_arrival: bool = False
) -> Facts:
    """What is true on `today` after these events came in, in this order."""
    return facts(
        events if keep_arrival else arrived(events),
        first_municipality=AMSTERDAM,
        registered_at=PRESSED,
        received_at=received_at,
        today=today,
    )


def revoke(name: str, day: int = 0, *, by: str = AMSTERDAM, called: str = "revocation") -> Event:
    """A revocation of the event with id `name`."""
    return event(Status.REVOKES, day, by=by, name=called, revokes=name)


def forward(to: str, day: int = 0, *, by: str = AMSTERDAM, name: str = "away") -> Event:
    """`by` passes the registration on to `to`."""
    return event(Status.FORWARDED, day, by=by, name=name, forwarded_to=to)


def meet(day: int, name: str = "meet", by: str = AMSTERDAM) -> Event:
    begins = at(day)
    return event(
        Status.APPOINTMENT, 0, by=by, name=name, appointment=Appointment(begins, AppointmentForm.OFFICE, "Balie 3")
    )


def any_events(statuses: st.SearchStrategy[Status], by: st.SearchStrategy[str]) -> st.SearchStrategy[list[Event]]:
    """Up to ten events by these municipalities, some with the same id, in the order in which they were told."""

    def make(*, status: Status, day: int, by: str, seq: int | None, name: int, target: int) -> Event:
        return event(
            status,
            day,
            by=by,
            seq=seq,
            name=str(name),
            revokes=str(target) if status is Status.REVOKES else None,
            forwarded_to=None if status is not Status.FORWARDED else AMSTERDAM if by == UTRECHT else UTRECHT,
            intake_number=f"Z-{name}",
            pause_until=date(2027, 1, 1 + day) if status is Status.KENNISGEVING_SENT else None,
            appointment=Appointment(at(day), AppointmentForm.VIDEO) if status is Status.APPOINTMENT else None,
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


ANY_EVENTS = any_events(st.sampled_from(Status), st.sampled_from([AMSTERDAM, UTRECHT]))
