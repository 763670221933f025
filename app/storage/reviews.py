"""What spaced repetition remembers: a row for each family of a learner, and how each problem was rated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.models import attempts, outcomes, problems, review_log, reviews
from app.storage.outcomes import OUTCOME_COLUMNS, OutcomeRow
from app.storage.prepared import Prepared
from app.storage.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A family that a learner has met: what FSRS remembers of it, and how many `times` it was reviewed."""

    learner_id: UUID
    family: str
    stability: float
    difficulty: float
    due: datetime
    last_review: datetime
    times: int


@dataclass(frozen=True, slots=True)
class HandedOut:
    """How a problem stands, and since when the learner has had it."""

    state: str
    created_at: datetime


_FIELDS = ReviewRow.__slots__
_COLUMNS = tuple(reviews.c[name] for name in _FIELDS)
_KEY = ("learner_id", "family")

_AnyInsert = sqlite.Insert | postgresql.Insert


def _log(insert: _AnyInsert) -> _AnyInsert:
    return insert.on_conflict_do_nothing(index_elements=[review_log.c.problem_id])


def _save(insert: _AnyInsert) -> _AnyInsert:
    changing = {name: insert.excluded[name] for name in _FIELDS if name not in _KEY}
    key = [reviews.c[name] for name in _KEY]
    return insert.on_conflict_do_update(index_elements=key, set_=changing, where=reviews.c.times < insert.excluded.times)


def _was_left() -> tuple[ColumnElement[bool], ...]:
    before = bindparam("before", type_=UtcDateTime)
    rated = exists().where(review_log.c.problem_id == outcomes.c.problem_id)
    touched = exists().where(attempts.c.problem_id == outcomes.c.problem_id, attempts.c.submitted_at > before)
    practised = outcomes.c.drill_id.is_(None)  # a problem of a drill ends with it
    return outcomes.c.closed_at.is_(None), outcomes.c.happened_at <= before, practised, ~rated, ~touched


def _lock_left() -> Select[Any]:
    query = select(*OUTCOME_COLUMNS).join_from(outcomes, problems, problems.c.id == outcomes.c.problem_id)
    # PostgreSQL looks again at the row that it locks, and at no other: it must tell itself that the problem is still open.
    query = query.where(outcomes.c.problem_id == bindparam("problem"), problems.c.state == "open", *_was_left())
    return query.with_for_update(of=problems, skip_locked=True)


_LOG = {"sqlite": Prepared(_log(sqlite.insert(review_log))), "postgresql": Prepared(_log(postgresql.insert(review_log)))}
_SAVE = {"sqlite": Prepared(_save(sqlite.insert(reviews))), "postgresql": Prepared(_save(postgresql.insert(reviews)))}
_LOCK = Prepared(
    select(*_COLUMNS)
    .where(reviews.c.learner_id == bindparam("learner"), reviews.c.family == bindparam("slug"))
    .with_for_update()
)
_OF_LEARNER = Prepared(
    select(*_COLUMNS).where(reviews.c.learner_id == bindparam("learner")).order_by(reviews.c.due, reviews.c.family)
)
_LEFT = Prepared(
    select(outcomes.c.problem_id)
    .where(outcomes.c.problem_id > bindparam("after"), *_was_left())
    .order_by(outcomes.c.problem_id)
    .limit(bindparam("count"))
)
_LOCK_LEFT = Prepared(_lock_left())
_HANDED_OUT = Prepared(select(problems.c.state, problems.c.created_at).where(problems.c.id == bindparam("problem")))


def log(connection: Connection, outcome: OutcomeRow, rating: str, reviewed_at: datetime) -> bool:
    """Store how a problem was rated; False, and nothing is stored, if it was rated before."""
    values = {name: getattr(outcome, name) for name in ("problem_id", "learner_id", "family")}
    return _LOG[connection.dialect.name].run(connection, {**values, "rating": rating, "reviewed_at": reviewed_at}) == 1


def lock(connection: Connection, learner_id: UUID, family: str) -> ReviewRow | None:
    """Return what is remembered of a family and keep others from changing it; None where the learner hasn't met it."""
    row = _LOCK.first(connection, {"learner": learner_id, "slug": family})
    return ReviewRow(*row) if row is not None else None


def save(connection: Connection, row: ReviewRow) -> bool:
    """Store what is remembered of a family in place of what was, which the caller has locked.

    False, and nothing is stored, where there was nothing to lock and another process has stored its first review since.
    """
    return _SAVE[connection.dialect.name].run(connection, {name: getattr(row, name) for name in _FIELDS}) == 1


def of_learner(connection: Connection, learner_id: UUID) -> list[ReviewRow]:
    """Return what is remembered of every family that the learner has met, the first due first."""
    return [ReviewRow(*row) for row in _OF_LEARNER.all(connection, {"learner": learner_id})]


def left(connection: Connection, before: datetime, after: UUID, limit: int) -> list[UUID]:
    """Return up to `limit` problems outside drills with a wrong answer and none after `before`, open and not rated yet.

    They come in the order of their ids, those behind `after`.
    """
    return [row[0] for row in _LEFT.all(connection, {"before": before, "after": after, "count": limit})]


def lock_left(connection: Connection, problem_id: UUID, before: datetime) -> OutcomeRow | None:
    """Return what came of a problem that `left` names and keep others from it; None where it is so no more, or in hand."""
    row = _LOCK_LEFT.first(connection, {"problem": problem_id, "before": before})
    return OutcomeRow(*row) if row is not None else None


def handed_out(connection: Connection, problem_id: UUID) -> HandedOut:
    """Return how a problem stands; there must be one of that id."""
    [row] = _HANDED_OUT.all(connection, {"problem": problem_id})
    return HandedOut(*row)
