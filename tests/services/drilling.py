"""A drill of named problems, taken step by step."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from app.services import drills, practice
from app.services.blueprints import Blueprint
from app.services.drill_report import report_of
from app.services.plans import PlanItem
from app.services.practice import Submission
from app.services.reports.model import DrillReport
from app.services.shelf import Shelf
from app.storage import drills as stored
from app.storage.drills import DrillRow
from app.storage.ids import LOCAL_LEARNER
from app.storage.problems import ProblemRow
from quiz_bank.problem import Language

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

MOCK = PlanItem("cross-entropy-one-hot", 2, None, "mock-question")  # −ln 0.7 = 0.356675 nats = 0.514573 bits, in 60 s
FOREST = PlanItem("cross-entropy-one-hot", 2, None, "forest-dog")  # −ln 0.7 again
SOFTMAX = PlanItem("softmax", 2, None, "three-routes")  # 0.659001, 0.242433, 0.0985659
COIN = PlanItem("entropy-ce-kl-identity", 1, None, "loaded-coin")
PITCH = PlanItem("one-minute-pitch", 1, "seed")


@dataclass
class Candidate:
    """A learner in a drill; times are seconds after its start."""

    connection: Connection
    drill: DrillRow
    shelf: Shelf = field(default_factory=Shelf)
    problems: list[ProblemRow] = field(default_factory=list)

    def take(self, at: float = 0) -> ProblemRow:
        """Take the next problem."""
        problem = drills.hand_out(self.connection, self.shelf, self._locked(at), _after(at))
        self.problems.append(problem)
        return problem

    def answer(self, value: object, at: float, *, to: int = 0, **sent: float) -> None:
        """Answer the problem at a position, else the newest: its only part, or all of its parts."""
        problem = self.problems[to - 1]
        parts = [part["name"] for part in json.loads(problem.shown)["parts"]]
        answers = value if isinstance(value, dict) else {parts[0]: value}
        submission = Submission(answers, "en", sent.get("confidence"), int(sent["ms"]) if "ms" in sent else None)
        practice.submit(self.connection, self.shelf, self.drill.learner_id, problem.id, submission, _after(at))

    def hint(self, at: float) -> None:
        """Take a hint for the newest problem."""
        practice.take_hint(self.connection, self.shelf, self.drill.learner_id, self.problems[-1].id, _after(at))

    def finish(self, at: float) -> None:
        """End the drill."""
        drills.finish(self.connection, self._locked(at), _after(at))

    def report(self, at: float = 0, language: Language = "en", *, for_coach: bool = False) -> DrillReport:
        """Give the report as it is at a time."""
        row = stored.get(self.connection, self.drill.learner_id, self.drill.id)
        assert row is not None
        return report_of(self.connection, self.shelf, row, language, now=_after(at), for_coach=for_coach)

    def _locked(self, at: float) -> DrillRow:
        return drills.locked(self.connection, self.drill.learner_id, self.drill.id, _after(at))


def _after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def begun(
    connection: Connection,
    plan: Sequence[PlanItem],
    *,
    preset: str | None = None,
    learner_id: UUID = LOCAL_LEARNER,
    **terms: object,
) -> Candidate:
    """Start a drill of these problems, with the length of the plan unless its terms say otherwise."""
    blueprint = Blueprint(**{"length": len(plan), **terms})  # type: ignore[arg-type]  # any of its fields
    drill = drills.start(connection, learner_id, blueprint, tuple(plan), preset=preset, room_id=None, language="en", now=START)
    return Candidate(connection, drill)


def examined(connection: Connection) -> Candidate:
    """Give a drill of seven problems in ten minutes, with feedback at the end, in which everything happened.

    1 right at 40 s, and sure; 2 two of three components right at 100 s; 3 in bits, sure, 30 s by the learner's word; 4 with
    too few digits; 5 never answered, with a hint; 6 answered too late, after the end at 600 s; the seventh was never reached.
    """
    plan = (MOCK, SOFTMAX, FOREST, MOCK, COIN, SOFTMAX, PITCH)
    candidate = begun(connection, plan, preset="screen-15min", minutes=10.0, feedback="at-end")
    candidate.take(10)
    candidate.answer("0.357", 40, confidence=0.8)
    candidate.take(40)
    candidate.answer(["0.659", "0.242", "0.5"], 100)
    candidate.take(100)
    candidate.answer("0.5146", 220, confidence=0.9, ms=30_000)
    candidate.take(220)
    candidate.answer("0.4", 280)
    candidate.take(280)
    candidate.hint(300)
    candidate.take(400)
    candidate.answer(["0.659", "0.242", "0.0986"], 601)
    return candidate
