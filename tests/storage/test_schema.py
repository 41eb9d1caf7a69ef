"""The migrations make exactly the tables that the code knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from citizen_portal.resources import PACKAGE
from citizen_portal.storage import schema
from citizen_portal.storage.database import Database
from citizen_portal.storage.tables import metadata


def test_a_migrated_database_is_what_the_code_expects(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert schema.migrate(database)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    schema.migrate(database)
    assert not schema.migrate(database)
    schema.require(database)
    database.close()


def test_an_empty_database_is_told_apart(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(schema.SchemaTooOld):
        schema.require(database)
    database.close()


def test_the_newest_version_is_the_one_the_code_knows() -> None:
    scripts = ScriptDirectory(str(PACKAGE / "storage" / "migrations"))
    assert scripts.get_current_head() == schema.HEAD
