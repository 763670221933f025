"""Drills, rooms, outcomes, reviews, the problem of the day, figures of families, and corrections of the key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Instant = sa.DateTime(timezone=True)
NEW_TABLES = (
    "truth_corrections", "regrades", "problem_reports", "family_rollups", "dailies", "review_log", "reviews", "outcomes",
    "follow_ups",
)  # fmt: skip


def upgrade() -> None:
    _create_rooms()
    _create_drills()
    _extend_learners()
    _extend_problems()
    op.add_column("attempts", sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
    _create_follow_ups()
    _create_outcomes()
    _create_reviews()
    _create_dailies()
    _create_family_rollups()
    _create_problem_reports()
    _create_regrades()
    op.execute(OUTCOMES_SO_FAR)


def downgrade() -> None:
    """Go back; whoever joined a room with a name alone had rights in that room only, and keeps none."""
    op.execute("DELETE FROM tokens WHERE learner_id IN (SELECT id FROM learners WHERE room_id IS NOT NULL)")
    for table in NEW_TABLES:
        op.drop_table(table)
    op.drop_column("attempts", "late")
    op.drop_index("ix_problems_drill_id_position", "problems")
    for column in ("corrected_at", "withheld", "position", "drill_id", "expected_seconds"):
        op.drop_column("problems", column)
    op.drop_index("ix_learners_room_id", "learners")
    for column in ("room_id", "streak", "time_zone"):
        op.drop_column("learners", column)
    op.drop_table("drills")
    op.drop_table("rooms")


def _of(table: str, column: str, target: str = "learners", on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=on_delete)


def _add_reference(table: str, column: str, target: str) -> None:
    """Add a column that refers to another table: SQLite takes such a constraint in the same breath only."""
    kind = sa.Uuid().dialect_impl(op.get_bind().dialect).compile(op.get_bind().dialect)
    constraint = f"CONSTRAINT fk_{table}_{column} REFERENCES {target} (id) ON DELETE CASCADE"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} {constraint}")


def _create_rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("preset", sa.Text()),
        sa.Column("blueprint", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("again_of", sa.Uuid()),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("closed_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        _of("rooms", "owner_id"),
        sa.UniqueConstraint("code", name="uq_rooms_code"),
    )
    op.create_index("ix_rooms_owner_id_id", "rooms", ["owner_id", "id"])


def _create_drills() -> None:
    op.create_table(
        "drills",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid()),
        sa.Column("preset", sa.Text()),
        sa.Column("blueprint", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ends_at", Instant),
        sa.Column("paused_at", Instant),
        sa.Column("paused_seconds", sa.Float(), nullable=False),
        sa.Column("finished_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_drills"),
        _of("drills", "learner_id"),
        _of("drills", "room_id", "rooms", "SET NULL"),
        sa.UniqueConstraint("room_id", "learner_id", name="uq_drills_room_id_learner_id"),
        sa.CheckConstraint("state IN ('running', 'paused', 'finished')", name=op.f("ck_drills_state")),
    )
    op.create_index("ix_drills_learner_id_id", "drills", ["learner_id", "id"])
    op.create_index("ix_drills_state_ends_at", "drills", ["state", "ends_at"])


def _extend_learners() -> None:
    op.add_column("learners", sa.Column("time_zone", sa.Text(), nullable=False, server_default=sa.text("'UTC'")))
    op.add_column("learners", sa.Column("streak", sa.Boolean(), nullable=False, server_default=sa.true()))
    _add_reference("learners", "room_id", "rooms")
    op.create_index("ix_learners_room_id", "learners", ["room_id"])


def _extend_problems() -> None:
    op.add_column("problems", sa.Column("expected_seconds", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.execute(EXPECTED_SECONDS[op.get_bind().dialect.name])
    _add_reference("problems", "drill_id", "drills")
    op.add_column("problems", sa.Column("position", sa.Integer()))
    op.add_column("problems", sa.Column("withheld", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("problems", sa.Column("corrected_at", Instant))
    op.create_index("ix_problems_drill_id_position", "problems", ["drill_id", "position"], unique=True)


def _create_follow_ups() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", Instant),
        sa.Column("mark", sa.Float()),
        sa.Column("remark", sa.Text()),
        sa.Column("marked_at", Instant),
        sa.PrimaryKeyConstraint("problem_id", name="pk_follow_ups"),
        _of("follow_ups", "problem_id", "problems"),
        _of("follow_ups", "learner_id"),
    )
    op.create_index("ix_follow_ups_learner_id", "follow_ups", ["learner_id"])


def _create_outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("drill_id", sa.Uuid()),
        sa.Column("happened_at", Instant, nullable=False),
        sa.Column("first_verdict", sa.Text()),
        sa.Column("first_credit", sa.Float()),
        sa.Column("misconception", sa.Text()),
        sa.Column("confidence", sa.Float()),
        sa.Column("seconds", sa.Float()),
        sa.Column("expected_seconds", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("credit", sa.Float(), nullable=False),
        sa.Column("closed_at", Instant),
        sa.PrimaryKeyConstraint("problem_id", name="pk_outcomes"),
        _of("outcomes", "problem_id", "problems"),
        _of("outcomes", "learner_id"),
    )
    columns = ["learner_id", "family", "happened_at", "first_verdict"]
    op.create_index("ix_outcomes_learner_id_family_happened_at_first_verdict", "outcomes", columns)
    op.create_index("ix_outcomes_family_level", "outcomes", ["family", "level"])


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("stability", sa.Float(), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("due", Instant, nullable=False),
        sa.Column("last_review", Instant, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "family", name="pk_reviews"),
        _of("reviews", "learner_id"),
    )
    op.create_index("ix_reviews_learner_id_due", "reviews", ["learner_id", "due"])
    op.create_table(
        "review_log",
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.Column("reviewed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("problem_id", name="pk_review_log"),
        _of("review_log", "problem_id", "problems"),
        _of("review_log", "learner_id"),
        sa.CheckConstraint("rating IN ('again', 'hard', 'good', 'easy')", name=op.f("ck_review_log_rating")),
    )
    op.create_index("ix_review_log_learner_id_family_reviewed_at", "review_log", ["learner_id", "family", "reviewed_at"])


def _create_dailies() -> None:
    op.create_table(
        "dailies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("family_version", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("convention", sa.Text(), nullable=False),
        sa.Column("truth", sa.Text(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_dailies"),
    )


def _create_family_rollups() -> None:
    op.create_table(
        "family_rollups",
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("first_right", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("median_seconds", sa.Float()),
        sa.Column("discrimination", sa.Float()),
        sa.Column("misconceptions", sa.Text(), nullable=False),
        sa.Column("as_of", Instant, nullable=False),
        sa.PrimaryKeyConstraint("family", "level", name="pk_family_rollups"),
    )


def _create_problem_reports() -> None:
    op.create_table(
        "problem_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text()),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("resolved_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_problem_reports"),
        _of("problem_reports", "problem_id", "problems"),
        _of("problem_reports", "learner_id"),
        sa.CheckConstraint("state IN ('open', 'confirmed', 'rejected')", name=op.f("ck_problem_reports_state")),
    )
    op.create_index("ix_problem_reports_state_id", "problem_reports", ["state", "id"])
    op.create_index("ix_problem_reports_problem_id", "problem_reports", ["problem_id"])
    op.create_index("ix_problem_reports_learner_id_id", "problem_reports", ["learner_id", "id"])


def _create_regrades() -> None:
    op.create_table(
        "regrades",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("family_version", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("grader_version", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Uuid()),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_regrades"),
    )
    op.create_index("ix_regrades_family_id", "regrades", ["family", "id"])
    op.create_table(
        "truth_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("family_version", sa.Integer(), nullable=False),
        sa.Column("truth_before", sa.Text(), nullable=False),
        sa.Column("truth_after", sa.Text(), nullable=False),
        sa.Column("corrected_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_truth_corrections"),
        _of("truth_corrections", "problem_id", "problems"),
    )
    op.create_index("ix_truth_corrections_problem_id_id", "truth_corrections", ["problem_id", "id"])


EXPECTED_SECONDS = {
    "sqlite": "UPDATE problems SET expected_seconds = coalesce(json_extract(shown, '$.expected_seconds'), 0)",
    "postgresql": "UPDATE problems SET expected_seconds = coalesce((shown::json ->> 'expected_seconds')::integer, 0)",
}

# What was practised before this version counts too: one outcome for each problem that was answered or closed.
OUTCOMES_SO_FAR = """
INSERT INTO outcomes (problem_id, learner_id, family, topic, level, drill_id, happened_at, first_verdict, first_credit,
                      misconception, confidence, seconds, expected_seconds, tries, hints, solved, credit, closed_at)
