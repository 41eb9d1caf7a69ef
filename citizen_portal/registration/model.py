"""A registration as the press makes it: typed, in English, without a trace of pages or of messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID


class UrgentKind(StrEnum):
    """Threatening situations (Wgs art. 4): the six kinds of the form, and something else that is urgent."""

    EVICTION = "eviction"
    GAS = "gas"
    ELECTRICITY = "electricity"
    HEATING = "heating"
    WATER = "water"
    HEALTH_INSURANCE = "health_insurance"
    OTHER = "other"


class ContactWay(StrEnum):
    """How the municipality may reach the resident; SELF means that the resident comes or calls."""

    PHONE = "phone"
    EMAIL = "email"
    POST = "post"
    HELPER = "helper"
    SELF = "self"


class DayPart(StrEnum):
    """When a call is safe."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Address:
    """Postcode as `1234AB`; `confirmed` when an address register knows it, which also gave street and town."""

    postcode: str
    house_number: int
    addition: str | None = None
    street: str | None = None
    town: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """At least one way; `phone` is E.164; `voicemail` is None when it was not answered."""

    ways: tuple[ContactWay, ...]
    phone: str | None = None
    email: str | None = None
    day_parts: tuple[DayPart, ...] = ()
    voicemail: bool | None = None
    language: str | None = None
    interpreter: bool = False


@dataclass(frozen=True, slots=True)
class Resident:
    """The person who asks for help. No address means no fixed address, or one that is kept secret."""

    given_name: str
    family_name: str
    birth_date: date | None
    address: Address | None
    contact: Contact


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who filled in the form with the resident's consent."""

    name: str
    organisation: str | None
    phone: str | None
    email: str | None
    may_be_contacted: bool
    may_follow: bool
    consented_at: datetime


@dataclass(frozen=True, slots=True)
class RequestForHelp:
    """What a complete journey comes to: everything that is known before the button is pressed."""

    municipality_code: str
    municipality_name: str
    language: str
    resident: Resident
    urgent: tuple[UrgentKind, ...] = ()
    urgent_date: date | None = None
    helper: Helper | None = None
    pressed_by_helper: bool = False


@dataclass(frozen=True, slots=True)
class EarlierRegistration:
    """An open registration in the same municipality by what looks like the same person. `registered_at` is aware."""

    id: UUID
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class MessageAddress:
    """Where messages go, if they were chosen: an e-mail address, or for `sms` a number in E.164."""

    way: Literal["email", "sms"]
    to: str


@dataclass(frozen=True, slots=True)
class Registration:
    """A pressed request (Wgs: aanmelding). `registered_at` is aware; `conversation_due` is a day in Amsterdam."""

    id: UUID
    reference: str
    registered_at: datetime
    conversation_due: date
    request: RequestForHelp
