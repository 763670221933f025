"""Focal loss: cross-entropy with the factor (1 − p_t)^γ, which takes weight off what is already predicted well.

Every result is rounded to the nearest float64. With q = 1 − p_t and the loss ℓ = −ln p_t it is α·q^γ·ℓ. Where the target's
logit is not the largest, ℓ = g + L with an exact gap g, and q^γ·ℓ = g + [g·(q^γ − 1) + q^γ·L] puts g in the exact part.

From a probability the value is an algebraic number times the logarithm of a rational one, so it is irrational or 0
(Baker). From logits no theorem in reach says so for γ > 0; should a value lie on a border between two floats, the
rounding raises ArithmeticError rather than guess.

References
----------
T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal loss for dense object detection", ICCV 2017.
A. Baker, *Transcendental Number Theory*, Cambridge University Press 1975, theorem 2.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.enclosure import Ball, log_of_ratio
from quiz_bank.engine.exact import (
    Exact,
    check_same_length,
    is_infinite,
    read_non_negative,
    read_non_negatives,
    read_probability,
)
from quiz_bank.engine.exponentials import Gaps, gaps_of
from quiz_bank.engine.losses import hard_loss, read_target
from quiz_bank.engine.rounding import round_sum


def focal_loss(target: int, probability: Exact, *, gamma: Exact, alpha: Exact | None = None) -> float:
    """Give the binary focal loss −α_t·(1 − p_t)^γ·ln p_t of a predicted probability.

    Parameters
    ----------
    target
        y, 0 or 1; p_t is p for y = 1 and 1 − p for y = 0.
    probability
        p in [0, 1].
    gamma
        γ ≥ 0.
    alpha
        α in [0, 1], the weight of y = 1, with 1 − α for y = 0; None for no weights.

    Returns
    -------
    float
        In nats; inf for p_t = 0.

    Raises
    ------
    ValueError
        For a target other than 0 and 1, numbers outside their range, or nan.

    Examples
    --------
    1 − 1e-20 is 1 in float64, which makes the naive loss 0:

    >>> focal_loss(0, 1e-20, gamma=2)
    9.999999999999998e-61
    """
    p, weight = read_probability(probability, "probability"), _alpha(target, alpha)
    power = read_non_negative(gamma, "gamma")
    p = p if target == 1 else 1 - p
    if p in (0, 1) or weight == 0:
        return math.inf if p == 0 and weight else 0.0
    rest = 1 - p

    def tail(bits: int) -> Ball:
        modulation = Ball.of_ratio(*rest.as_integer_ratio(), bits).power(power)
        return Ball.of_ratio(*weight.as_integer_ratio(), bits) * modulation * log_of_ratio(*(1 / p).as_integer_ratio(), bits)

    return round_sum(Fraction(0), tail)


def focal_loss_from_logit(target: int, logit: Exact, *, gamma: Exact, alpha: Exact | None = None) -> float:
    """Give the binary focal loss of σ(z).

    Parameters
    ----------
    target
        y, 0 or 1.
    logit
        z, which may be infinite.
    gamma
        γ ≥ 0.
    alpha
        α in [0, 1], the weight of y = 1, with 1 − α for y = 0; None for no weights.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        As `focal_loss`.

    Examples
    --------
    1 − σ(40) is 0 in float64:

    >>> focal_loss_from_logit(1, 40, gamma=2)
    7.667648073722e-53
    """
    return _focal(_two_classes(logit), _index(target), read_non_negative(gamma, "gamma"), _alpha(target, alpha))


def focal_loss_from_logits(
    logits: Sequence[Exact], target: int, *, gamma: Exact, class_weights: Sequence[Exact] | None = None
) -> float:
    """Give the focal loss −w_t·(1 − p_t)^γ·ln p_t of a softmax.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index t.
    gamma
        γ ≥ 0.
    class_weights
        A weight ≥ 0 for each class; without them, 1.

    Returns
    -------
    float
        In nats; inf where the target is masked.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`; also for a negative γ, negative weights or as many as there are no classes.

    Examples
    --------
    >>> focal_loss_from_logits([5, 0, 0], 0, gamma=2)
    2.366660475570863e-06
    """
    gaps, power = gaps_of(logits), read_non_negative(gamma, "gamma")
    read_target(target, len(logits))
    weights = [Fraction(1)] * len(logits) if class_weights is None else read_non_negatives(class_weights, "class_weights")
    check_same_length(weights, logits, "class_weights and logits")
    return _focal(gaps, target, power, weights[target])


def gradient_focal_logit(target: int, logit: Exact, *, gamma: Exact, alpha: Exact | None = None) -> float:
    """Give the binary focal loss's derivative by the logit, ∓α_t·q^γ·(γ·p_t·ℓ + q): − for y = 1, + for y = 0.

    Parameters
    ----------
    target
        y, 0 or 1.
    logit
        z, which may be infinite.
    gamma
        γ ≥ 0.
    alpha
        α in [0, 1], the weight of y = 1, with 1 − α for y = 0; None for no weights.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        As `focal_loss`.

    Examples
    --------
    >>> gradient_focal_logit(1, 40, gamma=2)
    -2.3002944221165997e-52
    """
    gaps, index, weight = _two_classes(logit), _index(target), _alpha(target, alpha)
    power = read_non_negative(gamma, "gamma")
    if power == 0:
        return gaps.nearest_share(1, weight, -weight * index)
    size = _focal_slope(gaps, index, power, weight)
    return -size + 0.0 if target else size


def _focal(gaps: Gaps, index: int, power: Fraction, weight: Fraction) -> float:
    gap = gaps.gap(index)
    if power == 0 or gap is None or weight == 0:
        return hard_loss(gaps, index).times(weight).nearest() if weight else 0.0

    def tail(bits: int) -> Ball:
        log_total = gaps.sums(bits).log_total
        if gap == 0:
            return _ball(weight, bits) * gaps.complement(index, bits).power(power) * log_total
        lost = _power_less_one(gaps, index, power, bits)
        return _ball(weight, bits) * (_ball(gap, bits) * lost + log_total + lost * log_total)

    return round_sum(weight * gap, tail)


def _focal_slope(gaps: Gaps, index: int, power: Fraction, weight: Fraction) -> float:
    """Round α·q^γ·(γ·p·ℓ + q), whose exact part is α where the target's logit is the smaller one."""
    gap = gaps.gap(index)
    if gap is None:
        return round_sum(weight, lambda bits: Ball(0, 0, 0, bits))

    def tail(bits: int) -> Ball:
        loss = _ball(gap, bits) + gaps.sums(bits).log_total
        slope = _ball(power, bits) * gaps.probability(index, bits) * loss
        if gap == 0:
            complement = gaps.complement(index, bits)
            return _ball(weight, bits) * complement.power(power) * (slope + complement)
        lost, more = (_power_less_one(gaps, index, exponent, bits) for exponent in (power, power + 1))
        return _ball(weight, bits) * (slope + slope * lost + more)

    return round_sum(weight if gap else Fraction(0), tail)


def _power_less_one(gaps: Gaps, index: int, power: Fraction, bits: int) -> Ball:
    """Enclose (1 − p)^γ − 1 with a small relative error."""
    return ((-gaps.probability(index, bits)).log1p() * _ball(power, bits)).expm1()


def _ball(value: Fraction, bits: int) -> Ball:
    return Ball.of_ratio(value.numerator, value.denominator, bits)


def _two_classes(logit: Exact) -> Gaps:
    """Give the softmax that the sigmoid is: of the logits 0 and z."""
    return gaps_of([-math.inf, 0] if is_infinite(logit) and logit > 0 else [0, logit])


def _index(target: int) -> int:
    if target not in (0, 1):
        raise ValueError(f"target must be 0 or 1, not {target}")
    return int(target)


def _alpha(target: int, alpha: Exact | None) -> Fraction:
    index = _index(target)
    if alpha is None:
        return Fraction(1)
    weight = read_probability(alpha, "alpha")
    return weight if index else 1 - weight
