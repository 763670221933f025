"""The seed that a drill was planned from: whoever starts one of the same seed and terms is asked the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drills", sa.Column("seed", sa.Text()))


def downgrade() -> None:
    op.drop_column("drills", "seed")
