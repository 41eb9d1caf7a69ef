"""A question put to the driver itself answers as SQLAlchemy would."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, Uuid, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from citizen_portal.storage import drafts
from citizen_portal.storage.database import Database
from citizen_portal.storage.drafts import SealedDraft
from citizen_portal.storage.question import Question
from citizen_portal.storage.tables import draft, registration
from tests.support.portal import MONDAY, TestPortal
from tests.support.walk import press_as


def test_values_go_in_and_come_out_as_sqlalchemy_has_them(portal: TestPortal) -> None:
    press_as(portal)
    statement = select(registration).where(registration.c.registered_at <= bindparam("moment"))
    with portal.database.reading() as connection:
        expected = [tuple(row) for row in connection.execute(statement, {"moment": MONDAY})]
    with portal.database.reading() as connection:
        rows = Question(statement).rows(connection, moment=MONDAY)
    assert rows == expected
    kinds = {type(value) for value in rows[0]}
    assert {UUID, datetime, date} <= kinds
    assert all(value.tzinfo is UTC for value in rows[0] if isinstance(value, datetime))


def test_a_question_sees_what_its_own_transaction_wrote(database: Database) -> None:
    question = Question(select(draft.c.revision).where(draft.c.row_id == bindparam("wanted")))
    with database.writing() as connection:
        drafts.add(connection, SealedDraft(b"row", 3, b"sealed"), expires_at=MONDAY)
        assert question.rows(connection, wanted=b"row") == [(3,)]
        assert question.rows(connection, wanted=b"another") == []


def test_what_the_driver_objects_to_is_raised_as_the_database_being_away(database: Database) -> None:
    missing = Table("no_such_table", MetaData(), Column("id", Uuid))
    with database.reading() as connection, pytest.raises(SQLAlchemyError):
        Question(select(missing)).rows(connection)
