from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select

from app.storage.models import attempts, judgements, problems
from app.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """What a version of the grader said of an attempt; `parts` is JSON, `misconception` the first code found in it."""

    id: UUID
    verdict: str
    credit: float
    misconception: str | None
    parts: str
    family_version: int
    engine_version: str
    grader_version: str
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt before it has a number; `answers` is the JSON that was submitted."""

    id: UUID
    problem_id: UUID
    learner_id: UUID
    answers: str
    counted: bool
    confidence: float | None
    duration_ms: int | None
    submitted_at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt with the family of its problem and the latest judgement, which is the one that counts.

    While it is `withheld`, the judgement is nobody's to see.
    """

    judgement: JudgementRow
    id: UUID
    problem_id: UUID
    learner_id: UUID
    answers: str
    counted: bool
    confidence: float | None
    duration_ms: int | None
    submitted_at: datetime
    late: bool
    number: int
    family: str
    withheld: bool


_NEW = NewAttempt.__slots__
_JUDGEMENT = JudgementRow.__slots__
_OWN_COLUMNS = len(_NEW) + 3

_next_number = (
    select(func.coalesce(func.max(attempts.c.number), literal_column("0")) + literal_column("1"))
    .where(attempts.c.problem_id == bindparam("problem_id"))
    .scalar_subquery()
)
_INSERT = Prepared(attempts.insert().values({**{name: bindparam(name) for name in _NEW}, "number": _next_number}))
_INSERT_JUDGEMENT = Prepared(judgements.insert())

_newest = judgements.alias("newest")
_latest = (
    select(_newest.c.id).where(_newest.c.attempt_id == attempts.c.id).order_by(_newest.c.id.desc()).limit(1).scalar_subquery()
)
_SELECT: Select[Any] = (
    select(
        *(attempts.c[name] for name in _NEW),
        attempts.c.number,
        problems.c.family,
        problems.c.withheld,
        *(judgements.c[name] for name in _JUDGEMENT),
    )
    .join_from(attempts, problems, problems.c.id == attempts.c.problem_id)
    .join(judgements, judgements.c.id == _latest)
)
_GET = Prepared(_SELECT.where(attempts.c.id == bindparam("attempt"), attempts.c.learner_id == bindparam("learner")))
_OF_PROBLEM = Prepared(
    _SELECT.where(
        attempts.c.problem_id == bindparam("problem"),
        attempts.c.learner_id == bindparam("learner"),
        attempts.c.number > bindparam("after"),
    )
    .order_by(attempts.c.number)
    .limit(bindparam("count"))
)
_LAST_COUNTED = Prepared(
    select(judgements.c.verdict)
    .join_from(attempts, judgements, judgements.c.id == _latest)
    .where(attempts.c.problem_id == bindparam("problem"), attempts.c.counted)
    .order_by(attempts.c.number.desc())
    .limit(1)
)


def add(connection: Connection, attempt: NewAttempt, judgement: JudgementRow) -> None:
    """Store an attempt with its first judgement; its number within the problem is one more than the attempts there were.

    The caller holds the problem's lock (`problems.lock`, which says how many there are), else two at once may come to one
    number, and the second fails.
    """
    _INSERT.tell(connection, {name: getattr(attempt, name) for name in _NEW})
    add_judgement(connection, attempt.id, judgement)


def last_counted_verdict(connection: Connection, problem_id: UUID) -> str | None:
    """Return what the last attempt on a problem that counted got, None if none did."""
    row = _LAST_COUNTED.first(connection, {"problem": problem_id})
    return row[0] if row is not None else None


def add_judgement(connection: Connection, attempt_id: UUID, judgement: JudgementRow) -> None:
    """Store a judgement; being the latest, it counts from now on, and the earlier ones stay."""
    values = {name: getattr(judgement, name) for name in _JUDGEMENT}
    _INSERT_JUDGEMENT.tell(connection, {"attempt_id": attempt_id, **values})


def get(connection: Connection, learner_id: UUID, attempt_id: UUID) -> AttemptRow | None:
    """Return the learner's attempt, None if there is none or it is another's."""
    row = _GET.first(connection, {"attempt": attempt_id, "learner": learner_id})
    return _row(row) if row is not None else None


def page_of_problem(
    connection: Connection, learner_id: UUID, problem_id: UUID, *, after: int = 0, limit: int
) -> list[AttemptRow]:
    """Return up to `limit` attempts on the learner's problem, by number, from the one that follows `after` on."""
    values = {"problem": problem_id, "learner": learner_id, "after": after, "count": limit}
    return [_row(row) for row in _OF_PROBLEM.all(connection, values)]


def page(
    connection: Connection,
    learner_id: UUID,
    *,
    problem: UUID | None = None,
    family: str | None = None,
    verdict: str | None = None,
    misconception: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[AttemptRow]:
    """Return up to `limit` attempts of the learner, the newest first, from the one that follows `before` on.

    `verdict` and `misconception` are those of the latest judgement, and find nothing that is withheld; `since` is
    included, `until` is not.
    """
    query = _SELECT.where(attempts.c.learner_id == learner_id)
    if verdict is not None or misconception is not None:
        query = query.where(problems.c.withheld.is_(False))
    equal = (
        (attempts.c.problem_id, problem),
        (problems.c.family, family),
        (judgements.c.verdict, verdict),
        (judgements.c.misconception, misconception),
    )
    for column, value in equal:
        if value is not None:
            query = query.where(column == value)
    query = _between(query, since, until)
    if before is not None:
        query = query.where(attempts.c.id < before)
    return [_row(row) for row in connection.execute(query.order_by(attempts.c.id.desc()).limit(limit))]


def _between(query: Select[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    if since is not None:
        query = query.where(attempts.c.submitted_at >= since)
    if until is not None:
        query = query.where(attempts.c.submitted_at < until)
    return query


def _row(row: Sequence[Any]) -> AttemptRow:
    return AttemptRow(JudgementRow(*row[_OWN_COLUMNS:]), *row[:_OWN_COLUMNS])
