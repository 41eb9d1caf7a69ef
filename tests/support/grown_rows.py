"""The rows of a portal that has been used for long: row number `N` of each table, made by the database itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, String, Table, Uuid, cast, func

from citizen_portal.progress.events import to_text
from citizen_portal.storage import tables
from tests.support.bulk import Values, counter, digest
from tests.support.deliveries import MONDAY

OTHERS = 10
"""For so many registrations there is at a time one draft, window of a rate limit, parked event, copy and address."""

_MUNICIPALITIES = 300
_DAY = timedelta(days=1)


def hash_of(what: str, number: int) -> bytes:
    """A hash that is kept (of a `link`, a `proof`, a `draft`) of this registration."""
    return bytes(digest(f"{what} {number}"), "ascii")


def id_of(number: int) -> UUID:
    """The id of this registration."""
    return UUID(digest(f"registration {number}"))


def _code(number: int) -> str:
    return f"GM{number % _MUNICIPALITIES:04d}"


def document_of(number: int, event_id: str) -> dict[str, Any]:
    """An event about this registration, by its own municipality."""
    return {
        "source": f"urn:nld:gemeentecode:{_code(number)[2:]}",
        "id": event_id,
        "subject": str(id_of(number)),
        "data": {"status": "contact-gelegd", "ingegaanOp": "2026-11-24T09:00:00Z", "kanaal": "telefoon"},
    }


N = counter()
_REGISTRATION = cast(digest("registration " + cast(N, String)), Uuid)
_DIGITS = func.substr(cast(10_000 + N % _MUNICIPALITIES, String), 2)
_CODE = "GM" + _DIGITS
_SEALED = b"\xa5" * 900


def _key(what: str) -> ColumnElement[bytes]:
    """As `hash_of` has it, for the row with number `N`."""
    return cast(digest(f"{what} " + cast(N, String)), LargeBinary)


_ARRIVED: Values = {
    "municipality_code": _CODE,
    "source": "urn:nld:gemeentecode:" + _DIGITS,
    "event_id": "event " + cast(N, String),
    "body": to_text(document_of(0, "event")),
    "received_at": MONDAY + _DAY,
}

ROWS: Mapping[Table, Values] = {
    tables.registration: {
        "id": _REGISTRATION,
        "reference": "R-" + func.substr(cast(1_000_000_000 + N, String), 2),
        "draft_row_id": _key("draft"),
        "municipality_code": _CODE,
        "first_municipality_code": _CODE,
        "registered_at": MONDAY,
        "conversation_due": MONDAY.date(),
        "urgent": False,
        "received_at": MONDAY,
        "intake_number": "Z-1",
        "address_hash": _key("address"),
        "birth_hash": _key("birth"),
        "person_hash": _key("person"),
        "proof_hash": _key("proof"),
        "forget_at": MONDAY + 457 * _DAY,
    },
    tables.owner_copy: {"registration_id": _REGISTRATION, "sealed": _SEALED, "expires_at": MONDAY + 3 * _DAY},
    tables.message_choice: {
        "registration_id": _REGISTRATION,
        "way": "email",
        "language": "nl",
        "sealed": _SEALED[:60],
        "wrapped_key": _SEALED[:80],
        "chosen_at": MONDAY,
    },
    tables.link: {
        "token_hash": _key("link"),
        "registration_id": _REGISTRATION,
        "scope": "owner",
        "created_at": MONDAY,
        "expires_at": MONDAY + 400 * _DAY,
    },
    tables.outbox: {
        "id": cast(digest("outbox " + cast(N, String)), Uuid),
        "registration_id": _REGISTRATION,
        "position": 0,
        "kind": "registration",
        "municipality_code": _CODE,
        "urgent": False,
        "state": "delivered",
        "attempts": 1,
        "created_at": MONDAY,
        "delivered_at": MONDAY,
    },
    tables.event: {"registration_id": _REGISTRATION, **_ARRIVED},
    tables.draft: {"row_id": _key("live draft"), "revision": 3, "sealed": _SEALED, "expires_at": MONDAY + 2 * _DAY},
    tables.rate_window: {
        "key": "window " + cast(N * OTHERS, String),
        "hits": 1,
        "expires_at": MONDAY + 2 * _DAY,
    },
    tables.parked_event: {"subject": cast(digest("nobody " + cast(N, String)), Uuid), **_ARRIVED},
}
"""Row number `N` of each table, in an order in which foreign keys find what they point to."""
