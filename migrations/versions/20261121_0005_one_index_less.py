"""Attempts are looked for by their learner, never by a misconception alone: its index cost each attempt a write for nothing."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_judgements_misconception", "judgements")


def downgrade() -> None:
    op.create_index("ix_judgements_misconception", "judgements", ["misconception"])
