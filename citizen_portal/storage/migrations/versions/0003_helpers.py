"""Filling in together: hand-over of a draft, what a helper may do, links that carry the owner's copy along"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from citizen_portal.storage.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HASH = 32


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "handover",
        sa.Column("ticket_row_id", sa.LargeBinary(length=_HASH), nullable=False),
        sa.Column("draft_row_id", sa.LargeBinary(length=_HASH), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("code_locator", sa.LargeBinary(length=_HASH), nullable=True),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("ticket_row_id", name=op.f("pk_handover")),
        sa.UniqueConstraint("draft_row_id", name=op.f("uq_handover_draft_row_id")),
    )
    for name in ("expires_at", "code_locator"):
        op.create_index(op.f(f"ix_handover_{name}"), "handover", [name], unique=False)
    op.add_column("link", sa.Column("carried", sa.LargeBinary(), nullable=True))
    for name in ("helper_may_be_contacted", "helper_may_follow"):
        op.add_column("registration", sa.Column(name, sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Undo."""
    for name in ("helper_may_follow", "helper_may_be_contacted"):
        op.drop_column("registration", name)
    op.drop_column("link", "carried")
    op.drop_table("handover")
