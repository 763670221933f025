"""Learners, tokens, problems, attempts, judgements and remembered responses."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_learners()
    _create_tokens()
    _create_problems()
    _create_attempts()
    _create_judgements()
    _create_idempotency()
    if op.get_bind().dialect.name == "sqlite":
        _mark_file()
        _guard_on_sqlite("attempts", "EXISTS (SELECT 1 FROM learners WHERE id = OLD.learner_id)")
        _guard_on_sqlite("judgements", "EXISTS (SELECT 1 FROM attempts WHERE id = OLD.attempt_id)")
    else:
        _guard_on_postgresql("attempts", "EXISTS (SELECT 1 FROM learners WHERE id = OLD.learner_id)")
        _guard_on_postgresql("judgements", "EXISTS (SELECT 1 FROM attempts WHERE id = OLD.attempt_id)")


def downgrade() -> None:
    for table in ("idempotency", "judgements", "attempts", "problems", "tokens", "learners"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("attempts", "judgements"):
            op.execute(f"DROP FUNCTION {table}_append_only()")


def _learner(*, nullable: bool = False) -> sa.Column[UUID]:
    return sa.Column("learner_id", sa.Uuid(), nullable=nullable)


def _of_learner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=f"fk_{table}_learner_id", ondelete="CASCADE")


def _create_learners() -> None:
    learners = op.create_table(
        "learners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learners"),
        sa.CheckConstraint("role IN ('learner', 'coach', 'admin')", name=op.f("ck_learners_role")),
    )
    local = {
        "id": UUID("00000000-0000-7000-8000-000000000001"),
        "name": "local",
        "role": "admin",
        "language": "en",
        "created_at": datetime.now(UTC),
    }
    op.bulk_insert(learners, [local])


def _create_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        _learner(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant),
        sa.Column("revoked_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        _of_learner("tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    op.create_index("ix_tokens_learner_id_id", "tokens", ["learner_id", "id"])


def _create_problems() -> None:
    op.create_table(
        "problems",
        sa.Column("id", sa.Uuid(), nullable=False),
        _learner(),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("family_version", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text()),
        sa.Column("preset", sa.Text()),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("convention", sa.Text(), nullable=False),
        sa.Column("truth", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("hints_taken", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
        _of_learner("problems"),
        sa.CheckConstraint("state IN ('open', 'solved', 'revealed', 'expired')", name=op.f("ck_problems_state")),
    )
    op.create_index("ix_problems_learner_id_id", "problems", ["learner_id", "id"])
    op.create_index("ix_problems_learner_id_state_id", "problems", ["learner_id", "state", "id"])


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        _learner(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Float()),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("submitted_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.ForeignKeyConstraint(["problem_id"], ["problems.id"], name="fk_attempts_problem_id", ondelete="CASCADE"),
        _of_learner("attempts"),
        sa.UniqueConstraint("problem_id", "number", name="uq_attempts_problem_id_number"),
    )
    op.create_index("ix_attempts_learner_id_id", "attempts", ["learner_id", "id"])


def _create_judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("credit", sa.Float(), nullable=False),
        sa.Column("misconception", sa.Text()),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("family_version", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("grader_version", sa.Text(), nullable=False),
        sa.Column("judged_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_judgements"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_judgements_attempt_id", ondelete="CASCADE"),
        sa.CheckConstraint("verdict IN ('right', 'partly_right', 'wrong', 'too_coarse')", name=op.f("ck_judgements_verdict")),
    )
    op.create_index("ix_judgements_attempt_id_id", "judgements", ["attempt_id", "id"])
    op.create_index("ix_judgements_misconception", "judgements", ["misconception"])


def _create_idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _learner(nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency"),
        _of_learner("idempotency"),
    )
    op.create_index("ix_idempotency_learner_id", "idempotency", ["learner_id"])
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])


def _mark_file() -> None:
    """Write the application's number into the file's header, so that another program's file is recognised as such."""
    op.execute("PRAGMA application_id = 0x58446C6C")


def _guard_on_sqlite(table: str, owner_is_there: str) -> None:
    """Refuse every change of a row, and its removal while its owner is there: a cascade comes after the owner is gone."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {owner_is_there} {refuse}")


def _guard_on_postgresql(table: str, owner_is_there: str) -> None:
    """Refuse the same as on SQLite, and TRUNCATE, which fires no row trigger."""
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF NOT {owner_is_there} THEN RETURN OLD; END IF; END IF; "
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
