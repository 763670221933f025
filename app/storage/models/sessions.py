"""Drills, and the rooms that coaches open for them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid

from app.storage.models.core import metadata, of_learner
from app.storage.types import UtcDateTime

rooms = Table(
    "rooms",
    metadata,
    Column("id", Uuid, primary_key=True),
    of_learner("owner_id"),
    Column("code", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("preset", Text),
    Column("blueprint", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("again_of", Uuid),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Index(None, "owner_id", "id"),
)

drills = Table(
    "drills",
    metadata,
    Column("id", Uuid, primary_key=True),
    of_learner(),
    # A candidate's own drill stays with them when the coach who asked for it is erased.
    Column("room_id", Uuid, ForeignKey("rooms.id", ondelete="SET NULL")),
    Column("preset", Text),
    Column("blueprint", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),
    Column("paused_at", UtcDateTime),
    Column("paused_seconds", Float, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("seed", Text),
    UniqueConstraint("room_id", "learner_id"),
    CheckConstraint("state IN ('running', 'paused', 'finished')", name="state"),
    Index(None, "learner_id", "id"),
    Index(None, "state", "ends_at"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("problem_id", Uuid, ForeignKey("problems.id", ondelete="CASCADE"), primary_key=True),
    of_learner(),
    Column("answer", Text),
    Column("answered_at", UtcDateTime),
    Column("mark", Float),
    Column("remark", Text),
    Column("marked_at", UtcDateTime),
    Index(None, "learner_id"),
)
