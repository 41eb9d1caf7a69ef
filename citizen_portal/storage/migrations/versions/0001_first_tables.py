"""First tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from citizen_portal.storage.tables import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "draft",
        sa.Column("row_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_expires_at"), "draft", ["expires_at"], unique=False)
    op.create_table(
        "intake_wait",
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("probe_claim", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("municipality_code", name=op.f("pk_intake_wait")),
    )
    op.create_table(
        "parked_event",
        sa.Column("arrival", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("arrival", name=op.f("pk_parked_event")),
        sa.UniqueConstraint(
            "municipality_code", "source", "event_id", name=op.f("uq_parked_event_municipality_code_source_event_id")
        ),
    )
    op.create_index(op.f("ix_parked_event_received_at"), "parked_event", ["received_at"], unique=False)
    op.create_index(op.f("ix_parked_event_subject"), "parked_event", ["subject"], unique=False)
    op.create_table(
        "rate_window",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_window")),
    )
    op.create_index(op.f("ix_rate_window_expires_at"), "rate_window", ["expires_at"], unique=False)
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column("draft_row_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("first_municipality_code", sa.String(length=6), nullable=False),
        sa.Column("registered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("conversation_due", sa.Date(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("intake_number", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("draft_row_id", name=op.f("uq_registration_draft_row_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_registration_reference")),
    )
    op.create_index(op.f("ix_registration_municipality_code"), "registration", ["municipality_code"], unique=False)
    op.create_table(
        "event",
        sa.Column("arrival", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_event_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("arrival", name=op.f("pk_event")),
        sa.UniqueConstraint(
            "municipality_code", "source", "event_id", name=op.f("uq_event_municipality_code_source_event_id")
        ),
    )
    op.create_index(op.f("ix_event_registration_id"), "event", ["registration_id"], unique=False)
    op.create_table(
        "link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_link_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link")),
    )
    op.create_index(op.f("ix_link_registration_id"), "link", ["registration_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("municipality_code", sa.String(length=6), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_outbox_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("registration_id", "position", name=op.f("uq_outbox_registration_id_position")),
    )
    op.create_index(
        op.f("ix_outbox_municipality_code_urgent_next_at"),
        "outbox",
        ["municipality_code", "urgent", "next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_outbox_state_municipality_code"), "outbox", ["state", "municipality_code"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_outbox_state_municipality_code"), table_name="outbox")
    op.drop_index(
        op.f("ix_outbox_municipality_code_urgent_next_at"),
        table_name="outbox",
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.drop_table("outbox")
    op.drop_index(op.f("ix_link_registration_id"), table_name="link")
    op.drop_table("link")
    op.drop_index(op.f("ix_event_registration_id"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_registration_municipality_code"), table_name="registration")
    op.drop_table("registration")
    op.drop_index(op.f("ix_rate_window_expires_at"), table_name="rate_window")
    op.drop_table("rate_window")
    op.drop_index(op.f("ix_parked_event_subject"), table_name="parked_event")
    op.drop_index(op.f("ix_parked_event_received_at"), table_name="parked_event")
    op.drop_table("parked_event")
    op.drop_table("intake_wait")
    op.drop_index(op.f("ix_draft_expires_at"), table_name="draft")
    op.drop_table("draft")
