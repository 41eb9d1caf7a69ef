"""The press keeps everything or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from citizen_portal.registration.press import DraftChanged, PressedDraft, press
from citizen_portal.sealing import KeyRing
from citizen_portal.storage import drafts
from citizen_portal.storage.database import Database
from citizen_portal.storage.drafts import SealedDraft
from citizen_portal.storage.tables import draft, link, outbox, registration
from tests.support.deliveries import EXAMPLE, MONDAY, SECRET, seconds_after

KEYS = KeyRing([SECRET])


def _draft(database: Database, name: bytes, revision: int = 0) -> PressedDraft:
    with database.writing() as connection:
        drafts.add(connection, SealedDraft(name, revision, b"sealed"), expires_at=seconds_after(MONDAY, 60))
    return PressedDraft(name, revision, name * 4)


def _rows(database: Database) -> list[int]:
    with database.reading() as connection:
        tables = (draft, registration, link, outbox)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_a_press_takes_the_draft_and_leaves_registration_link_and_delivery(database: Database) -> None:
    press(database, KEYS, _draft(database, b"one!"), EXAMPLE.request, now=MONDAY)
    assert _rows(database) == [0, 1, 1, 1]


def test_a_draft_that_was_changed_or_pressed_meanwhile_is_not_pressed(database: Database) -> None:
    shown = _draft(database, b"one!", revision=3)
    with pytest.raises(DraftChanged):
        press(database, KEYS, PressedDraft(shown.row_id, 2, shown.link_bits), EXAMPLE.request, now=MONDAY)
    assert _rows(database) == [1, 0, 0, 0]
    press(database, KEYS, shown, EXAMPLE.request, now=MONDAY)
    with pytest.raises(DraftChanged):
        press(database, KEYS, shown, EXAMPLE.request, now=MONDAY)
    assert _rows(database) == [0, 1, 1, 1]


def test_a_reference_that_is_taken_is_not_given_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["P-0000-0000", "P-0000-0000", "P-0000-001Y"])
    monkeypatch.setattr("citizen_portal.registration.press.new_reference", lambda: next(drawn))
    for name in (b"one!", b"two!"):
        press(database, KEYS, _draft(database, name), EXAMPLE.request, now=MONDAY)
    with database.reading() as connection:
        references = connection.execute(select(registration.c.reference)).scalars().all()
    assert sorted(references) == ["P-0000-0000", "P-0000-001Y"]
