"""What is learnt from the attempts: outcomes, reviews, figures, and corrections of the key."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Float, ForeignKey, Index, Integer, Table, Text, Uuid

from app.storage.models.core import metadata, of_learner
from app.storage.types import UtcDateTime

# One row for each problem whose result may be known; all of it can be computed anew from its attempts.
outcomes = Table(
    "outcomes",
    metadata,
    Column("problem_id", Uuid, ForeignKey("problems.id", ondelete="CASCADE"), primary_key=True),
    of_learner(),
    Column("family", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("drill_id", Uuid),
    Column("happened_at", UtcDateTime, nullable=False),
    Column("first_verdict", Text),
    Column("first_credit", Float),
    Column("misconception", Text),
    Column("confidence", Float),
    Column("seconds", Float),
    Column("expected_seconds", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("hints", Integer, nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("credit", Float, nullable=False),
    Column("closed_at", UtcDateTime),
    # No more than these: each costs every attempt a few µs.
    # The first verdict lets what a learner knows be read from the index alone, in a third of the time.
    Index(None, "learner_id", "family", "happened_at", "first_verdict"),
    Index(None, "family", "level"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("learner_id", Uuid, ForeignKey("learners.id", ondelete="CASCADE"), primary_key=True),
    Column("family", Text, primary_key=True),
    Column("stability", Float, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("last_review", UtcDateTime, nullable=False),
    Column("times", Integer, nullable=False),
    Index(None, "learner_id", "due"),
)

# Each problem is rated once, when it ends or when it is left.
review_log = Table(
    "review_log",
    metadata,
    Column("problem_id", Uuid, ForeignKey("problems.id", ondelete="CASCADE"), primary_key=True),
    of_learner(),
    Column("family", Text, nullable=False),
    Column("rating", Text, nullable=False),
    Column("reviewed_at", UtcDateTime, nullable=False),
    CheckConstraint("rating IN ('again', 'hard', 'good', 'easy')", name="rating"),
    Index(None, "learner_id", "family", "reviewed_at"),
)

# The problem of a day stays what it was, whatever becomes of its family.
dailies = Table(
    "dailies",
    metadata,
    Column("day", Date, primary_key=True),
    Column("family", Text, nullable=False),
    Column("family_version", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("seed", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("convention", Text, nullable=False),
    Column("truth", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

family_rollups = Table(
    "family_rollups",
    metadata,
    Column("family", Text, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("problems", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("learners", Integer, nullable=False),
    Column("first_right", Integer, nullable=False),
    Column("solved", Integer, nullable=False),
    Column("median_seconds", Float),
    Column("discrimination", Float),
    Column("misconceptions", Text, nullable=False),
    Column("as_of", UtcDateTime, nullable=False),
)

problem_reports = Table(
    "problem_reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("problem_id", Uuid, ForeignKey("problems.id", ondelete="CASCADE"), nullable=False),
    of_learner(),
    Column("family", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("resolution", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime),
    CheckConstraint("state IN ('open', 'confirmed', 'rejected')", name="state"),
    Index(None, "state", "id"),
    Index(None, "problem_id"),
    Index(None, "learner_id", "id"),
)

# How far a regrade has come: one that was stopped goes on behind its cursor.
regrades = Table(
    "regrades",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("family", Text, nullable=False),
    Column("family_version", Integer, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("grader_version", Text, nullable=False),
    Column("cursor", Uuid),
    Column("problems", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("corrected", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(None, "family", "id"),
)

truth_corrections = Table(
    "truth_corrections",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("problem_id", Uuid, ForeignKey("problems.id", ondelete="CASCADE"), nullable=False),
    Column("regrade_id", Uuid, nullable=False),
    Column("family_version", Integer, nullable=False),
    Column("truth_before", Text, nullable=False),
    Column("truth_after", Text, nullable=False),
    Column("corrected_at", UtcDateTime, nullable=False),
    Index(None, "problem_id", "id"),
)
