"""Registrations to deliver, and a database that they wait in."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from citizen_portal.intake import outbox as rules
from citizen_portal.registration.links import OWNER, OWNER_LIFE, LinkToken
from citizen_portal.registration.model import (
    Address,
    Contact,
    ContactWay,
    DayPart,
    Registration,
    RequestForHelp,
    Resident,
    UrgentKind,
)
from citizen_portal.registration.reference import new_reference
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import links, outbox, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.outbox import Claimed
from citizen_portal.storage.registrations import RegistrationRecord

MONDAY = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
SECRET = "a secret of the tests, long enough to count"

EXAMPLE = Registration(
    id=UUID("3f0c1f5e-9d0a-4c57-8f0e-6a2b7c1d9e44"),
    reference="P-7K2M-9QX4",
    registered_at=MONDAY,
    conversation_due=date(2026, 12, 21),
    request=RequestForHelp(
        municipality_code="GM0363",
        municipality_name="Amsterdam",
        language="nl",
        resident=Resident(
            given_name="Zoë",
            family_name="van den Berg-Ünal",
            birth_date=date(1980, 5, 1),
            address=Address("1012JS", 1, "A", "Dam", "Amsterdam", confirmed=True),
            contact=Contact(
                ways=(ContactWay.EMAIL, ContactWay.PHONE),
                phone="+31612345678",
                email="zoe@example.org",
                day_parts=(DayPart.MORNING,),
                voicemail=False,
                language="tr",
                interpreter=True,
            ),
        ),
    ),
)


def another_registration(*, municipality: str = "GM0363", urgent: bool = False) -> Registration:
    """The example with an id and a reference of its own."""
    kinds = (UrgentKind.WATER,) if urgent else ()
    request = replace(EXAMPLE.request, municipality_code=municipality, urgent=kinds)
    return replace(EXAMPLE, id=uuid4(), reference=new_reference(), request=request)


@pytest.fixture
def keys() -> KeyRing:
    """The server's secrets."""
    return KeyRing([SECRET])


def pressed_with_link(database: Database) -> tuple[UUID, LinkToken]:
    """Somebody's registration, by its id, and an owner's link to it."""
    registration, own = another_registration(), LinkToken(os.urandom(16), OWNER)
    press(database, KeyRing([SECRET]), registration)
    with database.writing() as connection:
        links.add(connection, own.hash, registration.id, OWNER, now=MONDAY, expires_at=MONDAY + OWNER_LIFE)
    return registration.id, own


def press(database: Database, keys: KeyRing, registration: Registration, *, now: datetime = MONDAY) -> UUID:
    """What a press keeps: the registration and its message. The message's id."""
    request = registration.request
    record = RegistrationRecord(
        id=registration.id,
        reference=registration.reference,
        draft_row_id=registration.id.bytes,
        municipality_code=request.municipality_code,
        first_municipality_code=request.municipality_code,
        registered_at=registration.registered_at,
        conversation_due=registration.conversation_due,
        urgent=bool(request.urgent),
    )
    with database.writing() as connection:
        registrations.add(connection, record)
        message = rules.first_message(keys, registration, now=now)
        outbox.add(connection, message)
    return message.id


def claim(database: Database, *, now: datetime = MONDAY, limit: int = 100, cap: int = 4) -> list[Claimed]:
    """Claim in a transaction of its own, as a worker does."""
    with database.writing() as connection:
        return outbox.claim(connection, now=now, lease=rules.LEASE, limit=limit, cap=cap)


def seconds_after(moment: datetime, seconds: float) -> datetime:
    """`moment` and so many seconds."""
    return moment + timedelta(seconds=seconds)
