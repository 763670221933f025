"""Which numbers a field takes, as the grader has them: the truth and what misconceptions give, each with its tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite, isnan, nan
from typing import Any, Final

from app.exports.shown import value_text
from quiz_bank.grading.tolerance import coincide, unit_of_last_place
from quiz_bank.problem import Language, Part, Variant, components

_FINEST_UNIT: Final = Decimal("1e-12")
"""Moodle widens every tolerance by 1e-14, which may be no more than a hundredth of it."""
_INSIDE: Final = Decimal("0.999999")
"""Moodle counts the border of a tolerance as within, the grader doesn't."""
_DIGITS: Final = 12
_USUAL: Final = (0.0, inf, -inf, nan)
_FEWEST_VALUES: Final = 4
_MOST_VALUES: Final = 6


@dataclass(frozen=True, slots=True)
class Target:
    """A number that an answer may be near to, as it is written, and the misconception that gives it, if one does."""

    number: str
    tolerance: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value to pick, as it is shown, and the misconception that gives it, if one does."""

    text: str
    is_right: bool
    code: str | None = None


def is_typed(part: Part, place: int) -> bool:
    """Say whether Moodle can judge a typed number for a component of a part."""
    return isfinite(components(part.truth)[place]) and _unit(part) >= _FINEST_UNIT


def _unit(part: Part) -> Decimal:
    return unit_of_last_place(part.truth, part.spec.significant_digits)


def targets(variant: Variant[Any], part: Part, place: int) -> Iterator[Target]:
    """Yield the truth of a component, then what misconceptions give there; the first that an answer is near to counts.

    A value whose interval meets that of the truth is left out: near it, it can't be told which of the two was meant.
    """
    truth, unit = components(part.truth)[place], _unit(part)
    yield Target(_written(truth), _tolerance(unit))
    told: set[str] = set()
    for wrong in variant.wrong:
        if wrong.part != part.name:
            continue
        value, reach = components(wrong.value)[place], unit_of_last_place(wrong.value, part.spec.significant_digits)
        number = _written(value)
        if isfinite(value) and abs(value - truth) >= float(unit + reach) and number not in told:
            told.add(number)
            yield Target(number, _tolerance(reach), wrong.code)


def _answers_another(variant: Variant[Any], part: Part, value: float) -> bool:
    others = (other for other in variant.numeric.values() if other.name != part.name)
    return any(coincide((value,), (truth,), float(_unit(other))) for other in others for truth in components(other.truth))


def _written(value: float) -> str:
    return f"{value:.{_DIGITS}g}"


def _tolerance(unit: Decimal) -> str:
    return format(unit * _INSIDE, "f")


def alternatives(variant: Variant[Any], part: Part, place: int, language: Language) -> list[Alternative]:
    """Return values to pick from, in the order of their size: the truth, what misconceptions give, and usual suspects.

    What is right for another part isn't among them: it would be given away.
    """
    wrong = (
        (components(w.value)[place], w.code)
        for w in variant.wrong
        if w.part == part.name and not _answers_another(variant, part, components(w.value)[place])
    )
    shown: dict[str, tuple[float, str | None]] = {}
    for value, code in ((components(part.truth)[place], None), *wrong):
        if len(shown) < _MOST_VALUES:
            shown.setdefault(value_text(value, language), (value, code))
    for value in _USUAL:
        if len(shown) < _FEWEST_VALUES:
            shown.setdefault(value_text(value, language), (value, None))
    right = next(iter(shown))
    by_size = sorted(shown.items(), key=lambda item: (isnan(item[1][0]), item[1][0]))
    return [Alternative(text, text == right, code) for text, (_, code) in by_size]
