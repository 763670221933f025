"""What a training step needs of the cross-entropy: a linear layer's gradient, and the loss after a step.

Every result is rounded to the nearest float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.enclosure import Ball, exp_of_ratio
from quiz_bank.engine.exact import Exact, check_size, read_rational
from quiz_bank.engine.exponentials import Gaps, gaps_of
from quiz_bank.engine.losses import Target, hard_loss, read_target
from quiz_bank.engine.rounding import round_sum


def linear_layer_gradient(inputs: Sequence[Exact], logits: Sequence[Exact], target: Target) -> tuple[tuple[float, ...], ...]:
    """Give the cross-entropy's derivative by the weights of a linear layer z = W·x + b, the matrix (p − y)·xᵀ.

    Its derivative by b is `gradient_logits`.

    Parameters
    ----------
    inputs
        x: at most 64 numbers.
    logits
        z: at most 64 numbers; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class.

    Returns
    -------
    tuple of tuple of float
        A row for each class, a column for each input; each entry is rounded once.

    Raises
    ------
    ValueError
        As `gradient_logits`; also for no or more than 64 inputs, nan or an infinity among them.

    Examples
    --------
    p − y rounds to 0 in float64, and takes the whole product with it:

    >>> linear_layer_gradient([1, 1000], [40, 0], 0)[0]
    (-4.248354255291589e-18, -4.248354255291589e-15)
    """
    check_size(inputs, "inputs")
    factors = [read_rational(value, f"inputs[{index}]") for index, value in enumerate(inputs)]
    gaps, label = gaps_of(logits), read_target(target, len(logits))
    weights = [Fraction(int(j == label)) for j in range(len(logits))] if isinstance(label, int) else label
    total = sum(weights, Fraction(0))
    return tuple(
        tuple(gaps.nearest_share(j, total * factor, -weight * factor) for factor in factors) for j, weight in enumerate(weights)
    )


def loss_after_step(logits: Sequence[Exact], target: int, *, learning_rate: Exact) -> float:
    """Give the cross-entropy after one step of gradient descent on the logits themselves, z − η·(p − y).

    With t the target, it is ln(1 + Σ_{k≠t} e^(z_k − z_t)·e^(−η·(p_k + 1 − p_t))): a sum of positive numbers. No theorem
    in reach says that it is irrational; should it lie on a border between two floats, the rounding raises
    ArithmeticError rather than guess.

    Parameters
    ----------
    logits
        z: at most 64 numbers; −inf is a mask.
    target
        The true class's index.
    learning_rate
        η, of either sign.

    Returns
    -------
    float
        In nats; inf where the target is masked.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`; also for a learning rate that is nan or infinite.

    Examples
    --------
    The step 100·(p − y) moves this loss in its 16th digit; float64 arithmetic has −ln(softmax) = 0 before and after:

    >>> loss_after_step([40, 0], 0, learning_rate=100)
    4.248354255291585e-18
    """
    gaps, rate = gaps_of(logits), read_rational(learning_rate, "learning_rate")
    read_target(target, len(logits))
    if gaps.gap(target) is None:
        return math.inf
    if rate == 0:
        return hard_loss(gaps, target).nearest()
    return round_sum(Fraction(0), lambda bits: _odds_after_step(gaps, target, rate, bits).log1p())


def _odds_after_step(gaps: Gaps, target: int, rate: Fraction, bits: int) -> Ball:
    """Enclose the sum of e^(z_k − z_t) over the other classes, after the step."""
    eta = Ball.of_ratio(rate.numerator, rate.denominator, bits)
    own = gaps.gaps[target] or 0
    total = Ball(0, 0, 0, bits)
    for index, gap in enumerate(gaps.gaps):
        if index != target and gap is not None:
            change = eta * (gaps.probability(index, bits) + gaps.complement(target, bits))
            total += exp_of_ratio(own - gap, gaps.denominator, bits) * (-change).exp()
    return total
