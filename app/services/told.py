"""What reports and scorecards tell of an answer by the same rules."""

from __future__ import annotations

from typing import Any

from app.storage.drill_reports import AnswerRow
from app.storage.outcomes import COARSE_CREDIT, LEFT_AFTER
from app.storage.problems import ProblemRow
from app.storage.rooms import Given, Reached
from quiz_bank import rendering
from quiz_bank.problem import Language, Variant
from quiz_bank.rendering import Rendered


def credit_of(answer: AnswerRow | Given) -> float:
    """Return what an answer is worth; one with too few digits gets half where nobody could ask for more."""
    return COARSE_CREDIT if answer.verdict == "too_coarse" else answer.credit


def seconds_of(problem: ProblemRow | Reached, first: AnswerRow | Given) -> float | None:
    """Return how long the first answer took, by the learner's word or by the clock.

    None where the clock can't tell: someone did something else meanwhile, or it was set back.
    """
    if first.duration_ms is not None:
        return first.duration_ms / 1000
    elapsed = (first.submitted_at - problem.created_at).total_seconds()
    return elapsed if 0 <= elapsed <= problem.expected_seconds * LEFT_AFTER else None


def why_of(variant: Variant[Any] | None, code: str, language: Language) -> Rendered | None:
    """Return why a mistake is tempting; None where its family is gone, or doesn't know it by this code any more."""
    try:
        return rendering.why(variant, code, language) if variant else None
    except KeyError:
        return None