WITH latest AS (
    SELECT attempt_id, verdict, credit, misconception,
           row_number() OVER (PARTITION BY attempt_id ORDER BY id DESC) AS age
    FROM judgements
), counted AS (
    SELECT a.problem_id, a.submitted_at, a.confidence, a.duration_ms, j.verdict, j.credit, j.misconception,
           row_number() OVER (PARTITION BY a.problem_id ORDER BY a.number) AS first,
           row_number() OVER (PARTITION BY a.problem_id ORDER BY a.number DESC) AS last
    FROM attempts a JOIN latest j ON j.attempt_id = a.id AND j.age = 1
    WHERE a.counted
)
SELECT p.id, p.learner_id, p.family, p.topic, p.level, NULL, coalesce(f.submitted_at, p.closed_at), f.verdict, f.credit,
       f.misconception, f.confidence, f.duration_ms / 1000.0, p.expected_seconds, p.tries, p.hints_taken,
       p.state = 'solved', coalesce(l.credit, 0), p.closed_at
FROM problems p
LEFT JOIN counted f ON f.problem_id = p.id AND f.first = 1
LEFT JOIN counted l ON l.problem_id = p.id AND l.last = 1
WHERE f.problem_id IS NOT NULL OR p.closed_at IS NOT NULL
"""
