"""What the parameters of a problem give to look at, whichever family it is of: they have the same names everywhere."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeGuard

from quiz_bank.engine.reference import sigmoid, softmax
from quiz_bank.problem import Exact

Numbers = tuple[Exact, ...]


def field(parameters: object, *names: str) -> Any:  # noqa: ANN401 - a parameter may be anything
    """Return the first of some parameters that the problem has, None where it has none of them."""
    own = getattr(parameters, "__dataclass_fields__", {})  # not what a family works out from them
    return next((getattr(parameters, name) for name in names if name in own), None)


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
    """Return the probabilities that given logits stand for: sigmoids where each has a label of its own, else a softmax.

    A temperature divides them; two networks of a distillation have more than one answer, so None.
    """
    logits = field(parameters, "logits", "similarities")
    if not are_numbers(logits) or field(parameters, "teacher_logits") is not None:
        return None
    temperature = field(parameters, "temperature")
    cooled = logits if temperature is None else tuple(Fraction(logit) / Fraction(temperature) for logit in logits)
    if field(parameters, "labels") is not None or len(cooled) == 1:
        return tuple(map(sigmoid, cooled))
    return softmax(cooled)


def aim(parameters: object, size: int) -> Numbers | None:
    """Return the target of so many outcomes as a vector, None where there is none."""
    target = field(parameters, "target", "labels", "positive")
    if isinstance(target, int) and 0 <= target < size:
        return tuple(Fraction(index == target) for index in range(size))
    return target if are_numbers(target) and len(target) == size else None


def counts_from_zero(parameters: object) -> bool:
    """Whether the problem names a class by its index."""
    return isinstance(field(parameters, "target", "positive"), int)


def hit(parameters: object) -> float | None:
    """Return the probability that was given to what is true; None where that isn't one outcome."""
    probabilities = distribution(parameters) or implied(parameters)
    if probabilities is None:
        return _of_two(parameters)
    sure = aim(parameters, len(probabilities)) if field(parameters, "labels") is None else None
    return float(probabilities[sure.index(1)]) if sure is not None and sorted(sure)[-2:] == [0, 1] else None


def _of_two(parameters: object) -> float | None:
    """Return what was given to what is true of a yes or no; without a target the probability itself.

    Who knows nothing of so many classes gives each the same.
    """
    probability, logit, classes = (field(parameters, name) for name in ("probability", "logit", "classes"))
    if is_number(classes):
        return 1 / int(classes)
    chance = float(probability) if is_number(probability) else sigmoid(logit) if is_number(logit) else None
    target = field(parameters, "target")
    if chance is None or target is None or target == 1:
        return chance
    return 1.0 - chance if target == 0 else None
