"""What an interviewer asks after a problem. The questions know a problem's numbers but not its truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.errors import AnswerFirstError, DrillFinishedError, NotFoundError
from app.services.blueprints import blueprint_from_json
from app.services.closing import terms_of
from app.services.shelf import Problem, Shelf
from app.storage import attempts, drills, follow_ups
from app.storage.follow_ups import FollowUpRow


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A problem with the answer to the question after it, None where there is none yet.

    What a coach made of it is left out until a drill that tells at its end has ended.
    """

    problem: Problem
    row: FollowUpRow | None


def find(connection: Connection, shelf: Shelf, learner_id: UUID, problem_id: UUID) -> FollowUp:
    """Return a problem that is followed by a question, once it was answered or its drill has ended.

    Raises
    ------
    NotFoundError
        The learner has no such problem, or it isn't one of an interview.
    AnswerFirstError
        The problem has no attempt yet.
    """
    problem = shelf.problem(connection, learner_id, problem_id)
    drill = drills.get(connection, learner_id, problem.row.drill_id) if problem.row.drill_id is not None else None
    if drill is None or not blueprint_from_json(drill.blueprint).interview:
        raise NotFoundError
    if drill.state != "finished" and not attempts.page_of_problem(connection, learner_id, problem_id, limit=1):
        raise AnswerFirstError
    return _seen(connection, problem)


def _seen(connection: Connection, problem: Problem) -> FollowUp:
    row = follow_ups.get(connection, problem.row.id)
    if row is not None and problem.row.withheld:
        row = replace(row, mark=None, remark=None, marked_at=None)
    return FollowUp(problem, row)


def answer(connection: Connection, shelf: Shelf, learner_id: UUID, problem_id: UUID, given: str, now: datetime) -> FollowUp:
    """Store the answer to the question after a problem, in place of an earlier one, and return both.

    Raises
    ------
    NotFoundError, AnswerFirstError
        As `find`.
    DrillPausedError, DrillFinishedError
        The drill's clock stands still, or it has ended.
    """
    problem = find(connection, shelf, learner_id, problem_id).problem
    if terms_of(connection, problem.row.drill_id, now).over:
        raise DrillFinishedError
    follow_ups.answer(connection, problem_id, learner_id, given, now)
    return _seen(connection, problem)
