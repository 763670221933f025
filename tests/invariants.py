"""What must hold of everything that is stored, whatever happened to the service meanwhile: crashes, races, repeated requests.

Everything is read with plain SELECTs and computed anew in Python, so that no statement of the service vouches for itself.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, Table, select

from app.storage import models
from app.storage.outcomes import COARSE_CREDIT, LEFT_AFTER

SECONDS_APART: Final = 1e-3
"""As exactly as SQLite's Julian days know how much time lies between two instants."""

AnyRow = Row[Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """Every row that the invariants speak of; attempts by their problem in the order of their numbers."""

    problems: dict[UUID, AnyRow]
    attempts: dict[UUID, list[AnyRow]]
    judgements: dict[UUID, list[AnyRow]]
    outcomes: dict[UUID, AnyRow]
    drills: dict[UUID, AnyRow]
    rooms: dict[UUID, AnyRow]
    reviews: list[AnyRow]
    review_log: list[AnyRow]
    idempotency: list[AnyRow]

    def first(self, attempt: AnyRow) -> AnyRow:
        """Return what an attempt got when it came."""
        return self.judgements[attempt.id][0]

    def latest(self, attempt: AnyRow) -> AnyRow:
        """Return the judgement of an attempt that counts."""
        return self.judgements[attempt.id][-1]

    def counted(self, problem: AnyRow) -> list[AnyRow]:
        """Return the attempts on a problem that count, the first first."""
        return [attempt for attempt in self.attempts[problem.id] if attempt.counted]


def broken(connection: Connection) -> list[str]:
    """Return one sentence for each thing that is stored and must not be; an empty list where all is well.

    It only reads, on SQLite as on PostgreSQL, and all from one snapshot where the connection's transaction gives one.
    """
    stored = _stored(connection)
    if unjudged := [a.id for attempts in stored.attempts.values() for a in attempts if not stored.judgements.get(a.id)]:
        return [f"attempt {attempt_id} was not judged" for attempt_id in unjudged]  # no other rule could be looked at
    return sorted({sentence for rule in RULES for sentence in rule(stored)})


def _stored(connection: Connection) -> Stored:
    def rows(table: Table) -> list[AnyRow]:
        return list(connection.execute(select(table).order_by(*table.primary_key)))

    attempts, judgements = defaultdict(list), defaultdict(list)
    for attempt in sorted(rows(models.attempts), key=lambda row: row.number):
        attempts[attempt.problem_id].append(attempt)
    for judgement in rows(models.judgements):
        judgements[judgement.attempt_id].append(judgement)
    return Stored(
        problems={row.id: row for row in rows(models.problems)},
        attempts=attempts,
        judgements=judgements,
        outcomes={row.problem_id: row for row in rows(models.outcomes)},
        drills={row.id: row for row in rows(models.drills)},
        rooms={row.id: row for row in rows(models.rooms)},
        reviews=rows(models.reviews),
        review_log=rows(models.review_log),
        idempotency=rows(models.idempotency),
    )


def _numbers_are_gapless(stored: Stored) -> Iterator[str]:
    for problem_id, attempts in stored.attempts.items():
        numbers = [attempt.number for attempt in attempts]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"the attempts on problem {problem_id} are numbered {numbers}"
        if any(attempt.learner_id != stored.problems[problem_id].learner_id for attempt in attempts):
            yield f"someone else answered problem {problem_id}"


def _each_is_judged_once(stored: Stored) -> Iterator[str]:
    """Look for what was judged twice by the same versions, though no key was corrected meanwhile."""
    for problem_id, attempts in stored.attempts.items():
        corrected = stored.problems[problem_id].corrected_at is not None
        for attempt in attempts:
            found = stored.judgements[attempt.id]
            versions = {(each.family_version, each.engine_version, each.grader_version) for each in found}
            if len(versions) < len(found) and not corrected:
                yield f"attempt {attempt.id} has {len(found)} judgements of {len(versions)} versions"


def _problems_tell_their_attempts(stored: Stored) -> Iterator[str]:
    for problem in stored.problems.values():
        counted = stored.counted(problem)
        if problem.tries != len(counted):
            yield f"problem {problem.id} has {problem.tries} tries and {len(counted)} attempts that count"
        if (problem.state == "open") != (problem.closed_at is None):
            yield f"problem {problem.id} is {problem.state} and was closed at {problem.closed_at}"
        judged_right = any(each.verdict == "right" for attempt in counted for each in stored.judgements[attempt.id])
        if problem.state == "solved" and not judged_right:
            yield f"problem {problem.id} is solved without a right answer"
        if _tells_at_once(stored, problem) and "right" in [stored.first(attempt).verdict for attempt in counted[:-1]]:
            yield f"an answer to problem {problem.id} counts after a right one"


def _tells_at_once(stored: Stored, problem: AnyRow) -> bool:
    return problem.drill_id is None or _blueprint(stored.drills[problem.drill_id])["feedback"] != "at-end"


def _blueprint(drill: AnyRow) -> dict[str, Any]:
    return {"feedback": "at-once", "tries": None, "reviews": True, **json.loads(drill.blueprint)}


def _outcomes_are_what_is_computed_anew(stored: Stored) -> Iterator[str]:
    for problem in stored.problems.values():
        expected, found = _outcome(stored, problem), stored.outcomes.get(problem.id)
        if (expected is None) != (found is None):
            yield f"problem {problem.id} has {'no outcome' if found is None else 'an outcome too early'}"
        if expected is not None and found is not None:
            wrong = [name for name, value in expected.items() if not _alike(found._mapping[name], value)]
            if wrong:
                yield f"the outcome of problem {problem.id} has wrong {', '.join(wrong)}"


def _outcome(stored: Stored, problem: AnyRow) -> dict[str, object] | None:
    counted = stored.counted(problem)
    if problem.withheld or not (counted or problem.closed_at):
        return None
    unchanging = ("learner_id", "family", "topic", "level", "drill_id", "expected_seconds", "closed_at", "tries")
    outcome = {name: problem._mapping[name] for name in unchanging}
    outcome |= {"hints": problem.hints_taken, "happened_at": problem.closed_at, "solved": False, "credit": 0.0}
    if not counted:
        nothing = ("first_verdict", "first_credit", "misconception", "confidence", "seconds")
        return {**outcome, **dict.fromkeys(nothing)}
    first, last = counted[0], stored.latest(counted[-1])
    judged = stored.latest(first)
    return outcome | {
        "happened_at": first.submitted_at,
        "first_verdict": judged.verdict,
        "first_credit": judged.credit,
        "misconception": judged.misconception,
        "confidence": first.confidence,
        "seconds": _seconds(problem, first),
        "solved": last.verdict == "right",
        "credit": COARSE_CREDIT if last.verdict == "too_coarse" else last.credit,
    }


def _seconds(problem: AnyRow, first: AnyRow) -> float | None:
    if first.duration_ms is not None:
        return float(first.duration_ms) / 1000
    elapsed: float = (first.submitted_at - problem.created_at).total_seconds()
    return elapsed if 0 <= elapsed <= problem.expected_seconds * LEFT_AFTER else None


def _alike(found: object, expected: object) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return abs(found - expected) <= SECONDS_APART
    return found == expected


def _drills_fit_their_problems(stored: Stored) -> Iterator[str]:
    of_drill = defaultdict(list)
    for problem in stored.problems.values():
        if problem.drill_id is not None:
            of_drill[problem.drill_id].append(problem)
    for drill in stored.drills.values():
        problems = of_drill[drill.id]
        places = [problem.position for problem in problems]
        if len(set(places)) < len(places) or max(places, default=0) != drill.shown:
            yield f"drill {drill.id} is at {drill.shown} and handed out {sorted(places)}"
        if any(problem.learner_id != drill.learner_id for problem in problems):
            yield f"drill {drill.id} asks someone else"
        if drill.room_id is not None and stored.rooms[drill.room_id].plan != drill.plan:
            yield f"drill {drill.id} asks other problems than its room"


def _ends_end_everything(stored: Stored) -> Iterator[str]:
    for drill in stored.drills.values():
        if (drill.state == "finished") != (drill.finished_at is not None):
            yield f"drill {drill.id} is {drill.state} and finished at {drill.finished_at}"
        if (drill.state == "paused") != (drill.paused_at is not None):
            yield f"drill {drill.id} is {drill.state} and paused at {drill.paused_at}"
    for problem in stored.problems.values():
        ended = problem.drill_id is None or stored.drills[problem.drill_id].state == "finished"
        if ended and (problem.withheld or (problem.drill_id is not None and problem.state == "open")):
            yield f"problem {problem.id} is {problem.state} after the end of its drill, or withheld"


def _drills_count_what_came_in_time(stored: Stored) -> Iterator[str]:
    for problem in stored.problems.values():
        drill = stored.drills.get(problem.drill_id)
        for attempt in stored.attempts[problem.id]:
            if attempt.late and (attempt.counted or drill is None or drill.state != "finished"):
                yield f"attempt {attempt.id} is late and counts, or came before the end"
            if drill is not None and drill.ends_at is not None and attempt.counted and attempt.submitted_at >= drill.ends_at:
                yield f"attempt {attempt.id} counts and came after the end"
        allowed = None if drill is None else _blueprint(drill)["tries"]
        if allowed is not None and problem.tries > allowed:
            yield f"problem {problem.id} has {problem.tries} tries of {allowed}"


def _reviews_are_what_was_rated(stored: Stored) -> Iterator[str]:
    times: Counter[tuple[UUID, str]] = Counter()
    latest: dict[tuple[UUID, str], datetime] = {}
    for rated in stored.review_log:
        problem, key = stored.problems[rated.problem_id], (rated.learner_id, rated.family)
        times[key] += 1
        latest[key] = max(rated.reviewed_at, latest.get(key, rated.reviewed_at))
        if (problem.learner_id, problem.family) != key or problem.withheld:
            yield f"the rating of problem {problem.id} is another's, or too early"
    kept = {(row.learner_id, row.family): (row.times, row.last_review) for row in stored.reviews}
    for key in kept.keys() | times.keys():
        if kept.get(key) != (times[key], latest.get(key)):
            yield f"learner {key[0]} reviewed {key[1]} {times[key]} times, and {kept.get(key)} is remembered"


def _what_ended_is_rated(stored: Stored) -> Iterator[str]:
    """Of problems outside drills; a regrade that solves one long afterwards rates nothing."""
    rated = {row.problem_id for row in stored.review_log}
    for problem in stored.problems.values():
        regraded = any(len(stored.judgements[attempt.id]) > 1 for attempt in stored.attempts[problem.id])
        if problem.drill_id is None and problem.closed_at is not None and problem.id not in rated and not regraded:
            yield f"problem {problem.id} has ended and was not rated"


def _kept_answers_speak_of_what_is_stored(stored: Stored) -> Iterator[str]:
    """Look for answers that a repeated request would get, and that tell of no attempt or of another key's."""
    known = {str(attempt.id) for attempts in stored.attempts.values() for attempt in attempts}
    told: Counter[str] = Counter()
    for kept in stored.idempotency:
        if kept.status is None:
            yield f"the key {kept.key} was taken and has no answer"
        elif kept.status == 201 and kept.body and {"problem_id", "number"} <= (body := json.loads(kept.body)).keys():
            told[body["id"]] += 1
    for attempt, times in told.items():
        if times > 1 or attempt not in known:
            yield f"{times} keys speak of attempt {attempt}, which is {'' if attempt in known else 'not '}stored"


RULES: Final[tuple[Callable[[Stored], Iterator[str]], ...]] = (
    _numbers_are_gapless,
    _each_is_judged_once,
    _problems_tell_their_attempts,
    _outcomes_are_what_is_computed_anew,
    _drills_fit_their_problems,
    _ends_end_everything,
    _drills_count_what_came_in_time,
    _reviews_are_what_was_rated,
    _what_ended_is_rated,
    _kept_answers_speak_of_what_is_stored,
)
