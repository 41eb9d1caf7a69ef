"""A portal that has been used for long: any number of registrations, and what the portal does to its database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from os import urandom
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, LargeBinary, String, Table, Uuid, cast, func

from citizen_portal.intake import outbox as rules
from citizen_portal.intake.answer import MessageFault, Received
from citizen_portal.progress import intake_events
from citizen_portal.progress.events import to_text
from citizen_portal.registration.press import PressedDraft, press, pressed_before
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import drafts, links, outbox, outbox_entries, rates, registrations, tables
from citizen_portal.storage.database import Database
from citizen_portal.storage.rates import RateStorage
from tests.support.bulk import Values, counter, digest, in_bulk, multiply
from tests.support.deliveries import EXAMPLE, MONDAY, SECRET
from tests.support.lanes import notice, supplement

GROWING = ("draft", "registration", "link", "outbox", "event", "parked_event", "rate_window")
"""The tables that grow with use; `intake_wait` has at most a row for each municipality."""

_REFERRING = (tables.owner_copy, tables.message_choice)
"""They stay empty, and refer to what is loaded."""

_DAY = timedelta(days=1)
_MUNICIPALITIES = 300
_OTHERS = 10
"""For so many registrations there is one draft and one window of a rate limit at a time, and one parked event."""


@dataclass
class LongUsed:
    """A database with `size` registrations, all received, with a link and an event each; drafts and windows beside."""

    database: Database
    size: int
    keys: KeyRing = field(default_factory=lambda: KeyRing([SECRET]))
    now: datetime = MONDAY + _DAY
    _turn: int = 0

    def fill(self) -> None:
        """Load all; the database has to be empty."""
        others = self.size // _OTHERS
        # At most a thousand parked ones of a municipality, whatever happens.
        fewer = {tables.draft: others, tables.rate_window: others, tables.parked_event: min(1000, others)}
        with in_bulk(self.database, [*_ROWS, *_REFERRING]) as connection:
            for table, values in _ROWS.items():
                multiply(connection, table, _N, values, fewer.get(table, self.size))

    def operations(self) -> Mapping[str, Callable[[], Callable[[], object]]]:
        """What the portal does: each makes ready, and gives what is to be timed or explained."""
        return {
            "form page": self._form_page,
            "press": self._press,
            "press again": self._press_again,
            "status page": self._status,
            "claim and settlement": self._claim,
            "addition and notice": self._addition_and_notice,
            "event": self._event,
            "purge": self._purge,
            "merger": self._merger,
            "rate limit": self._rate_limit,
        }

    def _form_page(self) -> Callable[[], object]:
        row_id = urandom(32)
        with self.database.writing() as connection:
            drafts.add(connection, drafts.SealedDraft(row_id, 0, urandom(900)), expires_at=self.now + _DAY)

        def save() -> None:
            with self.database.reading() as connection:
                assert drafts.load(connection, row_id, now=self.now)
            with self.database.writing() as connection:
                row = drafts.SealedDraft(row_id, 1, urandom(900))
                assert drafts.replace(connection, row, expires_at=self.now + _DAY)

        return save

    def _press_again(self) -> Callable[[], object]:
        row_id = _hash("draft", self._some())
        return lambda: pressed_before(self.database, row_id, now=self.now)

    def _press(self) -> Callable[[], object]:
        pressed = PressedDraft(urandom(32), 3, urandom(16))
        with self.database.writing() as connection:
            row = drafts.SealedDraft(pressed.row_id, pressed.revision, urandom(900))
            drafts.add(connection, row, expires_at=self.now + _DAY)
        return lambda: press(self.database, self.keys, pressed, EXAMPLE.request, now=self.now)

    def _status(self) -> Callable[[], object]:
        token = _hash("link", self._some())

        def look() -> None:
            with self.database.reading() as connection:
                record = links.follow(connection, token, "owner", now=self.now)
                assert record is not None
                assert intake_events.facts_of(connection, record, today=date(2026, 11, 24)) is not None

        return look

    def _claim(self) -> Callable[[], object]:
        self._press()()

        def work() -> None:
            with self.database.reading() as connection:
                assert outbox.is_anything_due(connection, now=self.now, cap=4)
            with self.database.writing() as connection:
                [entry] = outbox.claim(connection, now=self.now, lease=rules.LEASE, limit=1, cap=4)
            with self.database.writing() as connection:
                rules.settle(connection, [(entry, Received(201, "Z-1"))], now=self.now, jitter=lambda: 0.5)

        return work

    def _addition_and_notice(self) -> Callable[[], object]:
        registration_id = _id(self._some())

        def send() -> None:
            supplement(self.database, self.keys, registration_id, now=self.now)
            notice(self.database, self.keys, registration_id, now=self.now)
            with self.database.writing() as connection:
                entries = outbox.claim(connection, now=self.now, lease=rules.LEASE, limit=10, cap=4)
                refused = [(entry, MessageFault("550", 550)) for entry in entries]
                assert {entry.registration_id for entry in entries} >= {registration_id}
                rules.settle(connection, refused, now=self.now, jitter=lambda: 0.5)
            with self.database.reading() as connection:
                assert outbox_entries.entry(connection, entries[0].id)

        return send

    def _event(self) -> Callable[[], object]:
        document = _document(self._some(), str(uuid4()))
        return lambda: intake_events.receive(self.database, document, now=self.now)

    def _purge(self) -> Callable[[], object]:
        with self.database.writing() as connection:
            for _ in range(3):
                row = drafts.SealedDraft(urandom(32), 0, b"x")
                drafts.add(connection, row, expires_at=self.now - timedelta(hours=1))

        def forget() -> None:
            with self.database.writing() as connection:
                drafts.purge(connection, now=self.now)
                rates.purge(connection, now=self.now)
            intake_events.drop_old_parked(self.database, self.now)

        return forget

    def _merger(self) -> Callable[[], object]:
        def look() -> None:
            with self.database.reading() as connection:
                assert registrations.first_of_former(connection, ["GM9998", "GM9999"]) is None

        return look

    def _rate_limit(self) -> Callable[[], object]:
        storage = RateStorage(self.database, lambda: self.now)
        key = f"window {self._some()}"

        def count() -> None:
            storage.get(key)
            storage.incr(key, 60)

        return count

    def _some(self) -> int:
        """Another registration each time, spread over all."""
        self._turn += 1
        return self._turn * 7919 % self.size


def _hash(what: str, number: int) -> bytes:
    return bytes(digest(f"{what} {number}"), "ascii")


def _id(number: int) -> UUID:
    return UUID(digest(f"registration {number}"))


def _code(number: int) -> str:
    return f"GM{number % _MUNICIPALITIES:04d}"


def _document(number: int, event_id: str) -> dict[str, Any]:
    return {
        "source": f"urn:nld:gemeentecode:{_code(number)[2:]}",
        "id": event_id,
        "subject": str(_id(number)),
        "data": {"status": "contact-gelegd", "ingegaanOp": "2026-11-24T09:00:00Z", "kanaal": "telefoon"},
    }


_N = counter()
_REGISTRATION = cast(digest("registration " + cast(_N, String)), Uuid)
_DIGITS = func.substr(cast(10_000 + _N % _MUNICIPALITIES, String), 2)
_CODE = "GM" + _DIGITS
_SEALED = b"\xa5" * 900


def _key(what: str) -> ColumnElement[bytes]:
    """As `_hash` has it, for the row with number `_N`."""
    return cast(digest(f"{what} " + cast(_N, String)), LargeBinary)


_ARRIVED: Values = {
    "municipality_code": _CODE,
    "source": "urn:nld:gemeentecode:" + _DIGITS,
    "event_id": "event " + cast(_N, String),
    "body": to_text(_document(0, "event")),
    "received_at": MONDAY + _DAY,
}

_ROWS: Mapping[Table, Values] = {
    tables.registration: {
        "id": _REGISTRATION,
        "reference": "R-" + func.substr(cast(1_000_000_000 + _N, String), 2),
        "draft_row_id": _key("draft"),
        "municipality_code": _CODE,
        "first_municipality_code": _CODE,
        "registered_at": MONDAY,
        "conversation_due": MONDAY.date(),
        "urgent": False,
        "received_at": MONDAY,
        "intake_number": "Z-1",
    },
    tables.link: {
        "token_hash": _key("link"),
        "registration_id": _REGISTRATION,
        "scope": "owner",
        "created_at": MONDAY,
        "expires_at": MONDAY + 400 * _DAY,
    },
    tables.outbox: {
        "id": cast(digest("outbox " + cast(_N, String)), Uuid),
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
        "key": "window " + cast(_N * _OTHERS, String),
        "hits": 1,
        "expires_at": MONDAY + 2 * _DAY,
    },
    tables.parked_event: {"subject": cast(digest("nobody " + cast(_N, String)), Uuid), **_ARRIVED},
}
"""Row number `_N` of each table, in an order in which foreign keys find what they point to."""
