"""The journal, what is handed over to people, and signals between processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "journal",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("packs", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("understood_json", sa.Text, nullable=False),
        sa.Column("answered", sa.Text, nullable=False),
        sa.Column("cited_json", sa.Text, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("micros", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
    )
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_index("ix_journal_session", "journal", ["session"])
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=True),
        sa.Column("touched", sa.Integer, nullable=False),
        sa.Column("closed_by", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_status_at", "handovers", ["status", "at"])
    op.create_index("ix_handovers_session_status", "handovers", ["session", "status"])
    op.create_index(
        "uq_handovers_open",
        "handovers",
        ["session"],
        unique=True,
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )
    op.create_table(
        "handover_lines",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("handover", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["handover"],
            ["handovers.id"],
            name="fk_handover_lines_handover_handovers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handover_lines"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handover_lines_handover_id", "handover_lines", ["handover", "id"])
    op.create_index("ix_handover_lines_key", "handover_lines", ["key"], unique=True)
    op.create_table(
        "signals",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_signals"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("signals", "handover_lines", "handovers", "journal"):
        op.drop_table(table)
