"""What came of each problem: one row, computed from its attempts, that everything about learning is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    Subquery,
    Update,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.dml import ReturningInsert

from app.storage.attempts import AttemptRow
from app.storage.elapsed import seconds_between
from app.storage.models import attempts, judgements, outcomes, problems
from app.storage.prepared import Prepared
from app.storage.types import UtcDateTime

COARSE_CREDIT = 0.5
"""What an answer with too few digits is worth where nobody could ask for more: in a drill with feedback at the end."""

LEFT_AFTER = 10
"""Who takes this many times the expected time and names no duration was doing something else."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What came of a problem. What is called first is of the first attempt that counted; None where there was none.

    `happened_at` is when that was, else when the problem ended; `solved` and `credit` are of the last one that counted.
    """

    problem_id: UUID
    learner_id: UUID
    family: str
    topic: str
    level: int
    drill_id: UUID | None
    happened_at: datetime
    first_verdict: str | None
    first_credit: float | None
    misconception: str | None
    confidence: float | None
    seconds: float | None
    expected_seconds: int
    tries: int
    hints: int
    solved: bool
    credit: float
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FirstTry:
    """Whether the first answer that counted was right, and when it came."""

    family: str
    happened_at: datetime
    right: bool


MOST_FIRST_TRIES = 50
"""How many first tries of a family speak of what a learner knows now: with more, old ones could never be outweighed."""

_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)

_FIELDS = OutcomeRow.__slots__
OUTCOME_COLUMNS = tuple(outcomes.c[name] for name in _FIELDS)

_Columns = Mapping[str, ColumnElement[Any]] | ReadOnlyColumnCollection[str, Any]
_SENT = ("submitted_at", "confidence", "duration_ms")
_JUDGED = ("verdict", "credit", "misconception")
_AT_HAND: _Columns = {
    name: bindparam(f"its_{name}", type_=table.c[name].type)
    for table, names in ((attempts, _SENT), (judgements, _JUDGED))
    for name in names
}
"""An attempt that needn't be looked up."""


def _counted(name: str, *, newest: bool) -> Subquery:
    """Return the first or the last attempt on the problem that counted, with its latest judgement."""
    later = judgements.alias(f"{name}_later")
    latest = (
        select(later.c.id).where(later.c.attempt_id == attempts.c.id).order_by(later.c.id.desc()).limit(1).scalar_subquery()
    )
    sent, judged = (attempts.c[name] for name in _SENT), (judgements.c[name] for name in _JUDGED)
    return (
        select(attempts.c.problem_id, *sent, *judged)
        .join_from(attempts, judgements, judgements.c.id == latest)
        .where(attempts.c.problem_id == bindparam("problem"), attempts.c.counted)
        .order_by(attempts.c.number.desc() if newest else attempts.c.number)
        .limit(1)
        .subquery(name)
    )


def _of_first(first: _Columns) -> dict[str, ColumnElement[Any]]:
    elapsed = seconds_between(problems.c.created_at, first["submitted_at"])
    return {
        "happened_at": func.coalesce(first["submitted_at"], problems.c.closed_at),
        "first_verdict": first["verdict"],
        "first_credit": first["credit"],
        "misconception": first["misconception"],
        "confidence": first["confidence"],
        "seconds": case(
            (first["duration_ms"].is_not(None), first["duration_ms"] / 1000.0),
            (elapsed.between(0, problems.c.expected_seconds * LEFT_AFTER), elapsed),  # a clock may be set back
        ),
    }


def _of_last(last: _Columns) -> dict[str, ColumnElement[Any]]:
    return {
        "tries": problems.c.tries,
        "hints": problems.c.hints_taken,
        "solved": func.coalesce(last["verdict"] == "right", False),
        "credit": func.coalesce(case((last["verdict"] == "too_coarse", COARSE_CREDIT), else_=last["credit"]), 0.0),
        "closed_at": problems.c.closed_at,
    }


def _computed(first: _Columns, last: _Columns) -> dict[str, ColumnElement[Any]]:
    """Return each column of an outcome, from its problem and the first and the last of its attempts."""
    unchanging = ("learner_id", "family", "topic", "level", "drill_id", "expected_seconds")
    of_problem = {"problem_id": problems.c.id, **{name: problems.c[name] for name in unchanging}}
    return {**of_problem, **_of_first(first), **_of_last(last)}


def _refresh(upsert: sqlite.Insert | postgresql.Insert) -> ReturningInsert[Any]:
    first, last = _counted("first", newest=False), _counted("last", newest=True)
    computed = _computed(first.c, last.c)
    source = problems.outerjoin(first, true()).outerjoin(last, true())
    known = or_(first.c.problem_id.is_not(None), problems.c.closed_at.is_not(None))
    allowed = (problems.c.id == bindparam("problem"), problems.c.withheld.is_(False), known)
    filled = upsert.from_select(list(computed), select(*computed.values()).select_from(source).where(*allowed))
    changing = {name: upsert.excluded[name] for name in computed if name != "problem_id"}
    return filled.on_conflict_do_update(index_elements=[outcomes.c.problem_id], set_=changing).returning(*OUTCOME_COLUMNS)


