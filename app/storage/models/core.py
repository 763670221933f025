"""Who practises, and what they were asked and answered."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)

from app.storage.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def of_learner(name: str = "learner_id", *, nullable: bool = False) -> Column[UUID]:
    """Return the column of whose row it is: with the learner it is erased."""
    return Column(name, Uuid, ForeignKey("learners.id", ondelete="CASCADE"), nullable=nullable)


learners = Table(
    "learners",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("time_zone", Text, nullable=False, server_default=text("'UTC'")),
    Column("streak", Boolean, nullable=False, server_default=true()),
    # Whoever joined a room with a name alone; they may do what that room is for, and go with it.
    Column("room_id", Uuid, ForeignKey("rooms.id", ondelete="CASCADE", use_alter=True)),
    Index(None, "room_id"),
    CheckConstraint("role IN ('learner', 'coach', 'admin')", name="role"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    of_learner(),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    UniqueConstraint("digest"),
    Index(None, "learner_id", "id"),
)

problems = Table(
    "problems",
    metadata,
    Column("id", Uuid, primary_key=True),
    of_learner(),
    Column("family", Text, nullable=False),
    Column("family_version", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("seed", Text),
    Column("preset", Text),
    Column("parameters", Text, nullable=False),
    Column("convention", Text, nullable=False),
    Column("truth", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("hints_taken", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("engine_version", Text, nullable=False),
    Column("expected_seconds", Integer, nullable=False, server_default=text("0")),
    Column("drill_id", Uuid, ForeignKey("drills.id", ondelete="CASCADE")),
    Column("position", Integer),
    # While it is set, nothing that an answer got may be seen: the drill gives its feedback at the end.
    Column("withheld", Boolean, nullable=False, server_default=false()),
    # When its stored truth was last corrected: what was remembered of it before is out of date.
    Column("corrected_at", UtcDateTime),
    Index(None, "drill_id", "position", unique=True),
    CheckConstraint("state IN ('open', 'solved', 'revealed', 'expired')", name="state"),
    Index(None, "learner_id", "id"),
    Index(None, "learner_id", "state", "id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("problem_id", Uuid, ForeignKey("problems.id", ondelete="CASCADE"), nullable=False),
    of_learner(),
    Column("number", Integer, nullable=False),
    Column("answers", Text, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("confidence", Float),
    Column("duration_ms", Integer),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("late", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("problem_id", "number"),
    Index(None, "learner_id", "id"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("attempt_id", Uuid, ForeignKey("attempts.id", ondelete="CASCADE"), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("credit", Float, nullable=False),
    Column("misconception", Text),
    Column("parts", Text, nullable=False),
    Column("family_version", Integer, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("grader_version", Text, nullable=False),
    Column("judged_at", UtcDateTime, nullable=False),
    CheckConstraint("verdict IN ('right', 'partly_right', 'wrong', 'too_coarse')", name="verdict"),
    Index(None, "attempt_id", "id"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    of_learner(nullable=True),
    Column("fingerprint", Text, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "learner_id"),
    Index(None, "created_at"),
)
