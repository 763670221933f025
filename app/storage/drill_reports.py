"""What the report of a drill is made from: all answers to its problems, and the learner's earlier drills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from app.storage.drills import DRILL_COLUMNS, DrillRow
from app.storage.models import attempts, drills, judgements, outcomes, problems
from app.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An attempt on a problem of a drill with its latest judgement; `answers` and `parts` are JSON texts."""

    problem_id: UUID
    number: int
    answers: str
    counted: bool
    late: bool
    confidence: float | None
    duration_ms: int | None
    submitted_at: datetime
    verdict: str
    credit: float
    parts: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of one problem of an earlier drill."""

    drill_id: UUID
    credit: float
    seconds: float | None
    expected_seconds: int


_OF_ATTEMPT = AnswerRow.__slots__[:-3]
_OF_JUDGEMENT = AnswerRow.__slots__[-3:]
_newest = judgements.alias("newest")
_latest = (
    select(_newest.c.id).where(_newest.c.attempt_id == attempts.c.id).order_by(_newest.c.id.desc()).limit(1).scalar_subquery()
)
_ANSWERS = Prepared(
    select(*(attempts.c[name] for name in _OF_ATTEMPT), *(judgements.c[name] for name in _OF_JUDGEMENT))
    .join_from(problems, attempts, attempts.c.problem_id == problems.c.id)
    .join(judgements, judgements.c.id == _latest)
    .where(problems.c.drill_id == bindparam("drill"))
    .order_by(problems.c.position, attempts.c.number)
)


def answers(connection: Connection, drill_id: UUID) -> list[AnswerRow]:
    """Return all attempts on the problems of a drill, in the order of the problems and by number."""
    return [AnswerRow(*row) for row in _ANSWERS.all(connection, {"drill": drill_id})]


def earlier(connection: Connection, drill: DrillRow, *, preset: str | None = None, limit: int) -> list[DrillRow]:
    """Return up to `limit` finished drills that the learner began before this one, the newest first.

    Drills without a single problem are left out; with `preset` all others than those made from it.
    """
    query = select(*DRILL_COLUMNS).where(
        drills.c.learner_id == drill.learner_id, drills.c.id < drill.id, drills.c.state == "finished", drills.c.shown > 0
    )
    if preset is not None:
        query = query.where(drills.c.preset == preset)
    return [DrillRow(*row) for row in connection.execute(query.order_by(drills.c.id.desc()).limit(limit))]


def results(connection: Connection, drill_ids: Sequence[UUID]) -> list[ResultRow]:
    """Return what came of the problems of some finished drills."""
    columns = (outcomes.c[name] for name in ResultRow.__slots__)
    return [ResultRow(*row) for row in connection.execute(select(*columns).where(outcomes.c.drill_id.in_(drill_ids)))]
