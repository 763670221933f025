"""Spaced repetition: how each problem was rated, when its family comes back, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from app.errors import NothingDueError
from app.services.scheduling import Card, Rating, Solve, rating_of, retrievability, review
from app.storage import reviews
from app.storage.outcomes import OutcomeRow
from app.storage.reviews import ReviewRow
from quiz_bank.problem import ChoiceSpec
from quiz_bank.registry import FAMILIES

LEFT_AFTER: Final = timedelta(hours=24)
"""Whoever was wrong and hasn't answered again for so long has left the problem unsolved."""


@dataclass(frozen=True, slots=True)
class Review:
    """A family that a learner has met, as it stands now; times in UTC.

    `retrievability` is the probability in (0, 1] that they could still solve it; `overdue_days` are whole days.
    """

    family: str
    due: datetime
    last_review: datetime
    times: int
    retrievability: float
    is_due: bool
    overdue_days: int


def rate(connection: Connection, outcome: OutcomeRow, at: datetime) -> None:
    """Rate a problem that has ended or was left, and move the next review of its family.

    A problem is rated once: one that was left, and is solved later, stays rated as unsolved. A problem of a drill that
    nobody answered is passed over where its learner had less than the expected time for it.
    """
    if not _had_time(connection, outcome, at):
        return
    seconds = None if _is_picked(outcome.family) else outcome.seconds
    rating = rating_of(Solve(outcome.solved, outcome.tries, outcome.hints, seconds, outcome.expected_seconds))
    if not reviews.log(connection, outcome, rating, at):
        return
    if not _moved(connection, outcome, rating, at):
        _moved(connection, outcome, rating, at)  # it was met in another process for the first time, and is there to be locked


def _moved(connection: Connection, outcome: OutcomeRow, rating: Rating, at: datetime) -> bool:
    """Move the next review of a family; False where another process has just stored the first one."""
    known = reviews.lock(connection, outcome.learner_id, outcome.family)
    card = _reviewed(known, rating, at)
    fields = (card.stability, card.difficulty, card.due, card.last_review)
    times = 1 if known is None else known.times + 1
    return reviews.save(connection, ReviewRow(outcome.learner_id, outcome.family, *fields, times))


def left(connection: Connection, now: datetime, after: UUID, limit: int) -> list[UUID]:
    """Return up to `limit` problems that were left unsolved, whoever's they are, in the order of their ids behind `after`."""
    return reviews.left(connection, now - LEFT_AFTER, after, limit)


def rate_left(connection: Connection, problem_id: UUID, now: datetime) -> None:
    """Rate a problem that was left unsolved, unless its learner has come back to it meanwhile."""
    outcome = reviews.lock_left(connection, problem_id, now - LEFT_AFTER)
    if outcome is not None:
        rate(connection, outcome, now)


def of_learner(connection: Connection, learner_id: UUID, now: datetime) -> list[Review]:
    """Return every family that a learner has met and that is still installed, the first due first."""
    return [_review(row, now) for row in reviews.of_learner(connection, learner_id) if row.family in FAMILIES]


def most_urgent(connection: Connection, learner_id: UUID, now: datetime) -> list[str]:
    """Return the families that are due, the least likely to be recalled first, then the longest due."""
    due = [known for known in of_learner(connection, learner_id, now) if known.is_due]
    return [known.family for known in sorted(due, key=lambda known: (known.retrievability, known.due))]


def next_due(connection: Connection, learner_id: UUID, now: datetime) -> str:
    """Return the family that a learner should review now; NothingDueError, with when there will be one, if nothing is due."""
    urgent = most_urgent(connection, learner_id, now)
    if not urgent:
        to_come = of_learner(connection, learner_id, now)
        raise NothingDueError(due=f"{to_come[0].due:%Y-%m-%dT%H:%M:%SZ}" if to_come else "")
    return urgent[0]


def _had_time(connection: Connection, outcome: OutcomeRow, at: datetime) -> bool:
    """Whether not answering says something: the learner asked for the solution, or let the expected time pass."""
    if outcome.drill_id is None or outcome.tries > 0:
        return True
    problem = reviews.handed_out(connection, outcome.problem_id)
    return problem.state == "revealed" or at - problem.created_at >= timedelta(seconds=outcome.expected_seconds)


def _is_picked(slug: str) -> bool:
    """Whether every part of a family has options: a quick answer may be a lucky guess, and a slow one mere reading."""
    family = FAMILIES.get(slug)
    return family is not None and all(isinstance(part, ChoiceSpec) for part in family.parts)


def _reviewed(known: ReviewRow | None, rating: Rating, at: datetime) -> Card:
    if known is None:
        return review(None, rating, at)
    # A drill that is found to be over had ended before, and something may have been reviewed since.
    return review(_card(known), rating, max(at, known.last_review))


def _card(row: ReviewRow) -> Card:
    return Card(row.stability, row.difficulty, row.due, row.last_review)


def _review(row: ReviewRow, now: datetime) -> Review:
    is_due = row.due <= now
    overdue = (now - row.due).days if is_due else 0
    return Review(row.family, row.due, row.last_review, row.times, retrievability(_card(row), now), is_due, overdue)
