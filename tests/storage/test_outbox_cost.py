"""What a claim costs: it looks at what it may hand out; what was delivered, parked or blocked costs it nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, text

from citizen_portal.sealing import KeyRing
from citizen_portal.storage import intake_waits, outbox
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import outbox as outbox_table
from citizen_portal.storage.tables import registration as registration_table
from tests.support.databases import on_engine
from tests.support.deliveries import MONDAY, another_registration, claim, press
from tests.support.plans import noted, plan_steps

MINUTE = timedelta(minutes=1)


@on_engine("sqlite")
def test_no_question_of_a_worker_walks_through_the_table(database: Database, keys: KeyRing) -> None:
    press(database, keys, another_registration())
    with noted(database) as asked:
        [entry] = claim(database)
        with database.writing() as connection:
            assert outbox.still_claimed(connection, [entry]) == {entry.id}
            outbox.received(connection, [(entry, "Z-1")], now=MONDAY)
    plans = [step for statement in asked for step in plan_steps(database, statement)]
    assert any("ix_outbox_municipality_code_urgent_next_at" in step for step in plans)
    assert any("ix_outbox_state_municipality_code" in step for step in plans)
    assert "SEARCH registration USING INDEX sqlite_autoindex_registration_1 (id=?)" in plans
    assert [step for step in plans if step.startswith(("SCAN outbox", "SCAN registration"))] == []


@on_engine("sqlite")
@pytest.mark.parametrize("analysed", [False, True])
def test_a_claim_takes_as_many_steps_with_a_long_history_as_without(
    database: Database, keys: KeyRing, analysed: bool
) -> None:
    press(database, keys, another_registration())
    short = _steps_of_a_claim(database)
    _history(database, 3000)
    if analysed:
        # With figures about the tables SQLite chooses other ways.
        with database.writing() as connection:
            connection.execute(text("ANALYZE"))
    press(database, keys, another_registration())
    assert _steps_of_a_claim(database) < short * 3


def _steps_of_a_claim(database: Database) -> int:
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    with database.writing() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 10)
        claimed = outbox.claim(connection, now=MONDAY, lease=MINUTE, limit=1, cap=4)
        driver.set_progress_handler(None, 0)
        [entry] = claimed
        outbox.received(connection, [(entry, None)], now=MONDAY)
    return steps


def _history(database: Database, count: int) -> None:
    """Delivered, parked, blocked (its municipality waits) and future messages, so many of each."""
    states = {"delivered": None, "parked": None, "queued": MONDAY, "waiting": MONDAY + MINUTE}
    rows = [
        (uuid4(), state, next_at, code)
        for state, next_at in states.items()
        for _ in range(count)
        for code in ["GM0344" if state == "queued" else "GM0363"]
    ]
    registrations = [
        {
            "id": row_id,
            "reference": f"P-{number:08d}",
            "draft_row_id": row_id.bytes,
            "municipality_code": code,
            "first_municipality_code": code,
            "registered_at": MONDAY,
            "conversation_due": MONDAY.date(),
            "urgent": False,
        }
        for number, (row_id, _, _, code) in enumerate(rows)
    ]
    messages = [
        {
            "id": uuid4(),
            "registration_id": row_id,
            "position": 0,
            "kind": "registration",
            "municipality_code": code,
            "urgent": state == "waiting",
            "state": state,
            "attempts": 0,
            "next_at": next_at,
            "created_at": MONDAY,
        }
        for row_id, state, next_at, code in rows
    ]
    with database.writing() as connection:
        connection.execute(insert(registration_table), registrations)
        connection.execute(insert(outbox_table), messages)
        assert intake_waits.begin(connection, "GM0344", next_at=MONDAY + MINUTE, reason="401", now=MONDAY)
