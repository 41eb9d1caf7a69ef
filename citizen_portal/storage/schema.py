"""The schema's versions: brought up to date by Alembic, in one transaction, by one process at a time."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from citizen_portal.resources import PACKAGE
from citizen_portal.storage.database import Database

HEAD = "0003"
"""The newest version; a test compares it with the migrations. Known here so that a start need not load Alembic."""


class SchemaTooOld(Exception):
    """The database has to be migrated first (`citizen-portal migrate`)."""


def migrate(database: Database) -> bool:
    """Bring the schema up to date. False: it was already. Safe to call from several processes at once."""
    with database.reading() as connection:
        if version(connection) == HEAD:
            return False
    move_to(database, "head")
    return True


def move_to(database: Database, revision: str) -> None:
    """Bring the schema to this version: forward, or (`-1`: the one before) back, which loses what is new."""
    # Loaded only when there is something to do: it costs as much as the rest of a start.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(PACKAGE / "storage" / "migrations"))
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(5081403)"))
        config.attributes["connection"] = connection
        (command.downgrade if revision.startswith("-") else command.upgrade)(config, revision)


def require(database: Database) -> None:
    """Raises SchemaTooOld unless the schema is up to date."""
    with database.reading() as connection:
        if version(connection) != HEAD:
            raise SchemaTooOld


def version(connection: Connection) -> str | None:
    """The version of the schema, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
