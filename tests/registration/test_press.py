"""The press keeps everything or nothing; what it keeps of the answers opens for the owner's link alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from citizen_portal.intake.message import registration_body
from citizen_portal.intake.outbox import seal_context
from citizen_portal.registration.lookup import Lookups, agrees
from citizen_portal.registration.model import Registration
from citizen_portal.registration.owner_copy import open_copy
from citizen_portal.registration.press import Beside, DraftChanged, PressedDraft, press
from citizen_portal.registration.proof import ProofCodes
from citizen_portal.sealing import KeyRing, SealedBody
from citizen_portal.storage import drafts, owner_copies, registrations
from citizen_portal.storage.database import Connection, Database
from citizen_portal.storage.drafts import SealedDraft
from citizen_portal.storage.registrations import RegistrationRecord
from citizen_portal.storage.tables import draft, link, outbox, owner_copy, registration
from tests.support.deliveries import EXAMPLE, MONDAY, SECRET, seconds_after

KEYS = KeyRing([SECRET])


def _draft(database: Database, name: bytes, revision: int = 0) -> PressedDraft:
    with database.writing() as connection:
        drafts.add(connection, SealedDraft(name, revision, b"sealed"), expires_at=seconds_after(MONDAY, 60))
    return PressedDraft(name, revision, name * 4)


def _rows(database: Database) -> list[int]:
    with database.reading() as connection:
        tables = (draft, registration, link, outbox, owner_copy)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_a_press_takes_the_draft_and_leaves_registration_link_delivery_and_copy(database: Database) -> None:
    press(database, KEYS, _draft(database, b"one!"), EXAMPLE.request, now=MONDAY)
    assert _rows(database) == [0, 1, 1, 1, 1]


def test_a_draft_that_was_changed_or_pressed_meanwhile_is_not_pressed(database: Database) -> None:
    shown = _draft(database, b"one!", revision=3)
    with pytest.raises(DraftChanged):
        press(database, KEYS, PressedDraft(shown.row_id, 2, shown.link_bits), EXAMPLE.request, now=MONDAY)
    assert _rows(database) == [1, 0, 0, 0, 0]
    press(database, KEYS, shown, EXAMPLE.request, now=MONDAY)
    with pytest.raises(DraftChanged):
        press(database, KEYS, shown, EXAMPLE.request, now=MONDAY)
    assert _rows(database) == [0, 1, 1, 1, 1]


def test_a_reference_that_is_taken_is_not_given_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["P-0000-0000", "P-0000-0000", "P-0000-001Y"])
    monkeypatch.setattr("citizen_portal.registration.press.new_reference", lambda: next(drawn))
    for name in (b"one!", b"two!"):
        press(database, KEYS, _draft(database, name), EXAMPLE.request, now=MONDAY)
    with database.reading() as connection:
        references = connection.execute(select(registration.c.reference)).scalars().all()
    assert sorted(references) == ["P-0000-0000", "P-0000-001Y"]


def _pressed(database: Database, shown: PressedDraft, **given: Any) -> RegistrationRecord:
    press(database, KEYS, shown, EXAMPLE.request, now=MONDAY, **given)
    with database.reading() as connection:
        found = registrations.of_draft(connection, shown.row_id)
    assert found is not None
    return found


def test_the_owners_copy_is_what_was_sent_for_seventy_two_hours_and_for_the_first_link(database: Database) -> None:
    shown = _draft(database, b"one!")
    record = _pressed(database, shown)
    with database.reading() as connection:
        row = connection.execute(select(outbox)).one()
        sealed = owner_copies.load(connection, record.id, now=seconds_after(MONDAY, 72 * 3600 - 1))
        assert owner_copies.load(connection, record.id, now=seconds_after(MONDAY, 72 * 3600)) is None
    assert sealed is not None
    sent = KEYS.open_body(SealedBody(row.body, row.wrapped_key), seal_context(row.id, row.kind))
    assert open_copy(shown.link_bits, record.id, sealed) == sent
    assert open_copy(b"another link!!!!", record.id, sealed) is None


def test_of_the_answers_only_keyed_hashes_are_kept_beside_it(database: Database) -> None:
    record, lookups = _pressed(database, _draft(database, b"one!")), Lookups(KEYS)
    resident = EXAMPLE.request.resident
    assert resident.address is not None and resident.birth_date is not None
    assert agrees(record.address_hash, lookups.address(record.id, "1012JS", 1))
    assert agrees(record.birth_hash, lookups.birth(record.id, resident.birth_date))
    assert agrees(record.person_hash, lookups.person(resident))
    assert ProofCodes(KEYS).of(record.id, record.proof_hash)
    with database.reading() as connection:
        columns = [str(value) for value in connection.execute(select(registration)).one()]
    assert not any(part in value for value in columns for part in ("Zo\xeb", "1012", "1980", "Berg", "612345678"))


def test_what_is_kept_besides_fails_with_the_press(database: Database) -> None:
    """No message without the registration that it is about, and none before it is there."""

    def fail(connection: Connection, kept: Registration) -> None:
        assert registrations.get(connection, kept.id) is not None
        raise RuntimeError("something went wrong")

    beside: Beside = fail
    with pytest.raises(RuntimeError):
        press(database, KEYS, _draft(database, b"one!"), EXAMPLE.request, now=MONDAY, beside=beside)
    assert _rows(database) == [1, 0, 0, 0, 0]


def test_a_copy_is_the_registration_without_anything_of_an_earlier_one(database: Database) -> None:
    _pressed(database, _draft(database, b"one!"))
    shown = _draft(database, b"two!")
    record = _pressed(database, shown)
    with database.reading() as connection:
        sealed = owner_copies.load(connection, record.id, now=MONDAY)
    assert sealed is not None
    copy = json.loads(open_copy(shown.link_bits, record.id, sealed) or b"")
    assert copy.keys() == json.loads(registration_body(EXAMPLE)).keys()
    assert "eerdereAanmelding" not in copy
