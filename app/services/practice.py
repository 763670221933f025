"""Answering a problem: attempts, hints and the solution."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.errors import (
    FamilyUnavailableError,
    FieldError,
    HintsOffError,
    NotFoundError,
    UnreadableAnswerError,
    WithheldError,
)
from app.services import results
from app.services.closing import Terms, terms_of
from app.services.shelf import Problem, Shelf
from app.services.verdicts import parts_as_stored, parts_from_json, parts_to_json
from app.services.watch import Watch
from app.storage import attempts, outcomes, problems
from app.storage.attempts import AttemptRow, JudgementRow, NewAttempt
from app.storage.ids import new_id
from app.storage.problems import Progress
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

    In a drill it counts within the time and the tries that the drill has; a late one is stored and judged all the same.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    DrillPausedError
        Its drill's clock stands still; nothing is stored.
    UnreadableAnswerError
        Something in it can't be read as an answer; nothing is stored.
    """
    terms = terms_of(connection, shelf.kept(connection, learner_id, problem_id).drill_id, now)
    progress = problems.lock(connection, learner_id, problem_id)
    if progress is None:
        raise NotFoundError
    kept = shelf.kept(connection, learner_id, problem_id)
    if kept.corrected_at != progress.corrected_at:
        kept = shelf.reread(connection, learner_id, problem_id)
    began = perf_counter()
    verdict = _verdict(kept.variant, submission)
    took = perf_counter() - began
    new = _new_attempt(learner_id, problem_id, submission, now, counted=_counts(verdict, progress, terms), late=terms.over)
    attempt = _store(connection, kept.variant, new, verdict, progress)
    _tell(shelf.watch, attempt.row, took)
    if new.counted:
        _record(connection, attempt.row, progress, terms)
    return attempt


def _tell(watch: Watch, attempt: AttemptRow, seconds: float) -> None:
    """Tell of a verdict; of one that is withheld only that there is one, for whoever sees the counts may be in the drill."""
    if attempt.withheld:
        watch.judged(attempt.family, "withheld", None, seconds)
    else:
        watch.judged(attempt.family, attempt.judgement.verdict, attempt.judgement.misconception, seconds)


def _counts(verdict: Verdict, progress: Progress, terms: Terms) -> bool:
    """Whether an answer counts. A coarse one is asked for again, unless nothing may be told: then it is the answer."""
    readable = progress.withheld or verdict.result != "too_coarse"
    left = terms.tries is None or progress.tries < terms.tries
    return progress.state == "open" and readable and left and not terms.over


def _record(connection: Connection, attempt: AttemptRow, progress: Progress, terms: Terms) -> None:
    """Store how far the problem is: solved, or out of tries; open as long as what an answer got is withheld."""
    tries = progress.tries + 1
    state = "open"
    if not progress.withheld:
        out_of_tries = terms.tries is not None and tries >= terms.tries
        state = "solved" if attempt.judgement.verdict == "right" else "expired" if out_of_tries else "open"
    ended = state != "open"
    problems.record(connection, attempt.problem_id, state=state, tries=tries, closed_at=attempt.submitted_at if ended else None)
    if not progress.withheld:
        results.answered(connection, attempt, first=tries == 1, ended=ended, feed_reviews=terms.reviews)


def _verdict(variant: Variant[Any], submission: Submission) -> Verdict:
    try:
        return grade(variant, submission.answers)
    except UnreadableAnswersError as error:
        fields = (FieldError(e.pointer, e.detail(submission.language), e.position) for e in error.errors)
        raise UnreadableAnswerError(errors=tuple(fields)) from None


def _new_attempt(
    learner_id: UUID, problem_id: UUID, submission: Submission, now: datetime, *, counted: bool, late: bool
) -> NewAttempt:
    answers = json.dumps(submission.answers, ensure_ascii=False)
    sent = (answers, counted, submission.confidence, submission.duration_ms, now, late)
    return NewAttempt(new_id(), problem_id, learner_id, *sent)


def _store(connection: Connection, variant: Variant[Any], new: NewAttempt, verdict: Verdict, progress: Progress) -> Attempt:
    judgement = judged(variant, verdict, new.submitted_at)
    attempts.add(connection, new, judgement)
    fields = {name: getattr(new, name) for name in new.__slots__}
    number = progress.attempts + 1
    row = AttemptRow(judgement, **fields, number=number, family=variant.family.slug, withheld=progress.withheld)
    return Attempt(row, verdict.parts, variant)


def judged(variant: Variant[Any], verdict: Verdict, now: datetime) -> JudgementRow:
    """Return a verdict as it is stored, with the versions that gave it."""
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
        variant = shelf.kept(connection, row.learner_id, row.problem_id).variant
        return Attempt(row, parts_from_json(variant, parts), variant)
    except (FamilyUnavailableError, KeyError):  # KeyError: the family has other parts by now
        return Attempt(row, parts_as_stored(parts), None)


def take_hint(connection: Connection, shelf: Shelf, learner_id: UUID, problem_id: UUID, now: datetime) -> tuple[Problem, int]:
    """Record the next hint and return the problem with the hint's number; the last hint is given again and again.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    HintsOffError, DrillPausedError
        Its drill gives no hints, or its clock stands still.
    """
    problem = shelf.problem(connection, learner_id, problem_id)
    terms = terms_of(connection, problem.row.drill_id, now)
    if not terms.hints and not terms.over:
        raise HintsOffError
    available = hint_count(problem.variant.family)
    number = problems.take_hint(connection, learner_id, problem_id, available)
    if number is not None:
        outcomes.refresh(connection, problem_id)  # which counts it too, where an answer came before
    return problem, available if number is None else number


def reveal(connection: Connection, shelf: Shelf, learner_id: UUID, problem_id: UUID, now: datetime) -> Problem:
    """Return the problem, which is no longer open: asking for the solution ends it for credit.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    WithheldError, DrillPausedError
        Its drill gives its feedback at the end, or its clock stands still.
    """
    terms = terms_of(connection, shelf.kept(connection, learner_id, problem_id).drill_id, now)
    if problems.set_state(connection, learner_id, problem_id, "revealed", now):
        results.noted(connection, problem_id, now, feed_reviews=terms.reviews)
    problem = shelf.problem(connection, learner_id, problem_id)
    if problem.row.withheld:
        raise WithheldError
    return problem
