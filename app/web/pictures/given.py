"""What the parameters of a problem give to look at, whichever family it is of: they have the same names everywhere."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeGuard

from quiz_bank.engine.reference import sigmoid, softmax
from quiz_bank.problem import Exact

Numbers = tuple[Exact, ...]


def field(parameters: object, *names: str) -> Any:  # noqa: ANN401 - a parameter may be anything
    """Return the first of some parameters that there is, None where there is none."""
    return next((found for name in names if (found := getattr(parameters, name, None)) is not None), None)


def is_number(value: object) -> TypeGuard[Exact | int]:
    """Whether a parameter is one number."""
    return isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)


def are_numbers(value: object) -> TypeGuard[Numbers]:
    """Whether a parameter is a vector of numbers."""
    return isinstance(value, tuple) and len(value) > 0 and all(map(is_number, value))


def distribution(parameters: object) -> Numbers | None:
    """Return the probabilities that are given for several outcomes."""
    found = field(parameters, "prediction", "probabilities")
    return found if are_numbers(found) else None


def implied(parameters: object) -> tuple[float, ...] | None:
    """Return the probabilities that given logits stand for: sigmoids where each has a label of its own, else a softmax."""
    logits = field(parameters, "logits")
    if not are_numbers(logits) or field(parameters, "temperature") is not None:
        return None
    if field(parameters, "labels") is not None or len(logits) == 1:
        return tuple(map(sigmoid, logits))
    return softmax(logits)


def aim(parameters: object, size: int) -> Numbers | None:
    """Return the target of so many outcomes as a vector, None where there is none."""
    target = field(parameters, "target", "labels")
    if isinstance(target, int) and 0 <= target < size:
        return tuple(Fraction(index == target) for index in range(size))
    return target if are_numbers(target) and len(target) == size else None


def counts_from_zero(parameters: object) -> bool:
    """Whether the problem names a class by its index."""
    return isinstance(field(parameters, "target"), int)


def hit(parameters: object) -> float | None:
    """Return the probability that was given to what is true; None where that isn't one outcome."""
    probabilities = distribution(parameters) or implied(parameters)
    if probabilities is not None and len(probabilities) > 1:
        target = field(parameters, "target") if field(parameters, "labels") is None else None
        sure = aim(parameters, len(probabilities)) if target is not None else None
        return float(probabilities[sure.index(1)]) if sure is not None and sorted(sure)[-2:] == [0, 1] else None
    return _of_two(parameters)


def _of_two(parameters: object) -> float | None:
    """Return what was given to what is true of a yes or no; without a target the probability itself."""
    probability, logit = field(parameters, "probability"), field(parameters, "logit")
    chance = float(probability) if is_number(probability) else sigmoid(logit) if is_number(logit) else None
    target = field(parameters, "target")
    if chance is None or target is None or target == 1:
        return chance
    return 1.0 - chance if target == 0 else None
