"""Answering a problem: attempts, hints and the solution."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FamilyUnavailableError, FieldError, NotFoundError, UnreadableAnswerError
from app.services.shelf import Problem, Shelf
from app.services.verdicts import parts_as_stored, parts_from_json, parts_to_json
from app.storage import attempts, problems
from app.storage.attempts import AttemptRow, JudgementRow, NewAttempt
from app.storage.ids import new_id
from quiz_bank.engine import ENGINE_VERSION
from quiz_bank.grading import GRADER_VERSION
from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.problem import Language, PartVerdict, Variant, Verdict
from quiz_bank.rendering import hint_count


@dataclass(frozen=True, slots=True)
class Submission:
    """What a learner sends: an answer for each part, how sure they are (0 to 1), and how long it took."""

    answers: Mapping[str, object]
    language: Language
    confidence: float | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A stored attempt with its latest verdict, and the variant that its messages speak of; None where that is gone."""

    row: AttemptRow
    parts: tuple[PartVerdict, ...]
    variant: Variant[Any] | None


def submit(
    connection: Connection, shelf: Shelf, learner_id: UUID, problem_id: UUID, submission: Submission, now: datetime
) -> Attempt:
    """Judge and store an attempt; it counts while the problem is open and unless it is too coarse.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    UnreadableAnswerError
        Something in it can't be read as an answer; nothing is stored.
    """
    progress = problems.lock(connection, learner_id, problem_id)
    if progress is None:
        raise NotFoundError
    variant = shelf.variant(connection, learner_id, problem_id)
    verdict = _verdict(variant, submission)
    counted = progress.state == "open" and verdict.result != "too_coarse"
    attempt = _store(connection, learner_id, problem_id, variant, submission, verdict, counted=counted, now=now)
    if counted:
        solved = verdict.result == "right"
        problems.record(
            connection,
            problem_id,
            state="solved" if solved else "open",
            tries=progress.tries + 1,
            closed_at=now if solved else None,
        )
    return attempt


def _verdict(variant: Variant[Any], submission: Submission) -> Verdict:
    try:
        return grade(variant, submission.answers)
    except UnreadableAnswersError as error:
        fields = (FieldError(e.pointer, e.detail(submission.language), e.position) for e in error.errors)
        raise UnreadableAnswerError(errors=tuple(fields)) from None


def _store(
    connection: Connection,
    learner_id: UUID,
    problem_id: UUID,
    variant: Variant[Any],
    submission: Submission,
    verdict: Verdict,
    *,
    counted: bool,
    now: datetime,
) -> Attempt:
    answers = json.dumps(submission.answers, ensure_ascii=False)
    new = NewAttempt(new_id(), problem_id, learner_id, answers, counted, submission.confidence, submission.duration_ms, now)
    judgement = _judgement(variant, verdict, now)
    number = attempts.add(connection, new, judgement)
    row = AttemptRow(
        judgement, **{name: getattr(new, name) for name in new.__slots__}, number=number, family=variant.family.slug
    )
    return Attempt(row, verdict.parts, variant)


def _judgement(variant: Variant[Any], verdict: Verdict, now: datetime) -> JudgementRow:
    misconception = next((part.diagnosis.code for part in verdict.parts if part.diagnosis), None)
    return JudgementRow(
        new_id(),
        verdict.result,
        verdict.credit,
        misconception,
        json.dumps(parts_to_json(verdict.parts), ensure_ascii=False),
        variant.family.version,
        ENGINE_VERSION,
        GRADER_VERSION,
        now,
    )


def find_attempt(connection: Connection, shelf: Shelf, learner_id: UUID, attempt_id: UUID) -> Attempt:
    """Return a learner's attempt; NotFoundError where the learner has none of that id."""
    row = attempts.get(connection, learner_id, attempt_id)
    if row is None:
        raise NotFoundError
    return restored(connection, shelf, row)


def restored(connection: Connection, shelf: Shelf, row: AttemptRow) -> Attempt:
    """Return a stored attempt with what its messages need, as far as that is still to be had."""
    parts = json.loads(row.judgement.parts)
    try:
        variant = shelf.variant(connection, row.learner_id, row.problem_id)
        return Attempt(row, parts_from_json(variant, parts), variant)
    except (FamilyUnavailableError, KeyError):  # KeyError: the family has other parts by now
        return Attempt(row, parts_as_stored(parts), None)


def take_hint(connection: Connection, shelf: Shelf, learner_id: UUID, problem_id: UUID) -> tuple[Problem, int]:
    """Record the next hint and return the problem with the hint's number; the last hint is given again and again.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    """
    problem = shelf.problem(connection, learner_id, problem_id)
    available = hint_count(problem.variant.family)
    number = problems.take_hint(connection, learner_id, problem_id, available)
    return problem, available if number is None else number


def reveal(connection: Connection, shelf: Shelf, learner_id: UUID, problem_id: UUID, now: datetime) -> Problem:
    """Return the problem, which is no longer open: asking for the solution ends it for credit.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    """
    problems.set_state(connection, learner_id, problem_id, "revealed", now)
    return shelf.problem(connection, learner_id, problem_id)
