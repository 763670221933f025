"""Who a learner is elsewhere, and what admins and coaches did."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, Uuid

from app.storage.models.core import metadata, of_learner
from app.storage.types import UtcDateTime

# By what a provider of sign-ins, or the list of a class, knows a learner.
identities = Table(
    "identities",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    of_learner(),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "learner_id"),
)

# No foreign keys: what was done to somebody, and by whom, outlasts both. The details hold no personal text.
audit = Table(
    "audit",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("happened_at", UtcDateTime, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("details", Text, nullable=False),
    Index(None, "actor_id", "id"),
    Index(None, "subject_id", "id"),
)
