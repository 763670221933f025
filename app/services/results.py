"""What follows from an attempt that counted, or from the end of a problem."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.services import reviews
from app.storage import outcomes
from app.storage.attempts import AttemptRow


def noted(connection: Connection, problem_id: UUID, now: datetime, *, feed_reviews: bool = True) -> None:
    """Bring everything that is derived from a problem's attempts up to date; nothing of one that is withheld.

    One that has ended is rated as a review of its family, unless `feed_reviews` says not to.
    """
    outcome = outcomes.refresh(connection, problem_id)
    if feed_reviews and outcome is not None and outcome.closed_at is not None:
        reviews.rate(connection, outcome, now)


def answered(connection: Connection, attempt: AttemptRow, *, first: bool, ended: bool, feed_reviews: bool) -> None:
    """Do as `noted` does, after an attempt that counts on a problem of which nothing is withheld.

    Whether it is the `first`, and whether the problem has `ended` by it, is known there, and need not be looked up.
    """
    outcomes.answered(connection, attempt, first=first)
    outcome = outcomes.get(connection, attempt.problem_id) if ended and feed_reviews else None
    if outcome is not None:
        reviews.rate(connection, outcome, attempt.submitted_at)
