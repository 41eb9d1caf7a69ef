"""What a press keeps, it keeps as a whole or not at all; on both engines, which do it in different ways."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from citizen_portal.registration import press as press_module
from citizen_portal.registration.press import PressedDraft, press
from citizen_portal.sealing import KeyRing, SealedBody
from citizen_portal.storage import drafts, links, presses, registrations
from citizen_portal.storage.database import Database
from citizen_portal.storage.outbox import Message
from citizen_portal.storage.owner_copies import OwnerCopy
from citizen_portal.storage.presses import DraftGone, FirstLink, Pressed, ReferenceTaken
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import draft, link, outbox, owner_copy, registration
from tests.support.deliveries import EXAMPLE, MONDAY, claim, seconds_after

LATER = seconds_after(MONDAY, 3600)
ROW = b"r" * 32


def _draft(database: Database, row_id: bytes = ROW, revision: int = 2) -> None:
    with database.writing() as connection:
        drafts.add(connection, drafts.SealedDraft(row_id, revision, b"sealed"), expires_at=LATER)


def _record(**changed: object) -> RegistrationRecord:
    record = RegistrationRecord(
        *(uuid4(), "P-7K2M-9QX4", ROW, "GM0363", "GM0344"), MONDAY, EXAMPLE.conversation_due, urgent=True
    )
    return replace(record, **changed)  # type: ignore[arg-type]


def _keep(database: Database, record: RegistrationRecord, *, revision: int = 2) -> None:
    first_link = FirstLink(record.draft_row_id, record.id, "owner", MONDAY, LATER)
    message = Message(uuid4(), record.id, 0, "registration", "GM0363", True, SealedBody(b"x", b"y"), MONDAY)
    with database.writing() as connection:
        pressed = Pressed(record, first_link, message, OwnerCopy(record.id, b"z", LATER))
        presses.keep(connection, pressed, revision=revision)


def _rows(database: Database) -> tuple[int, ...]:
    with database.reading() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (draft, registration, link, outbox, owner_copy)
        )


def test_registration_link_and_message_stand_in_the_place_of_the_draft(database: Database) -> None:
    _draft(database)
    record = _record()
    _keep(database, record)
    assert _rows(database) == (0, 1, 1, 1, 1)
    with database.reading() as connection:
        assert registrations.get(connection, record.id) == record
        followed = links.follow(connection, ROW, "owner", now=MONDAY)
        assert followed is not None and followed.record == record
        assert links.follow(connection, ROW, "owner", now=LATER) is None
    [entry] = claim(database)
    assert (entry.registration_id, entry.urgent, entry.attempts, entry.sealed) == (
        *(record.id, True, 0),
        SealedBody(b"x", b"y"),
    )


@pytest.mark.parametrize(("row_id", "revision"), [(ROW, 1), (ROW, 3), (b"s" * 32, 2)])
def test_another_revision_or_draft_is_told_and_nothing_changes(
    database: Database, row_id: bytes, revision: int
) -> None:
    _draft(database, row_id)
    with pytest.raises(DraftGone):
        _keep(database, _record(), revision=revision)
    assert _rows(database) == (1, 0, 0, 0, 0)


def test_a_reference_that_is_taken_is_told_and_nothing_changes(database: Database) -> None:
    _draft(database)
    _keep(database, _record())
    _draft(database, b"s" * 32)
    with pytest.raises(ReferenceTaken):
        _keep(database, _record(draft_row_id=b"s" * 32))
    assert _rows(database) == (1, 1, 1, 1, 1)


def test_a_draft_is_pressed_once_even_if_it_came_back(database: Database) -> None:
    _draft(database)
    _keep(database, _record())
    _draft(database)
    with pytest.raises(IntegrityError):
        _keep(database, _record(reference="P-0000-0000"))
    assert _rows(database) == (1, 1, 1, 1, 1)


def test_a_press_takes_another_reference_until_one_is_free(
    database: Database, keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = iter(["P-1111-1111", "P-1111-1111", "P-1111-1111", "P-2222-2222"])
    monkeypatch.setattr(press_module, "new_reference", lambda: next(made))
    for row_id in (ROW, b"s" * 32):
        _draft(database, row_id)
        press(database, keys, PressedDraft(row_id, 2, row_id[:16]), EXAMPLE.request, now=MONDAY)
    assert _rows(database) == (0, 2, 2, 2, 2)
    assert {entry.reference for entry in claim(database)} == {"P-1111-1111", "P-2222-2222"}
