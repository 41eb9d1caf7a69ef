"""A municipality's side of the events API: event documents, signatures as a supplier makes them, registrations."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from citizen_portal.clock import amsterdam_day, utc_text
from citizen_portal.progress.facts import Facts
from citizen_portal.progress.intake_events import facts_of
from citizen_portal.registration.reference import new_reference
from citizen_portal.storage import registrations
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import event, parked_event
from tests.support.portal import MONDAY, OTHER_WEBHOOK_SECRET, WEBHOOK_SECRET, TestPortal

AMSTERDAM = "GM0363"
UTRECHT = "GM0344"
WITHOUT_SECRETS = "GM0014"

SECRETS = {AMSTERDAM: WEBHOOK_SECRET, UTRECHT: OTHER_WEBHOOK_SECRET}
PATH = "/api/v1/gebeurtenissen"
CLOUD_EVENT = "application/cloudevents+json"


def document(
    status: str = "contact-gelegd",
    *,
    subject: UUID | str | None = None,
    sender: str = AMSTERDAM,
    event_id: str | None = None,
    at: datetime | str = MONDAY,
    sequence: int | str | None = None,
    system: str = "systeem:intake",
    **data: object,
) -> dict[str, Any]:
    """An event that the schema accepts, unless the arguments make it one that it does not."""
    made: dict[str, Any] = {
        "specversion": "1.0",
        "type": "nl.schuldhulpaanmeldingen.status-gewijzigd.v1",
        "source": f"urn:nld:gemeentecode:{sender.removeprefix('GM')}:{system}",
        "id": event_id or str(uuid4()),
        "subject": str(subject or uuid4()),
        "data": {"status": status, "ingegaanOp": at if isinstance(at, str) else utc_text(at), **data},
    }
    return made if sequence is None else {**made, "sequence": str(sequence), "sequencetype": "Integer"}


def signed(body: bytes, message_id: str, secret: str, at: datetime) -> dict[str, str]:
    """The headers of a message that is signed by the library that suppliers use."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
        "Content-Type": CLOUD_EVENT,
    }


def send(
    portal: TestPortal, message: Any, *, secret: str | None = None, at: datetime | None = None, **headers: str
) -> TestResponse:
    """POST `message` (a document, or bytes as they are), signed for the municipality in it; `headers` win."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    message_id = str(message.get("id", "x")) if isinstance(message, dict) else "x"
    source = str(message.get("source")) if isinstance(message, dict) else ""
    by_sender = next((key for code, key in SECRETS.items() if f":{code[2:]}:" in source), WEBHOOK_SECRET)
    made = signed(body, message_id, secret or by_sender, at or portal.clock())
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return portal.client().post(PATH, data=body, headers={**made, **given})


def register(
    portal: TestPortal,
    municipality: str = AMSTERDAM,
    *,
    registered_at: datetime = MONDAY,
    registration_id: UUID | None = None,
) -> UUID:
    """A registration that was pressed just now; its id."""
    record = RegistrationRecord(
        id=registration_id or uuid4(),
        reference=new_reference(),
        draft_row_id=os.urandom(32),
        municipality_code=municipality,
        first_municipality_code=municipality,
        registered_at=registered_at,
        conversation_due=amsterdam_day(registered_at),
        urgent=False,
    )
    with portal.database.writing() as connection:
        registrations.add(connection, record)
    return record.id


def facts_about(portal: TestPortal, registration_id: UUID) -> Facts:
    """What is true today of a registration."""
    with portal.database.reading() as connection:
        record = registrations.get(connection, registration_id)
        assert record is not None
        facts = facts_of(connection, record, amsterdam_day(portal.clock()))
        assert facts.owner == record.municipality_code
        return facts


def counts(portal: TestPortal) -> tuple[int, int]:
    """How many events are kept, and how many are parked."""
    with portal.database.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(event)).scalar_one()
        return kept, connection.execute(select(func.count()).select_from(parked_event)).scalar_one()


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    """The problem document of a refusal, which has everything that such a document needs."""
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    said: dict[str, Any] = json.loads(response.data)
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said


def tell(portal: TestPortal, subject: UUID, status: str, sender: str = AMSTERDAM, **data: object) -> int:
    """Send one event; the status code of the answer."""
    return send(portal, document(status, subject=subject, sender=sender, **data)).status_code  # type: ignore[arg-type]


def pass_on(portal: TestPortal, subject: UUID, sender: str, receiver: str, event_id: str | None = None) -> None:
    """`sender` passes the registration on to `receiver`."""
    assert tell(portal, subject, "doorgestuurd", sender, gemeentecode=receiver, event_id=event_id) == 204
