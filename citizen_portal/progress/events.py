"""Status events (contract/intake.md): what one says, and what about one cannot be true. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from citizen_portal.clock import amsterdam_day, months_after
from citizen_portal.progress.document import Mistake, moment

CLOCK_SKEW = timedelta(minutes=10)
"""So far ahead of ours may a municipality's clock run."""

LONGEST_PAUSE_MONTHS = 8
"""What the Kennisgeving asks for at most (domain.md 2)."""

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

_SOURCE_PREFIX = "urn:nld:gemeentecode:"
_CODE_DIGITS = slice(len(_SOURCE_PREFIX), len(_SOURCE_PREFIX) + 4)


class Status(StrEnum):
    """What an event says happened. REVOKES takes back an earlier event and is never a fact itself."""

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
    REVOKES = "herroepen"


class ContactChannel(StrEnum):
    """How contact was sought or made."""

    PHONE = "telefoon"
    EMAIL = "email"
    POST = "post"
    VISIT = "bezoek"


class AppointmentForm(StrEnum):
    """How the conversation is held."""

    PHONE = "telefoon"
    VISIT = "bezoek"
    OFFICE = "kantoor"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A planned conversation. `location` is the municipality's own text, on one line."""

    begins: datetime
    form: AppointmentForm
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event; a field that belongs to another status than `status` is None. Moments are aware, in UTC.

    `arrival` counts up in the order in which events were kept. `sequence` may have any number of digits, which `int`
    refuses beyond 4,300.
    """

    id: str
    source: str
    subject: UUID
    status: Status
    occurred_at: datetime
    arrival: int = 0
    sequence: Decimal | None = None
    intake_number: str | None = None
    channel: ContactChannel | None = None
    appointment: Appointment | None = None
    pause_until: date | None = None
    creditors: int | None = None
    forwarded_to: str | None = None
    revokes: str | None = None

    @property
    def municipality_code(self) -> str:
        """Who says it, as `GM0363`."""
        return f"GM{self.source[_CODE_DIGITS]}"

    @property
    def day(self) -> date:
        """The day in Amsterdam on which it happened."""
        return amsterdam_day(self.occurred_at)


_ALWAYS = ("status", "ingegaanOp")
_FIELDS: dict[Status, tuple[str, ...]] = {
    Status.CONTACT_ATTEMPT: ("kanaal",),
    Status.CONTACT_MADE: ("kanaal",),
    Status.APPOINTMENT: ("afspraak",),
    Status.KENNISGEVING_SENT: ("pauzeTot", "aantalSchuldeisers"),
    Status.FORWARDED: ("gemeentecode",),
    Status.REVOKES: ("herroept",),
}


def claimed_municipality(document: object) -> str | None:
    """The code (`GM0363`) in the `source` of what may be an event. It proves nothing: it selects secrets to try."""
    source = document.get("source") if isinstance(document, dict) else None
    if not isinstance(source, str) or not source.startswith(_SOURCE_PREFIX):
        return None
    digits, end = source[_CODE_DIGITS], source[_CODE_DIGITS.stop : _CODE_DIGITS.stop + 1]
    return f"GM{digits}" if digits.isascii() and digits.isdigit() and end in {"", ":"} else None


def parse(document: Mapping[str, Any], *, arrival: int = 0) -> Event:
    """The event in a document that the schema accepts. Fields that belong to another status are ignored."""
    status = Status(document["data"]["status"])
    data = _own_fields(status, document["data"])
    return Event(
        id=document["id"],
        source=document["source"],
        subject=UUID(document["subject"]),
        status=status,
        occurred_at=moment(data["ingegaanOp"]),
        arrival=arrival,
        sequence=_maybe(Decimal, document.get("sequence")),
        intake_number=_one_line(data.get("ontvangstnummer")),
        channel=_maybe(ContactChannel, data.get("kanaal")),
        appointment=_maybe(_appointment, data.get("afspraak")),
        pause_until=_maybe(date.fromisoformat, data.get("pauzeTot")),
        creditors=_maybe(int, data.get("aantalSchuldeisers")),
        forwarded_to=data.get("gemeentecode"),
        revokes=data.get("herroept"),
    )


def in_successors_name(document: Mapping[str, Any], successors: Mapping[str, str]) -> Mapping[str, Any]:
    """The same event, said by and about the municipalities that those in it are part of now.

    `successors`: the codes (`GM0457`) that are no municipality's any more, each with that of the one it became part of.
    The former code stays behind the new one in `source`, so that nobody else's ids are mixed up with its own.
    """
    source, data = document["source"], document["data"]
    if successor := successors.get(f"GM{source[_CODE_DIGITS]}"):
        source = f"{_SOURCE_PREFIX}{successor.removeprefix('GM')}:{source.removeprefix(_SOURCE_PREFIX)}"
    if receiver := successors.get(data.get("gemeentecode", "")):
        data = {**data, "gemeentecode": receiver}
    return {**document, "source": source, "data": data}


def to_text(document: Mapping[str, Any]) -> str:
    """What is stored of an event: only the fields that mean something for its status, as ASCII JSON."""
    kept = {name: document[name] for name in ("source", "id", "subject", "sequence") if name in document}
    data = document["data"]
    return json.dumps({**kept, "data": _own_fields(Status(data["status"]), data)}, separators=(",", ":"))


def from_text(text: str, *, arrival: int) -> Event:
    """The event that `to_text` wrote."""
    return parse(json.loads(text), arrival=arrival)


def cannot_be_true(event: Event, *, now: datetime, known_codes: Collection[str]) -> list[Mistake]:
    """Everything in `event` that cannot be true, whatever the registration. `known_codes` are all municipalities'."""
    mistakes = []
    if event.occurred_at > now + CLOCK_SKEW:
        mistakes.append(Mistake("/data/ingegaanOp", "future", "ligt in de toekomst"))
    elif event.pause_until is not None and event.pause_until < event.day:
        mistakes.append(Mistake("/data/pauzeTot", "before_start", "ligt voor de dag van ingegaanOp"))
    elif event.pause_until is not None and event.pause_until > longest_pause_from(event.day):
        mistakes.append(Mistake("/data/pauzeTot", "too_long", "ligt meer dan 8 maanden na ingegaanOp"))
    if event.forwarded_to is not None and event.forwarded_to not in known_codes:
        mistakes.append(Mistake("/data/gemeentecode", "unknown", "is geen gemeente van dit moment"))
    if event.forwarded_to == event.municipality_code:
        mistakes.append(Mistake("/data/gemeentecode", "self", "is de gemeente die doorstuurt"))
    if event.revokes == event.id:
        mistakes.append(Mistake("/data/herroept", "self", "is deze gebeurtenis zelf"))
    return mistakes


