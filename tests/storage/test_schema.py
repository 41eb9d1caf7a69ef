"""The migrations make exactly the tables that the code knows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from citizen_portal.resources import PACKAGE
from citizen_portal.storage import schema
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import metadata


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


def test_the_newest_version_is_the_one_the_code_knows() -> None:
    scripts = ScriptDirectory(str(PACKAGE / "storage" / "migrations"))
    assert scripts.get_current_head() == schema.HEAD
