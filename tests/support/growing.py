"""A portal that has been used for long: any number of registrations, and what the portal does to its database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from os import urandom
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, insert, text

from citizen_portal.intake import outbox as rules
from citizen_portal.intake.answer import Received
from citizen_portal.progress import intake_events
from citizen_portal.progress.events import to_text
from citizen_portal.registration.press import PressedDraft, press, pressed_before
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import drafts, links, outbox, rates, tables
from citizen_portal.storage.database import Database
from citizen_portal.storage.rates import RateStorage
from tests.support.deliveries import EXAMPLE, MONDAY, SECRET

GROWING = ("draft", "registration", "link", "outbox", "event", "parked_event", "rate_window")
"""The tables that grow with use; `intake_wait` has at most a row for each municipality."""

_DAY = timedelta(days=1)
_AT_ONCE = 10_000
_OTHERS = 10
"""For so many registrations there is one draft and one window of a rate limit at a time, and one parked event."""

Row = dict[str, Any]


@dataclass
class LongUsed:
    """A database with `size` registrations, all received, with a link and an event each; drafts and windows beside."""

    database: Database
    size: int
    keys: KeyRing = field(default_factory=lambda: KeyRing([SECRET]))
    now: datetime = MONDAY + _DAY
    _turn: int = 0

    def fill(self) -> None:
        """Load all, and let the engine look at it."""
        for table, make, count in (
            (tables.registration, _registration, self.size),
            (tables.link, _link, self.size),
            (tables.outbox, _outbox, self.size),
            (tables.event, _event, self.size),
            (tables.draft, _draft, self.size // _OTHERS),
            (tables.rate_window, _window, self.size // _OTHERS),
            # At most a thousand of a municipality, whatever happens.
            (tables.parked_event, _parked, min(1000, self.size // _OTHERS)),
        ):
            for first in range(0, count, _AT_ONCE):
                load(self.database, table, [make(n) for n in range(first, min(count, first + _AT_ONCE))])
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE" if self.database.is_sqlite else "VACUUM ANALYZE"))

    def operations(self) -> Mapping[str, Callable[[], Callable[[], object]]]:
        """What the portal does: each makes ready, and gives what is to be timed or explained."""
        return {
            "form page": self._form_page,
            "press": self._press,
            "press again": self._press_again,
            "status page": self._status,
            "claim and settlement": self._claim,
            "event": self._event,
            "purge": self._purge,
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


def load(database: Database, table: Table, rows: Sequence[Row]) -> None:
    """Insert many rows of one shape; PostgreSQL takes them by COPY."""
    if database.is_sqlite:
        with database.writing() as connection:
            connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    with database.writing() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])


def _hash(what: str, number: int) -> bytes:
    return blake2b(f"{what} {number}".encode(), digest_size=32).digest()


def _id(number: int) -> UUID:
    return UUID(bytes=_hash("registration", number)[:16])


def _code(number: int) -> str:
    return f"GM{number % 300:04d}"


def _registration(number: int) -> Row:
    return {
        "id": _id(number),
        "reference": f"R-{number:09d}",
        "draft_row_id": _hash("draft", number),
        "municipality_code": _code(number),
        "first_municipality_code": _code(number),
        "registered_at": MONDAY,
        "conversation_due": MONDAY.date(),
        "urgent": False,
        "received_at": MONDAY,
        "intake_number": "Z-1",
    }


def _link(number: int) -> Row:
    return {
        "token_hash": _hash("link", number),
        "registration_id": _id(number),
        "scope": "owner",
        "created_at": MONDAY,
        "expires_at": MONDAY + 400 * _DAY,
    }


def _outbox(number: int) -> Row:
    return {
        "id": UUID(bytes=_hash("outbox", number)[:16]),
        "registration_id": _id(number),
        "position": 0,
        "kind": "registration",
        "municipality_code": _code(number),
        "urgent": False,
        "state": "delivered",
        "attempts": 1,
        "created_at": MONDAY,
        "delivered_at": MONDAY,
    }


def _document(number: int, event_id: str) -> dict[str, Any]:
    return {
        "source": f"urn:nld:gemeentecode:{_code(number)[2:]}",
        "id": event_id,
        "subject": str(_id(number)),
        "data": {"status": "contact-gelegd", "ingegaanOp": "2026-11-24T09:00:00Z", "kanaal": "telefoon"},
    }


def _event(number: int) -> Row:
    document = _document(number, f"event {number}")
    return {
        "registration_id": _id(number),
        "municipality_code": _code(number),
        "source": document["source"],
        "event_id": document["id"],
        "body": to_text(document),
        "received_at": MONDAY + _DAY,
    }


def _draft(number: int) -> Row:
    row_id = _hash("live draft", number)
    return {"row_id": row_id, "revision": 3, "sealed": row_id * 8, "expires_at": MONDAY + 2 * _DAY}


def _window(number: int) -> Row:
    return {"key": f"window {number * _OTHERS}", "hits": 1, "expires_at": MONDAY + 2 * _DAY}


def _parked(number: int) -> Row:
    event = _event(number)
    return {**{name: event[name] for name in event if name != "registration_id"}, "subject": uuid4()}
