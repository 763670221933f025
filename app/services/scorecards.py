"""What a coach sees of a room, while it runs and after: nothing is withheld from whoever asked the questions."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import fsum
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FamilyUnavailableError
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.choices import Choices, choices_of, key_of
from app.services.plans import PlanItem, plan_from_json, variant_of
from app.services.reports.scores import never_reached
from app.services.told import credit_of, seconds_of, why_of
from app.services.verdicts import parts_as_stored
from app.storage import rooms
from app.storage.drills import DrillRow
from app.storage.rooms import Given, Member, Reached, RoomRow
from quiz_bank import rendering
from quiz_bank.problem import Language, Variant
from quiz_bank.rendering import Rendered


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a problem for one candidate; `state` is None where they were not handed it.

    Verdict, credit and submitted are of the last answer that counted; `seconds` is how long the first of those took, None
    where that isn't known. `late` counts the answers that came after the end.
    """

    position: int
    problem_id: UUID | None = None
    state: str | None = None
    verdict: str | None = None
    credit: float = 0.0
    submitted: Mapping[str, object] | None = None
    misconceptions: tuple[str, ...] = ()
    tries: int = 0
    hints: int = 0
    seconds: float | None = None
    late: int = 0
    follow_up_answer: str | None = None
    mark: float | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who joined, with a result for each question; `possible` is one for each problem that counts."""

    drill_id: UUID
    name: str
    guest: bool
    state: str
    started_at: datetime
    ends_at: datetime | None
    finished_at: datetime | None
    credit: float
    possible: int
    results: tuple[Result, ...]

    @property
    def share(self) -> float | None:
        """The credit as a share of what was possible; None where nothing was."""
        return self.credit / self.possible if self.possible else None


@dataclass(frozen=True, slots=True)
class MistakeCount:
    """A misconception, how many candidates showed it, and why it is tempting; None where its family is gone."""

    code: str
    candidates: int
    why: Rendered | None


@dataclass(frozen=True, slots=True)
class Question:
    """A problem of the room over all candidates: how many answered it, of whom how many right, and their median seconds.

    Texts and the truth are None where the family is gone; `labels` are what stands beside the fields of the parts. The
    follow-up is there in interviews. What is `self_assessed` was judged by the candidates' own ticks: it is for the coach
    to mark.
    """

    position: int
    family: str
    level: int
    title: str
    self_assessed: bool
    prompt: Rendered | None
    choices: tuple[Choices, ...]
    truth: Mapping[str, object] | None
    labels: Mapping[str, str]
    follow_up: Rendered | None
    expected_seconds: int | None
    answered: int
    right: int
    median_seconds: float | None
    misconceptions: tuple[MistakeCount, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everybody's results, in the order in which they joined; there is no ranking."""

    room: RoomRow
    candidates: tuple[Candidate, ...]
    questions: tuple[Question, ...]


def scorecard_of(connection: Connection, room: RoomRow, language: Language, now: datetime) -> Scorecard:
    """Return how everybody in a room does, or did; the texts are in a language.

    Before anybody has joined its questions are all that the room may ask.
    """
    candidates = candidates_of(connection, room, now)
    blueprint = blueprint_from_json(room.blueprint)
    length = len(candidates[0].results) if candidates else blueprint.length
    questions = (
        _question(item, index + 1, [one.results[index] for one in candidates], language, interview=blueprint.interview)
        for index, item in enumerate(plan_from_json(room.plan)[:length])
    )
    return Scorecard(room, candidates, tuple(questions))


def candidates_of(connection: Connection, room: RoomRow, now: datetime) -> tuple[Candidate, ...]:
    """Return the results of all who joined a room, with as many positions for each.

    A room of a fixed length has all of its problems there, another those that somebody has reached, and the first anyway.
    """
    blueprint = blueprint_from_json(room.blueprint)
    given: dict[UUID, list[Given]] = defaultdict(list)
    for answer in rooms.given(connection, room.id):
        given[answer.problem_id].append(answer)
    reached: dict[UUID, dict[int, Result]] = defaultdict(dict)
    for problem in rooms.reached(connection, room.id):
        reached[problem.drill_id][problem.position] = _result(problem, given[problem.problem_id])
    length = blueprint.length or max((position for results in reached.values() for position in results), default=1)
    return tuple(
        _candidate(member, reached[member.drill.id], length, blueprint, now) for member in rooms.members(connection, room.id)
    )


def _candidate(member: Member, reached: Mapping[int, Result], length: int, blueprint: Blueprint, now: datetime) -> Candidate:
    drill = _as_of(member.drill, now)
    return Candidate(
        drill_id=drill.id,
        name=member.name,
        guest=member.guest,
        state=drill.state,
        started_at=drill.started_at,
        ends_at=drill.ends_at,
        finished_at=drill.finished_at,
        credit=fsum(result.credit for result in reached.values()),
        possible=len(reached) + never_reached(drill, blueprint),
        results=tuple(reached.get(position, Result(position)) for position in range(1, length + 1)),
    )


def _as_of(drill: DrillRow, now: datetime) -> DrillRow:
    """Return the drill as it is at `now`: the end of its time may not have been noted yet."""
    if drill.state == "running" and drill.ends_at is not None and drill.ends_at <= now:
        return replace(drill, state="finished", finished_at=drill.ends_at)
    return drill


def _result(problem: Reached, given: Sequence[Given]) -> Result:
    counted = [answer for answer in given if answer.counted]
    last = counted[-1] if counted else None
    return Result(
        position=problem.position,
        problem_id=problem.problem_id,
        state=problem.state,
        verdict=last.verdict if last else None,
        credit=credit_of(last) if last else 0.0,
        submitted=json.loads(last.answers) if last else None,
        misconceptions=tuple(dict.fromkeys(code for answer in counted for code in _codes(answer))),
        tries=len(counted),
        hints=problem.hints,
        seconds=seconds_of(problem, counted[0]) if counted else None,
        late=sum(answer.late for answer in given),
        follow_up_answer=problem.follow_up_answer,
        mark=problem.mark,
        remark=problem.remark,
    )


def _codes(answer: Given) -> Iterable[str]:
    if answer.parts is None:
        return ()
    return (part.diagnosis.code for part in parts_as_stored(json.loads(answer.parts)) if part.diagnosis)


def _question(item: PlanItem, position: int, results: Sequence[Result], language: Language, *, interview: bool) -> Question:
    variant = _variant(item)
    times = [result.seconds for result in results if result.seconds is not None]
    counts = Counter(code for result in results for code in result.misconceptions)
    return Question(
        position=position,
        family=item.family,
        level=item.level,
        title=rendering.title(variant.family, language) if variant else item.family,
        self_assessed=variant is not None and all(part.spec.kind == "rubric" for part in variant.parts),
        prompt=rendering.prompt(variant, language) if variant else None,
        choices=tuple(choices_of(variant, language)) if variant else (),
        truth={part.name: key_of(part) for part in variant.parts} if variant else None,
        labels={part.name: rendering.part_label(variant, part.name, language) for part in variant.parts} if variant else {},
        follow_up=rendering.follow_up(variant, language) if variant and interview else None,
        expected_seconds=variant.family.levels[variant.level].seconds if variant else None,
        answered=sum(result.verdict is not None for result in results),
        right=sum(result.verdict == "right" for result in results),
        median_seconds=median(times) if times else None,
        misconceptions=tuple(
            MistakeCount(code, count, why_of(variant, code, language)) for code, count in counts.most_common()
        ),
    )


def _variant(item: PlanItem) -> Variant[Any] | None:
    try:
        return variant_of(item)
    except FamilyUnavailableError:
        return None
