"""What follows from an attempt that counted, or from the end of a problem."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.services import reviews
from app.storage import outcomes


def noted(connection: Connection, problem_id: UUID, now: datetime, *, feed_reviews: bool = True) -> None:
    """Bring everything that is derived from a problem's attempts up to date; nothing of one that is withheld.

    One that has ended is rated as a review of its family, unless `feed_reviews` says not to.
    """
    outcome = outcomes.refresh(connection, problem_id)
    if feed_reviews and outcome is not None and outcome.closed_at is not None:
        reviews.rate(connection, outcome, now)
