"""The guard against lost writes sees what it should, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Response
from sqlalchemy import Connection, select, text

from citizen_portal.storage import drafts
from citizen_portal.storage.database import Database
from citizen_portal.storage.drafts import SealedDraft
from citizen_portal.storage.tables import draft
from citizen_portal.web.context import portal as current_portal
from tests.support.databases import on_engine
from tests.support.lost_writes import LOST_WRITES
from tests.support.portal import TestPortal

UNTIL = datetime(2026, 11, 24, tzinfo=UTC)
ROLLED_BACK = ["INSERT INTO draft: rolled back although nothing was raised"]


@pytest.fixture(autouse=True)
def _what_these_tests_lose_is_no_fault() -> Iterator[None]:
    yield
    LOST_WRITES.take()


def write(connection: Connection, row_id: bytes = b"row") -> None:
    drafts.add(connection, SealedDraft(row_id, 0, b"sealed"), expires_at=UNTIL)


def test_what_is_committed_is_not_lost(database: Database) -> None:
    with database.writing() as connection:
        write(connection)
    with database.reading() as connection:
        assert drafts.load(connection, b"row", now=datetime(2026, 11, 23, tzinfo=UTC))
    assert LOST_WRITES.take() == []


def test_a_write_in_a_reading_transaction_is_lost(database: Database) -> None:
    with database.reading() as connection:
        write(connection)
    assert LOST_WRITES.take() == ROLLED_BACK


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM draft WHERE revision = 7",
        "update draft set revision = 7",
        "WITH old AS (SELECT 1) UPDATE draft SET revision = 7",
    ],
)
def test_every_kind_of_write_counts_also_without_an_effect(database: Database, statement: str) -> None:
    with database.reading() as connection:
        connection.execute(text(statement))
    assert len(LOST_WRITES.take()) == 1


def test_a_lock_is_not_a_write(database: Database) -> None:
    with database.reading() as connection:
        connection.execute(select(draft.c.row_id).with_for_update())
        connection.execute(select(draft.c.row_id).with_for_update(key_share=True))
    assert LOST_WRITES.take() == []


@on_engine("sqlite")
def test_an_explanation_is_not_a_write(database: Database) -> None:
    with database.reading() as connection:
        connection.execute(text("EXPLAIN QUERY PLAN DELETE FROM draft"))
    assert LOST_WRITES.take() == []


def test_what_an_exception_takes_back_is_not_lost(database: Database) -> None:
    with pytest.raises(KeyError), database.writing() as connection:
        write(connection)
        raise KeyError
    with pytest.raises(KeyError), database.reading() as connection:
        write(connection)
        raise KeyError
    assert LOST_WRITES.take() == []


def test_an_exception_that_was_handled_before_excuses_nothing(database: Database) -> None:
    nothing: dict[str, int] = {}
    try:
        nothing["at all"]
    except KeyError:
        with database.reading() as connection:
            write(connection)
    assert LOST_WRITES.take() == ROLLED_BACK


def test_a_connection_that_is_just_closed_loses_what_it_wrote(database: Database) -> None:
    connection = database.engine.connect()
    write(connection)
    connection.close()
    assert LOST_WRITES.take() == ROLLED_BACK


def test_a_transaction_that_is_left_open_is_a_fault(database: Database) -> None:
    with database.engine.connect() as connection:
        write(connection)
        assert LOST_WRITES.take() == ["INSERT INTO draft: the transaction is still open"]


def test_the_test_client_fails_on_a_view_that_loses_a_write(portal: TestPortal) -> None:
    @portal.app.get("/forgetful")
    def forgetful() -> Response:
        with current_portal().database.reading() as connection:
            write(connection)
        return Response("all went well")

    with pytest.raises(AssertionError, match="GET /forgetful: INSERT INTO draft"):
        portal.client().get("/forgetful")
