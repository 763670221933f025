"""Why a number is wrong: the misconceptions whose value it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from quiz_bank.grading.read import Reading
from quiz_bank.grading.tolerance import are_right
from quiz_bank.misconceptions import NATS_PER, scaled, wrong_base_factors
from quiz_bank.problem import Diagnosis, Part, Unit, WrongValue, components


def diagnose(readings: tuple[Reading, ...], part: Part, wrong: tuple[WrongValue, ...]) -> Diagnosis | None:
    """Return the first misconception of the family's order that gives this answer, with the others that give it too.

    Where none does, a family's misconception together with a flipped sign or another log base may.
    """
    codes = _codes(readings, part, wrong) or _codes(readings, part, _pairs(readings, part, wrong))
    return Diagnosis(codes[0], codes[1:]) if codes else None


def _codes(readings: tuple[Reading, ...], part: Part, wrong: Iterable[WrongValue]) -> tuple[str, ...]:
    digits = part.spec.significant_digits
    return tuple(dict.fromkeys(w.code for w in wrong if are_right(readings, w.value, digits)))


def _pairs(readings: tuple[Reading, ...], part: Part, wrong: tuple[WrongValue, ...]) -> Iterator[WrongValue]:
    """Yield each misconception of the family's own, once more with a wrong sign or base, and a wrong sign in a wrong base.

    Only where its first component then comes near the answer's: there are dozens, and hardly ever does one fit.
    """
    first, digits = readings[0].value, part.spec.significant_digits
    factors, widest = _pairing(part.unit)
    least, share = 10.0**-digits, 10.0 ** (1 - digits)
    for own in wrong:
        if own.shared and own.code != "sign-flipped":  # a flipped sign pairs with a wrong base, and with nothing else
            continue
        numbers = components(own.value)
        # The unit of the last place is at most this share of the largest component, or 10^-digits where all are zero.
        reach = widest * max(least, share * max(map(abs, numbers)))
        for code, factor in factors:
            if abs(first - factor * numbers[0]) <= reach and code != own.code:
                yield WrongValue(part.name, f"{code}+{own.code}", scaled(own.value, factor))


@lru_cache(maxsize=len(NATS_PER) + 1)  # one for each unit, and one for none
def _pairing(unit: Unit | None) -> tuple[tuple[tuple[str, float], ...], float]:
    """Return what else may multiply a misconception's value, and a little more than the largest of these sizes, at least 1."""
    factors = (("sign-flipped", -1.0), *wrong_base_factors(unit).items())
    return factors, 1.01 * max(1.0, *(abs(factor) for _, factor in factors))
