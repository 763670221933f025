"""What a learner says of a key, and what is decided on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from app.errors import NotFoundError, TooManyReportsError
from app.services import audit
from app.services.problems import find
from app.storage import attempts, learners, problem_reports
from app.storage.attempts import AttemptRow
from app.storage.ids import new_id
from app.storage.problem_reports import ReportRow, SeenReport
from app.storage.problems import ProblemRow

MOST_OPEN: Final = 20
"""How many reports of one learner may wait for a decision."""

MOST_ATTEMPTS: Final = 20
"""How many attempts a snapshot holds: the newest."""

Decision = Literal["confirmed", "rejected"]

_OF_PROBLEM: Final = (
    "family", "family_version", "engine_version", "level", "language", "seed", "preset",
    "state", "tries", "hints_taken",
)  # fmt: skip
_OF_ATTEMPT: Final = ("number", "counted", "late")
_OF_JUDGEMENT: Final = ("verdict", "credit", "misconception", "family_version", "engine_version", "grader_version")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who decides on reports: whoever sees `everyone` sees all, others what belongs to the people of their rooms."""

    id: UUID
    everyone: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A report as a viewer may see it: the learner's name, or what is in the snapshot, is None where they may not know it."""

    row: ReportRow
    learner_name: str | None
    snapshot: dict[str, Any]


def file(connection: Connection, learner_id: UUID, problem_id: UUID, remark: str, now: datetime) -> ReportRow:
    """Store and return a learner's remark on the key of a problem, with the problem as it stands.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    TooManyReportsError
        Too many of the learner's reports wait for a decision.
    """
    problem = find(connection, learner_id, problem_id)
    learners.lock(connection, learner_id)  # of several at once none may go beyond the limit
    if problem_reports.count_open(connection, learner_id) >= MOST_OPEN:
        raise TooManyReportsError(limit=MOST_OPEN)
    tried = attempts.page(connection, learner_id, problem=problem_id, limit=MOST_ATTEMPTS)
    snapshot = json.dumps(_snapshot(problem, tried[::-1]), ensure_ascii=False)
    report = ReportRow(new_id(), problem_id, learner_id, problem.family, remark, "open", None, now, None)
    problem_reports.add(connection, report, snapshot)
    return report


def _snapshot(problem: ProblemRow, tried: list[AttemptRow]) -> dict[str, object]:
    return {
        **{name: getattr(problem, name) for name in _OF_PROBLEM},
        **{name: json.loads(getattr(problem, name)) for name in ("parameters", "convention", "truth", "shown")},
        "attempts": [_attempt(row) for row in tried],
    }


def _attempt(row: AttemptRow) -> dict[str, object]:
    return {
        **{name: getattr(row, name) for name in _OF_ATTEMPT},
        **{name: getattr(row.judgement, name) for name in _OF_JUDGEMENT},
        "submitted_at": row.submitted_at.isoformat(),
        "answers": json.loads(row.answers),
        "parts": json.loads(row.judgement.parts),
    }


def read(connection: Connection, viewer: Viewer, report_id: UUID) -> Case:
    """Return a report; NotFoundError where there is none of that id that the viewer may see."""
    found = problem_reports.get(connection, viewer.id, report_id, everyone=viewer.everyone)
    if found is None:
        raise NotFoundError
    snapshot = json.loads(problem_reports.snapshot(connection, report_id))
    return Case(found.row, name_for(viewer, found), {**snapshot, **dict.fromkeys(_hidden(viewer, found))})


def decide(connection: Connection, viewer: Viewer, report_id: UUID, decision: Decision, resolution: str, now: datetime) -> Case:
    """Store and return what the viewer decides on a report, which may be decided on again; raises as `read` does."""
    read(connection, viewer, report_id)
    problem_reports.resolve(connection, report_id, decision, resolution, now)
    audit.note(connection, viewer.id, "report.decided", report_id, now, decision=decision)
    return read(connection, viewer, report_id)


def name_for(viewer: Viewer, found: SeenReport) -> str | None:
    """Return who wrote a report; None for a coach in whose room the problem was not set."""
    return found.learner_name if viewer.everyone or found.in_room else None


def _hidden(viewer: Viewer, found: SeenReport) -> Iterator[str]:
    """Yield what of a snapshot a viewer may not know.

    A coach learns what was tried only where the problem was set in their own room, and nobody finds here the key of a
    problem that they have yet to solve themselves.
    """
    own_and_open = found.row.learner_id == viewer.id and found.problem_state == "open"
    if own_and_open:
        yield "truth"
    if name_for(viewer, found) is None or (own_and_open and found.withheld):
        yield "attempts"
