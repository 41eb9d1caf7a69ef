"""A portal that has been used for long: any number of registrations, and what the portal does to its database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from os import urandom
from uuid import uuid4

from citizen_portal.housekeeping import purge
from citizen_portal.intake import outbox as rules
from citizen_portal.intake.answer import MessageFault, Received, Result
from citizen_portal.progress import intake_events
from citizen_portal.registration.later import erase, tell_urgent
from citizen_portal.registration.model import UrgentKind
from citizen_portal.registration.press import PressedDraft, press, pressed_before
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import (
    drafts,
    links,
    message_choices,
    outbox,
    outbox_entries,
    owner_copies,
    registrations,
    tables,
)
from citizen_portal.storage.database import Database
from citizen_portal.storage.message_choices import MessageChoice
from citizen_portal.storage.outbox import NOTICE, Claimed
from citizen_portal.storage.rates import RateStorage
from tests.support.bulk import in_bulk, multiply
from tests.support.deliveries import EXAMPLE, MONDAY, SECRET
from tests.support.grown_rows import OTHERS, ROWS, N, document_of, hash_of, id_of
from tests.support.lanes import notice, supplement

GROWING = (
    *("draft", "registration", "link", "outbox", "event", "parked_event", "rate_window"),
    *("owner_copy", "message_choice"),
)
"""The tables that grow with use; `intake_wait` has at most a row for each municipality."""

_DAY = timedelta(days=1)


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
        others = self.size // OTHERS
        # At most a thousand parked ones of a municipality, whatever happens.
        fewer = dict.fromkeys((tables.draft, tables.rate_window, tables.owner_copy, tables.message_choice), others)
        fewer[tables.parked_event] = min(1000, others)
        with in_bulk(self.database, list(ROWS)) as connection:
            for table, values in ROWS.items():
                multiply(connection, table, N, values, fewer.get(table, self.size))

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
            "lost link": self._lost_link,
            "proof": self._proof,
            "urgent later": self._urgent_later,
            "messages": self._messages,
            "own data": self._own_data,
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
        row_id = hash_of("draft", self._some())
        return lambda: pressed_before(self.database, row_id, now=self.now)

    def _press(self) -> Callable[[], object]:
        pressed = PressedDraft(urandom(32), 3, urandom(16))
        with self.database.writing() as connection:
            row = drafts.SealedDraft(pressed.row_id, pressed.revision, urandom(900))
            drafts.add(connection, row, expires_at=self.now + _DAY)
        return lambda: press(self.database, self.keys, pressed, EXAMPLE.request, now=self.now)

    def _status(self) -> Callable[[], object]:
        token = hash_of("link", self._some())

        def look() -> None:
            with self.database.reading() as connection:
                found = links.follow(connection, token, "owner", now=self.now)
                assert found is not None
                assert intake_events.facts_of(connection, found.record, today=date(2026, 11, 24)) is not None

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
        registration_id = id_of(self._some())

        def send() -> None:
            supplement(self.database, self.keys, registration_id, now=self.now)
            notice(self.database, self.keys, registration_id, now=self.now)
            with self.database.writing() as connection:
                entries = outbox.claim(connection, now=self.now, lease=rules.LEASE, limit=10, cap=4)
                # What is parked would hold back the next one about the same registration.
                tried: list[tuple[Claimed, Result]] = [
                    (entry, MessageFault("550", 550) if entry.kind == NOTICE else Received(204)) for entry in entries
                ]
                assert {entry.registration_id for entry in entries} >= {registration_id}
                rules.settle(connection, tried, now=self.now, jitter=lambda: 0.5)
            with self.database.reading() as connection:
                assert outbox_entries.entry(connection, entries[0].id)

        return send

    def _event(self) -> Callable[[], object]:
        document = document_of(self._some(), str(uuid4()))
        return lambda: intake_events.receive(self.database, document, now=self.now)

    def _purge(self) -> Callable[[], object]:
        with self.database.writing() as connection:
            for _ in range(3):
                row = drafts.SealedDraft(urandom(32), 0, b"x")
                drafts.add(connection, row, expires_at=self.now - timedelta(hours=1))

        def forget() -> None:
            purge(self.database, self.now)
            with self.database.reading() as connection:
                assert registrations.count_undelivered(connection, now=self.now) == 0

        return forget

    def _lost_link(self) -> Callable[[], object]:
        reference, token = f"R-{1_000_000_000 + self._some()}".replace("R-1", "R-"), urandom(32)

        def look() -> None:
            with self.database.reading() as connection:
                found = registrations.of_reference(connection, reference)
            assert found is not None
            with self.database.writing() as connection:
                links.add(
                    connection, token, found.id, "view", now=self.now, expires_at=self.now + _DAY, origin=links.LOST
                )
                assert links.made(connection, found.id, links.LOST)
                assert links.revoke(connection, token, now=self.now)

        return look

    def _proof(self) -> Callable[[], object]:
        code = hash_of("proof", self._some())

        def look() -> None:
            with self.database.reading() as connection:
                assert registrations.of_proof(connection, code)

        return look

    def _urgent_later(self) -> Callable[[], object]:
        registration_id = id_of(self._some())
        kinds = (UrgentKind.WATER,)
        return lambda: tell_urgent(self.database, self.keys, registration_id, kinds, None, now=self.now)

    def _messages(self) -> Callable[[], object]:
        registration_id = id_of(self._some())
        sealed = self.keys.seal_body(b"zoe@example.org", rules.choice_context(registration_id))
        choice = MessageChoice(registration_id, "email", "nl", sealed, self.now)

        def change() -> None:
            with self.database.writing() as connection:
                message_choices.choose(connection, choice)
                assert message_choices.get(connection, registration_id)
                message_choices.note_failure(connection, registration_id, made_at=self.now, now=self.now)
                assert not outbox.is_there(connection, uuid4())
                outbox_entries.drop_notices(connection, registration_id)

        return change

    def _own_data(self) -> Callable[[], object]:
        registration_id = id_of(self._some())
        self._deliver_all()

        def tidy() -> None:
            with self.database.reading() as connection:
                owner_copies.load(connection, registration_id, now=self.now)
            assert erase(self.database, registration_id)

        return tidy

    def _deliver_all(self) -> None:
        """What other operations left on its way: it would keep what it belongs to from being erased."""
        while True:
            with self.database.writing() as connection:
                claimed = outbox.claim(connection, now=self.now, lease=rules.LEASE, limit=100, cap=100)
                received: list[tuple[Claimed, Result]] = [(entry, Received(204)) for entry in claimed]
                rules.settle(connection, received, now=self.now, jitter=lambda: 0.5)
            if not claimed:
                return

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
