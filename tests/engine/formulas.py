"""Every quantity as a textbook writes it, in interval arithmetic; `oracle.nearest` raises the precision."""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from mpmath import iv

from quiz_bank.engine.reference import Exact
from tests.engine.oracle import Interval, exactly


def exponentials(logits: Sequence[Exact], temperature: Exact = 1) -> list[Interval]:
    """e^((z_j − m)/T): without the common shift, e^(10^300) would be all that there is."""
    return _exponentials(tuple(logits), temperature, iv.prec)


@lru_cache(maxsize=1024)
def _exponentials(logits: tuple[Exact, ...], temperature: Exact, _precision: int) -> list[Interval]:
    m = largest(logits)
    return [iv.mpf(0) if z == -math.inf else iv.exp(exactly((Fraction(z) - m) / Fraction(temperature))) for z in logits]


def largest(logits: Sequence[Exact]) -> Fraction:
    return max(Fraction(z) for z in logits if z != -math.inf)


def logsumexp(logits: Sequence[Exact]) -> Interval:
    return exactly(largest(logits)) + iv.log(sum(exponentials(logits)))


def softmax(logits: Sequence[Exact], index: int, temperature: Exact = 1) -> Interval:
    powers = exponentials(logits, temperature)
    return powers[index] / sum(powers)


def hard_loss(logits: Sequence[Exact], index: int, temperature: Exact = 1) -> Interval:
    gap = (largest(logits) - Fraction(logits[index])) / Fraction(temperature)
    return exactly(gap) + iv.log(sum(exponentials(logits, temperature)))


def hard_slope(logits: Sequence[Exact], target: int, index: int) -> Interval:
    return softmax(logits, index) - int(index == target)


def soft_loss(logits: Sequence[Exact], target: Sequence[Exact], temperature: Exact = 1) -> Interval:
    losses = (exactly(y) * hard_loss(logits, j, temperature) for j, y in enumerate(target) if y)
    return sum(losses, iv.mpf(0))


def soft_slope(logits: Sequence[Exact], target: Sequence[Exact], index: int, temperature: Exact = 1) -> Interval:
    total = sum((exactly(y) for y in target), iv.mpf(0))
    return (total * softmax(logits, index, temperature) - exactly(target[index])) / exactly(temperature)


def cross_entropy(target: Sequence[Exact], prediction: Sequence[Exact], base: int | None = None) -> Interval:
    """−Σ p·log q over p > 0."""
    pairs = zip(target, prediction, strict=True)
    total = -sum((exactly(p) * iv.log(exactly(q)) for p, q in pairs if p), iv.mpf(0))
    return total if base is None else total / iv.log(base)


def entropy(probabilities: Sequence[Exact], base: int | None = None) -> Interval:
    return cross_entropy(probabilities, probabilities, base)


def divergence(target: Sequence[Exact], prediction: Sequence[Exact], base: int | None = None) -> Interval:
    return cross_entropy(target, prediction, base) - entropy(target, base)


def generalised_divergence(target: Sequence[Exact], prediction: Sequence[Exact]) -> Interval:
    excess = sum((exactly(q) - exactly(p) for p, q in zip(target, prediction, strict=True)), iv.mpf(0))
    return divergence(target, prediction) + excess


def sigmoid(logit: Exact) -> Interval:
    """Either side of 0 has its own form here, as e^(10^300) is beyond any computer."""
    power = iv.exp(exactly(-abs(Fraction(logit))))
    return 1 / (1 + power) if logit > 0 else power / (1 + power)


def binary_loss(target: Exact, probability: Exact) -> Interval:
    return cross_entropy([target, 1 - Fraction(target)], [probability, 1 - Fraction(probability)])


def logit_loss(target: Exact, logit: Exact) -> Interval:
    return -exactly(target) * iv.log(sigmoid(logit)) - exactly(1 - Fraction(target)) * iv.log(sigmoid(-logit))


def total_logit_loss(targets: Sequence[Exact], logits: Sequence[Exact], count: int) -> Interval:
    return sum((logit_loss(y, z) for y, z in zip(targets, logits, strict=True)), iv.mpf(0)) / count


def logit_slope(target: Exact, logit: Exact) -> Interval:
    return sigmoid(logit) - exactly(target)


def squared_error(target: Exact, logit: Exact) -> Interval:
    return logit_slope(target, logit) * logit_slope(target, logit)


def slope_ratio(logit: Exact) -> Interval:
    return 2 * sigmoid(logit) * sigmoid(-logit)


def squared_error_slope(target: Exact, logit: Exact) -> Interval:
    return logit_slope(target, logit) * slope_ratio(logit)
