"""The tables as the newest migration leaves them.

Ids are UUIDv7 in SQLAlchemy's `Uuid`: `uuid` on PostgreSQL, 32 hexadecimal digits on SQLite; both sort by time.
JSON is kept as the text that the caller made, so that digits stay as they were typed.
"""

from app.storage.models.access import audit, identities
from app.storage.models.core import attempts, idempotency, judgements, learners, metadata, problems, tokens
from app.storage.models.learning import (
    dailies,
    family_rollups,
    outcomes,
    problem_reports,
    regrades,
    review_log,
    reviews,
    truth_corrections,
)
from app.storage.models.sessions import drills, follow_ups, rooms

__all__ = [
    "attempts",
    "audit",
    "dailies",
    "drills",
    "family_rollups",
    "follow_ups",
    "idempotency",
    "identities",
    "judgements",
    "learners",
    "metadata",
    "outcomes",
    "problem_reports",
    "problems",
    "regrades",
    "review_log",
    "reviews",
    "rooms",
    "tokens",
    "truth_corrections",
]
