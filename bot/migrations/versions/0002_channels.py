"""Receipts, the outbox and leftovers, for the channels that platforms call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the channels."""
    op.create_table(
        "receipts",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_receipts"),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("due", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_channel_lane_id", "outbox", ["channel", "lane", "id"])
    op.create_table(
        "leftovers",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("parts", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_leftovers"),
    )
    op.create_index("ix_leftovers_at", "leftovers", ["at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("leftovers", "outbox", "receipts"):
        op.drop_table(table)
