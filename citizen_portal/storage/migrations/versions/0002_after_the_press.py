"""What residents need after the press: proof, clocks, messages, the lost link; postcodes; forgetting"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from citizen_portal.clock import months_after
from citizen_portal.storage.tables import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_HASHES = ("address_hash", "birth_hash", "person_hash", "proof_hash")
_MOMENTS = ("told_urgent_at", "withdrawn_at", "called_at", "ends_at", "forget_at")


def upgrade() -> None:
    """Apply. Columns are added one by one: SQLite's way of moving a table would erase what refers to it."""
    for name in _HASHES:
        op.add_column("registration", sa.Column(name, sa.LargeBinary(length=32), nullable=True))
    for name in _MOMENTS:
        op.add_column("registration", sa.Column(name, UtcDateTime(timezone=True), nullable=True))
    op.add_column("link", sa.Column("origin", sa.String(length=8), nullable=True))
    op.create_index(op.f("ix_registration_person_hash"), "registration", ["person_hash"], unique=False)
    op.create_index(op.f("ix_registration_forget_at"), "registration", ["forget_at"], unique=False)
    op.create_index(op.f("ix_registration_proof_hash"), "registration", ["proof_hash"], unique=True)
    _forget_in_time()
    op.create_table(
        "owner_copy",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_owner_copy_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_owner_copy")),
    )
    op.create_index(op.f("ix_owner_copy_expires_at"), "owner_copy", ["expires_at"], unique=False)
    op.create_table(
        "message_choice",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=5), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("failed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_message_choice_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_message_choice")),
    )
    op.create_table(
        "postcode_import",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_postcode_import")),
    )
    op.create_table(
        "postcode_area",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("postcode", sa.String(length=6), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["generation"],
            ["postcode_import.generation"],
            name=op.f("fk_postcode_area_generation_postcode_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("generation", "postcode", "municipality_code", name=op.f("pk_postcode_area")),
    )


def _forget_in_time() -> None:
    """Registrations that are there already are kept 15 months at most, too."""
    connection = op.get_bind()
    moment = UtcDateTime(timezone=True)
    table = sa.table(
        "registration", sa.column("id", sa.Uuid()), sa.column("registered_at", moment), sa.column("forget_at", moment)
    )
    for row in connection.execute(sa.select(table.c.id, table.c.registered_at)).all():
        pressed: datetime = row.registered_at
        latest = datetime.combine(months_after(pressed.date(), 15), pressed.timetz())
        connection.execute(sa.update(table).where(table.c.id == row.id).values(forget_at=latest))


def downgrade() -> None:
    """Take back."""
    for table in ("postcode_area", "postcode_import", "message_choice", "owner_copy"):
        op.drop_table(table)
    for name in ("proof_hash", "forget_at", "person_hash"):
        op.drop_index(op.f(f"ix_registration_{name}"), table_name="registration")
    op.drop_column("link", "origin")
    for name in (*_MOMENTS, *_HASHES):
        op.drop_column("registration", name)
