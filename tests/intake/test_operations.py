"""What an operator sees and does."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from citizen_portal.intake import operations
from citizen_portal.intake import outbox as rules
from citizen_portal.intake.answer import Answer, ConnectionFault, MessageFault, Received
from citizen_portal.sealing import KeyRing, SealBroken
from citizen_portal.storage import message_choices
from citizen_portal.storage.database import Database
from citizen_portal.storage.message_choices import MessageChoice
from tests.support.deliveries import MONDAY, SECRET, another_registration, claim, press


def test_the_list_tells_everything_about_what_has_not_arrived_but_its_content(
    database: Database, keys: KeyRing
) -> None:
    delivered, parked, queued = (press(database, keys, another_registration()) for _ in range(3))
    waiting = press(database, keys, another_registration(municipality="GM0344"))
    for entry in claim(database):
        answers: dict[UUID, Answer] = {
            delivered: Received(201),
            parked: MessageFault("422", 422),
            waiting: ConnectionFault("401", 401),
        }
        if answer := answers.get(entry.id):
            with database.writing() as connection:
                rules.settle(connection, [(entry, answer)], now=MONDAY, jitter=lambda: 0.5)
    lines = operations.list_lines(database)
    assert lines[0] == (
        "# GM0344 waits as a whole since 2026-11-23T09:04:00Z: 401, failures 1, next probe 2026-11-23T09:04:10Z"
    )
    assert lines[1] == "id\tkind\tmunicipality\tstate\tattempts\tnext_at\treason"
    assert set(lines[2:]) == {
        f"{parked}\tregistration\tGM0363\tparked\t1\t-\t422",
        f"{queued}\tregistration\tGM0363\tclaimed\t0\t2026-11-23T09:05:00Z\t-",
        f"{waiting}\tregistration\tGM0344\tqueued\t0\t2026-11-23T09:04:00Z\t-",
    }
    assert "municipality_waits: 401, next probe 2026-11-23T09:04:10Z" in operations.show_lines(database, waiting)


def test_one_message_is_shown_delivered_or_not(database: Database, keys: KeyRing) -> None:
    registration = another_registration(urgent=True)
    entry_id = press(database, keys, registration)
    before = operations.show_lines(database, entry_id)
    [entry] = claim(database)
    with database.writing() as connection:
        rules.settle(connection, [(entry, Received(201))], now=MONDAY, jitter=lambda: 0.5)
    after = operations.show_lines(database, entry_id)
    assert before[:5] == [
        f"id: {entry_id}",
        "kind: registration",
        f"registration: {registration.id}",
        f"reference: {registration.reference}",
        "municipality: GM0363",
    ]
    assert "urgent: yes" in before
    assert "state: queued" in before
    assert "state: delivered" in after
    assert "delivered_at: 2026-11-23T09:04:00Z" in after
    assert operations.show_lines(database, uuid4()) == []


class TestRotation:
    def test_afterwards_the_old_secret_is_not_needed(self, database: Database, keys: KeyRing) -> None:
        press(database, keys, another_registration())
        press(database, keys, another_registration())
        assert operations.rotate_keys(database, KeyRing(["the newest", SECRET])) == 2
        assert operations.rotate_keys(database, KeyRing(["the newest", SECRET])) == 0
        newest = KeyRing(["the newest"])
        for entry in claim(database):
            assert b"van den Berg" in newest.open_body(entry.sealed, rules.seal_context(entry.id, entry.kind))

    def test_what_was_delivered_has_no_key_any_more(self, database: Database, keys: KeyRing) -> None:
        press(database, keys, another_registration())
        [entry] = claim(database)
        with database.writing() as connection:
            rules.settle(connection, [(entry, Received(201))], now=MONDAY, jitter=lambda: 0.5)
        assert operations.rotate_keys(database, KeyRing(["the newest", SECRET])) == 0

    def test_addresses_for_messages_go_along(self, database: Database, keys: KeyRing) -> None:
        registrations = [another_registration() for _ in range(3)]
        for registration in registrations:
            press(database, keys, registration)
            sealed = keys.seal_body(b"zoe@example.org", rules.choice_context(registration.id))
            with database.writing() as connection:
                message_choices.choose(connection, MessageChoice(registration.id, "email", "nl", sealed, MONDAY))
        rotated = KeyRing(["the newest", SECRET])
        assert operations.rotate_keys(database, rotated) == 6
        assert operations.rotate_keys(database, rotated) == 0
        for registration in registrations:
            with database.reading() as connection:
                choice = message_choices.get(connection, registration.id)
            assert choice is not None
            newest = KeyRing(["the newest"])
            assert newest.open_body(choice.sealed, rules.choice_context(registration.id)) == b"zoe@example.org"

    def test_in_batches_none_is_left_out(
        self, database: Database, keys: KeyRing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(operations, "_AT_ONCE", 2)
        for _ in range(5):
            registration = another_registration()
            press(database, keys, registration)
            sealed = keys.seal_body(b"zoe@example.org", rules.choice_context(registration.id))
            with database.writing() as connection:
                message_choices.choose(connection, MessageChoice(registration.id, "email", "nl", sealed, MONDAY))
        assert operations.rotate_keys(database, KeyRing(["the newest", SECRET])) == 10

    def test_a_choice_that_changed_meanwhile_keeps_its_own_key(self, database: Database, keys: KeyRing) -> None:
        registration = another_registration()
        press(database, keys, registration)
        sealed = keys.seal_body(b"zoe@example.org", rules.choice_context(registration.id))
        with database.writing() as connection:
            message_choices.choose(connection, MessageChoice(registration.id, "email", "nl", sealed, MONDAY))
            [old] = message_choices.sealed_keys(connection, after=None, limit=9)
            assert message_choices.replace_key(connection, old, b"rewrapped")
            assert not message_choices.replace_key(connection, old, b"too late")

    def test_a_secret_that_is_gone_is_told(self, database: Database, keys: KeyRing) -> None:
        press(database, keys, another_registration())
        with pytest.raises(SealBroken):
            operations.rotate_keys(database, KeyRing(["the newest"]))
