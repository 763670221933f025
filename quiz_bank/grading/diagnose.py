"""Why a number is wrong: the misconceptions whose value it is."""

from __future__ import annotations

from collections.abc import Iterator

from quiz_bank.grading.read import Reading
from quiz_bank.grading.tolerance import are_right
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.problem import Diagnosis, Part, WrongValue


def diagnose(readings: tuple[Reading, ...], part: Part, wrong: tuple[WrongValue, ...]) -> Diagnosis | None:
    """Return the first misconception of the family's order that gives this answer, with the others that give it too.

    Where none does, a family's misconception together with a flipped sign or another log base may.
    """
    codes = _codes(readings, part, wrong) or _codes(readings, part, tuple(_pairs(part, wrong)))
    return Diagnosis(codes[0], codes[1:]) if codes else None


def _codes(readings: tuple[Reading, ...], part: Part, wrong: tuple[WrongValue, ...]) -> tuple[str, ...]:
    digits = part.spec.significant_digits
    return tuple(dict.fromkeys(w.code for w in wrong if are_right(readings, w.value, digits)))


def _pairs(part: Part, wrong: tuple[WrongValue, ...]) -> Iterator[WrongValue]:
    """Yield each misconception of the family's own, once more with a wrong sign or base."""
    for own in wrong:
        if own.shared:
            continue
        mistaken = Part(part.spec, own.value, part.unit)
        for shared in (SIGN_FLIPPED, WRONG_LOG_BASE):
            for code, value in shared.recipe(mistaken).items():
                yield WrongValue(part.name, f"{code}+{own.code}", value)