def before_the_press(event: Event, registered_at: datetime) -> list[Mistake]:
    """What cannot be true of a registration pressed at `registered_at`: that something happened on an earlier day."""
    if event.day < amsterdam_day(registered_at):
        return [Mistake("/data/ingegaanOp", "before_registration", "ligt voor de dag van de aanmelding")]
    return []


def longest_pause_from(day: date) -> date:
    """The last day of a pause of eight months: the same day number, else the last day of that month."""
    return months_after(day, LONGEST_PAUSE_MONTHS)


def _own_fields(status: Status, data: Mapping[str, Any]) -> dict[str, Any]:
    # A number of the municipality's own may come with every status; a revocation says nothing but what it revokes.
    number = () if status is Status.REVOKES else ("ontvangstnummer",)
    return {name: data[name] for name in (*_ALWAYS, *number, *_FIELDS.get(status, ())) if name in data}


def _maybe(convert: Callable[[_Given], _Made], value: _Given | None) -> _Made | None:
    return None if value is None else convert(value)


def _appointment(value: Mapping[str, Any]) -> Appointment:
    return Appointment(moment(value["begint"]), AppointmentForm(value["vorm"]), _one_line(value.get("locatie")))


def _one_line(text: str | None) -> str | None:
    """`text` without what cannot be shown or turns the line around: control, direction and private characters."""
    if text is None:
        return None
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable()).strip() or None
