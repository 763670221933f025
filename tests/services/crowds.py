"""People with outcomes, and coaches with rooms, put into a database without anybody answering anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection

from app.storage import drills, learners, problems
from app.storage.drills import DrillRow
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from app.storage.models import outcomes, rooms
from app.storage.problems import ProblemRow

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class First:
    """What came of a problem: the first verdict (None where nobody tried), the mistake it showed, and the rest."""

    verdict: str | None = "right"
    code: str | None = None
    seconds: float | None = None
    tries: int = 1
    solved: bool = True


def person(connection: Connection, name: str = "Ada", role: str = "learner") -> UUID:
    """Return a new learner."""
    learner = LearnerRow(new_id(), name, role, "en", NOW)
    learners.add(connection, learner)
    return learner.id


def met(
    connection: Connection, learner_id: UUID, *firsts: First, family: str = "softmax", level: int = 1, at: datetime = NOW
) -> None:
    """Give a learner outcomes at a level of a family."""
    for first in firsts:
        problem = _problem(learner_id, family, level, at)
        problems.add(connection, problem)
        row = {
            "problem_id": problem.id,
            "learner_id": learner_id,
            "family": family,
            "topic": problem.topic,
            "level": level,
            "happened_at": at,
            "first_verdict": first.verdict,
            "first_credit": float(first.verdict == "right"),
            "misconception": first.code,
            "seconds": first.seconds,
            "expected_seconds": 60,
            "tries": first.tries,
            "hints": 0,
            "solved": first.solved,
            "credit": float(first.solved),
        }
        connection.execute(outcomes.insert().values(row))


def _problem(learner_id: UUID, family: str, level: int, at: datetime) -> ProblemRow:
    return ProblemRow(
        id=new_id(),
        learner_id=learner_id,
        family=family,
        family_version=1,
        topic="probabilities",
        level=level,
        language="en",
        seed=None,
        preset=None,
        parameters="{}",
        convention="{}",
        truth="{}",
        shown="{}",
        state="solved",
        tries=1,
        hints_taken=0,
        created_at=at,
        closed_at=at,
        engine_version="1",
        expected_seconds=60,
    )


def room(connection: Connection, coach: UUID, *people: UUID) -> UUID:
    """Give a coach a room in which these people have a drill, and return its id."""
    identifier = new_id()
    row = {"id": identifier, "owner_id": coach, "code": identifier.hex, "title": "Friday", "blueprint": "{}", "plan": "[]"}
    connection.execute(rooms.insert().values(**row, created_at=NOW))
    for learner_id in people:
        terms = (None, "{}", "[]", "en", "finished", 0, NOW, None, None, 0.0, NOW)
        drills.add(connection, DrillRow(new_id(), learner_id, identifier, *terms))
    return identifier
