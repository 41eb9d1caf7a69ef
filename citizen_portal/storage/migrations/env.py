"""Alembic's entry: runs on the connection that `storage.schema` hands over."""

from __future__ import annotations

from alembic import context

from citizen_portal.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a column in place; Alembic then moves the whole table.
    render_as_batch=context.config.attributes.get("batch", True),
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
