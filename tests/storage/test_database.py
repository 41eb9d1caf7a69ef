"""A transaction is kept as a whole or not at all, and nobody waits for a database without a limit."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import text

from citizen_portal.storage import database as storage
from citizen_portal.storage import drafts
from citizen_portal.storage.database import Database, DatabaseAway, NotDurable
from citizen_portal.storage.drafts import SealedDraft
from tests.support.databases import on_engine
from tests.support.deliveries import MONDAY
from tests.support.postgres import PostgresServer

ROW = b"r" * 32


def add_draft(database: Database, row_id: bytes = ROW) -> None:
    with database.writing() as connection:
        drafts.add(connection, SealedDraft(row_id, 1, b"sealed"), expires_at=MONDAY + timedelta(hours=24))


def is_kept(database: Database, row_id: bytes = ROW) -> bool:
    with database.reading() as connection:
        return drafts.load(connection, row_id, now=MONDAY) is not None


def with_options(database: Database, options: str) -> Database:
    return Database(database.url.update_query_dict({"options": options}).render_as_string())


def setting(database: Database, name: str) -> object:
    with database.reading() as connection:
        return connection.execute(text(f"SHOW {name}")).scalar()


def test_what_was_written_is_there_for_others_when_the_block_ends(database: Database) -> None:
    with database.writing() as connection:
        drafts.add(connection, SealedDraft(ROW, 1, b"sealed"), expires_at=MONDAY + timedelta(hours=24))
        assert not is_kept(database)
    assert is_kept(database)


def test_nothing_stays_of_a_block_that_raised(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as connection:
        drafts.add(connection, SealedDraft(ROW, 1, b"sealed"), expires_at=MONDAY + timedelta(hours=24))
        raise RuntimeError
    assert not is_kept(database)


def test_of_two_writers_of_one_row_the_second_sees_what_the_first_did(database: Database) -> None:
    add_draft(database)
    with ThreadPoolExecutor(2) as pool:

        def remove() -> bool:
            with database.writing() as connection:
                return drafts.remove(connection, ROW, revision=1)

        assert sorted(one.result() for one in [pool.submit(remove), pool.submit(remove)]) == [False, True]


def test_who_finds_every_connection_taken_is_told_within_the_limit(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "_POOL_SECONDS", 0.05)
    monkeypatch.setattr(storage, "_CONNECTIONS", 1)
    database = Database(database_url)
    with database.reading(), pytest.raises(DatabaseAway), database.reading():
        pass
    database.close()


@on_engine("postgresql")
class TestPostgresql:
    def test_a_statement_that_takes_too_long_is_ended(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(storage._LIMITS, "statement_timeout", 50)
        database = Database(database_url)
        with pytest.raises(DatabaseAway, match="statement timeout"), database.reading() as connection:
            connection.execute(text("SELECT pg_sleep(5)"))
        assert not is_kept(database)
        database.close()

    def test_who_waits_too_long_for_another_writer_is_told(
        self, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(storage._LIMITS, "lock_timeout", 50)
        database = Database(database_url)
        add_draft(database)
        with database.writing() as first:
            assert drafts.remove(first, ROW, revision=1)
            with pytest.raises(DatabaseAway, match="lock timeout"), database.writing() as second:
                drafts.remove(second, ROW, revision=1)
        database.close()

    def test_the_limits_of_the_address_go_before_ours(self, database: Database) -> None:
        own = with_options(database, "-c statement_timeout=1234")
        assert setting(own, "statement_timeout") == "1234ms"
        assert setting(own, "lock_timeout") == "5s"
        own.close()

    def test_a_connection_that_was_cut_while_nobody_used_it_costs_no_page(self, database: Database) -> None:
        with database.reading() as connection:
            cut = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other = Database(database.url.render_as_string())
        with other.reading() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:cut, 5000)"), {"cut": cut})
        other.close()
        assert not is_kept(database)

    def test_a_server_that_may_lose_what_it_acknowledged_is_refused(self, database: Database) -> None:
        # The server of the tests is one of those.
        with pytest.raises(NotDurable, match="fsync"):
            database.require_durable()


def test_a_server_as_it_comes_is_accepted_until_somebody_switches_off_waiting_for_the_disk() -> None:
    with PostgresServer() as server:
        database = Database(server.url("postgres"))
        database.require_durable()
        hasty = with_options(database, "-c synchronous_commit=off")
        with pytest.raises(NotDurable, match="synchronous_commit"):
            hasty.require_durable()
        hasty.close()
        database.close()


@on_engine("sqlite")
@pytest.mark.parametrize("lasting", [True, False])
def test_who_waits_too_long_for_another_process_is_told(
    database_url: str, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    monkeypatch.setattr(storage, "_BUSY_SECONDS", 0.05)
    one, other = Database(database_url), Database(database_url)
    with one.writing(), pytest.raises(DatabaseAway), other.writing(lasting=lasting):
        pass
    one.close()
    other.close()


@on_engine("sqlite")
def test_sqlite_is_durable_as_it_is_opened(database: Database) -> None:
    database.require_durable()
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_a_new_file_that_another_process_is_busy_with_is_waited_for(tmp_path: Path) -> None:
    """What `serve` and `work` do when they are started together for the first time."""
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE first (one)")
        other.execute("BEGIN IMMEDIATE")
        free = Timer(0.2, other.execute, ["COMMIT"])
        free.start()
        database = Database(f"sqlite:///{tmp_path / 'new.db'}")
        with database.reading() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        free.join()
        database.close()
