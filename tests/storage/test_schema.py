"""The migrations make exactly the tables that the code knows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from citizen_portal.resources import PACKAGE
from citizen_portal.storage import schema
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import link, metadata, registration


def test_a_migrated_database_is_what_the_code_expects(empty_database: Database) -> None:
    database = empty_database
    assert schema.migrate(database)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(empty_database: Database) -> None:
    database = empty_database
    schema.migrate(database)
    assert not schema.migrate(database)
    schema.require(database)


def test_an_empty_database_is_told_apart(empty_database: Database) -> None:
    with pytest.raises(schema.SchemaTooOld):
        schema.require(empty_database)


def test_several_processes_that_migrate_at_once_do_it_once(empty_database: Database) -> None:
    beside = [Database(empty_database.url.render_as_string(hide_password=False)) for _ in range(8)]
    with ThreadPoolExecutor(len(beside)) as pool:
        migrated = list(pool.map(schema.migrate, beside))
    schema.require(empty_database)
    assert any(migrated)
    for database in beside:
        database.close()


def test_what_was_registered_before_the_terms_of_forgetting_gets_one_and_keeps_what_belongs_to_it(
    empty_database: Database,
) -> None:
    database, pressed = empty_database, datetime(2026, 11, 30, 9, 4, tzinfo=UTC)
    schema.move_to(database, "0001")
    kept = {"id": uuid4(), "reference": "P-7K2M-9QX4", "draft_row_id": b"d", "registered_at": pressed}
    kept |= {"municipality_code": "GM0363", "first_municipality_code": "GM0363"}
    kept |= {"conversation_due": date(2026, 12, 28), "urgent": False}
    belongs = {"token_hash": b"t", "registration_id": kept["id"], "scope": "owner"}
    with database.writing() as connection:
        connection.execute(insert(registration), kept)
        connection.execute(insert(link), {**belongs, "created_at": pressed, "expires_at": pressed})
    schema.migrate(database)
    with database.reading() as connection:
        [row] = connection.execute(select(registration)).all()
        assert row.forget_at == datetime(2028, 2, 29, 9, 4, tzinfo=UTC)
        assert len(connection.execute(select(link)).all()) == 1


def test_every_version_can_be_taken_back_and_made_again(empty_database: Database) -> None:
    schema.migrate(empty_database)
    for before in range(int(schema.HEAD) - 1, 0, -1):
        schema.move_to(empty_database, "-1")
        with empty_database.reading() as connection:
            assert schema.version(connection) == f"{before:04}"
    schema.migrate(empty_database)
    with empty_database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_version_is_the_one_the_code_knows() -> None:
    scripts = ScriptDirectory(str(PACKAGE / "storage" / "migrations"))
    assert scripts.get_current_head() == schema.HEAD
