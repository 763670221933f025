"""The questions that an interviewer asks after a problem: what was answered, and what a coach made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.models import follow_ups, problems
from app.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """The answer to a problem's follow-up question, and its mark (0 to 1); None for what there isn't."""

    problem_id: UUID
    learner_id: UUID
    answer: str | None
    answered_at: datetime | None
    mark: float | None
    remark: str | None
    marked_at: datetime | None


_COLUMNS = tuple(follow_ups.c[name] for name in FollowUpRow.__slots__)
_GET = Prepared(select(*_COLUMNS).where(follow_ups.c.problem_id == bindparam("problem")))
_OF_DRILL = Prepared(
    select(*_COLUMNS)
    .join_from(follow_ups, problems, problems.c.id == follow_ups.c.problem_id)
    .where(problems.c.drill_id == bindparam("drill"))
    .order_by(problems.c.position)
)


def _put(insert: sqlite.Insert | postgresql.Insert, *names: str) -> sqlite.Insert | postgresql.Insert:
    given: dict[str, Any] = {name: bindparam(name) for name in ("problem_id", "learner_id", *names)}
    replaced = {name: insert.excluded[name] for name in names}
    return insert.values(given).on_conflict_do_update(index_elements=[follow_ups.c.problem_id], set_=replaced)


def _putting(*names: str) -> dict[str, Prepared]:
    return {
        "sqlite": Prepared(_put(sqlite.insert(follow_ups), *names)),
        "postgresql": Prepared(_put(postgresql.insert(follow_ups), *names)),
    }


_ANSWER = _putting("answer", "answered_at")
_MARK = _putting("mark", "remark", "marked_at")


def get(connection: Connection, problem_id: UUID) -> FollowUpRow | None:
    """Return what was answered to a problem's follow-up question and how it was marked, None where neither has happened."""
    row = _GET.first(connection, {"problem": problem_id})
    return FollowUpRow(*row) if row is not None else None


def of_drill(connection: Connection, drill_id: UUID) -> list[FollowUpRow]:
    """Return what there is to the follow-up questions of a drill, in the order of its problems."""
    return [FollowUpRow(*row) for row in _OF_DRILL.all(connection, {"drill": drill_id})]


def answer(connection: Connection, problem_id: UUID, learner_id: UUID, given: str, now: datetime) -> None:
    """Store an answer, in place of an earlier one."""
    values = {"problem_id": problem_id, "learner_id": learner_id, "answer": given, "answered_at": now}
    _ANSWER[connection.dialect.name].run(connection, values)


def mark(
    connection: Connection, problem_id: UUID, learner_id: UUID, given: float | None, remark: str | None, now: datetime
) -> None:
    """Store a coach's mark and remark, in place of earlier ones; None takes them back."""
    values = {"problem_id": problem_id, "learner_id": learner_id, "mark": given, "remark": remark, "marked_at": now}
    _MARK[connection.dialect.name].run(connection, values)