def _answered_first() -> Insert:
    computed = _computed(_AT_HAND, _AT_HAND)
    return insert(outcomes).from_select(list(computed), select(*computed.values()).where(problems.c.id == bindparam("problem")))


def _answered_again() -> Update:
    its_problem = (outcomes.c.problem_id == problems.c.id, problems.c.id == bindparam("problem"))
    return update(outcomes).where(*its_problem).values(_of_last(_AT_HAND))


_REFRESH = {
    "sqlite": Prepared(_refresh(sqlite.insert(outcomes))),
    "postgresql": Prepared(_refresh(postgresql.insert(outcomes))),
}
_ANSWERED_FIRST, _ANSWERED_AGAIN = Prepared(_answered_first()), Prepared(_answered_again())
_SOLVED = Prepared(
    select(func.count()).where(
        outcomes.c.learner_id == bindparam("learner"), outcomes.c.family == bindparam("slug"), outcomes.c.solved
    )
)
_GET = Prepared(select(*OUTCOME_COLUMNS).where(outcomes.c.problem_id == bindparam("problem")))


def _first_tries() -> Select[Any]:
    """Read from each family only what is asked for: a window over all outcomes takes four times as long for 30,000."""
    mine = outcomes.c.learner_id == bindparam("learner")
    met = select(outcomes.c.family).where(mine).distinct().subquery("met")
    its = outcomes.alias("its")
    tried = (its.c.learner_id == bindparam("learner"), its.c.family == met.c.family, its.c.first_verdict.is_not(None))
    newest_first = select(its.c.happened_at).where(*tried).order_by(its.c.happened_at.desc()).correlate(met)
    oldest = newest_first.offset(MOST_FIRST_TRIES - 1).limit(1).scalar_subquery()
    # Materialized, for PostgreSQL might else look for the oldest one anew for each outcome.
    bounds = select(met.c.family, oldest.label("oldest")).cte("bounds").prefix_with("MATERIALIZED")
    lately = outcomes.c.happened_at >= func.coalesce(bounds.c.oldest, literal(_BEFORE_ALL, UtcDateTime))
    columns = (outcomes.c.family, outcomes.c.happened_at, (outcomes.c.first_verdict == "right").label("right"))
    return (
        select(*columns)
        .join_from(bounds, outcomes, outcomes.c.family == bounds.c.family)
        .where(mine, outcomes.c.first_verdict.is_not(None), lately)
        .order_by(outcomes.c.family, outcomes.c.happened_at, outcomes.c.problem_id)
    )


_FIRST_TRIES = Prepared(_first_tries())


def refresh(connection: Connection, problem_id: UUID) -> OutcomeRow | None:
    """Compute a problem's outcome anew and return it; None while it is withheld, or before it was answered or has ended."""
    row = _REFRESH[connection.dialect.name].first(connection, {"problem": problem_id})
    return OutcomeRow(*row) if row is not None else None


def answered(connection: Connection, attempt: AttemptRow, *, first: bool) -> None:
    """Bring the outcome of a problem to what `refresh` would make of it after this attempt, in a third of the time.

    For an attempt that counts, the problem's first or not, on a problem whose own row tells of it already and of which
    nothing is withheld.
    """
    sent = {f"its_{name}": getattr(attempt, name) for name in _SENT}
    judged = {f"its_{name}": getattr(attempt.judgement, name) for name in _JUDGED}
    statement = _ANSWERED_FIRST if first else _ANSWERED_AGAIN
    statement.tell(connection, {"problem": attempt.problem_id, **sent, **judged})


def get(connection: Connection, problem_id: UUID) -> OutcomeRow | None:
    """Return what came of a problem, None where that isn't known or may not be."""
    row = _GET.first(connection, {"problem": problem_id})
    return OutcomeRow(*row) if row is not None else None


def first_tries(connection: Connection, learner_id: UUID) -> list[FirstTry]:
    """Return the learner's last `MOST_FIRST_TRIES` first tries of each family, by family and then the oldest first.

    Those that came at the same instant as the oldest of them come too. Problems that were given up before an answer counted
    are none.
    """
    return [FirstTry(*row) for row in _FIRST_TRIES.all(connection, {"learner": learner_id})]


def count_solved(connection: Connection, learner_id: UUID, family: str) -> int:
    """Return how many problems of a family the learner solved."""
    [[count]] = _SOLVED.all(connection, {"learner": learner_id, "slug": family})
    return int(count)
