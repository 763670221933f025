"""When a token was last used, who a learner is elsewhere, and what admins and coaches did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("tokens", sa.Column("last_used_at", Instant))
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name="fk_identities_learner_id", ondelete="CASCADE"),
    )
    op.create_index("ix_identities_learner_id", "identities", ["learner_id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", Instant, nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_actor_id_id", "audit", ["actor_id", "id"])
    op.create_index("ix_audit_subject_id_id", "audit", ["subject_id", "id"])


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("identities")
    op.drop_column("tokens", "last_used_at")
