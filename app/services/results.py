"""What follows from an attempt that counted, or from the end of a problem."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.storage import outcomes


def noted(connection: Connection, problem_id: UUID, now: datetime, *, feed_reviews: bool = True) -> None:
    """Bring everything that is derived from a problem's attempts up to date; nothing of one that is withheld."""
    outcomes.refresh(connection, problem_id)
