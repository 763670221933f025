"""Losses of logits and their gradients: the nearest float64 to the exact value.

A logit of −inf is a mask: its probability is exactly 0. A logit of +inf or nan is refused, and so are logits that are
all masked (save for logsumexp, which is −inf there). A target is a class index or a vector of weights in [0, 1],
taken as given: it is never renormalised.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.enclosure import Ball
from quiz_bank.engine.exact import Exact, check_same_length, read_positive, read_probabilities
from quiz_bank.engine.exponentials import Gaps, gaps_of, read_logits
from quiz_bank.engine.rounding import round_sum

Target = int | Sequence[Exact]

_ZERO = Fraction(0)
_ONE = Fraction(1)


def logsumexp(logits: Sequence[Exact]) -> float:
    """Give ln Σ e^(z_j).

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.

    Returns
    -------
    float
        In nats; −inf when every logit is −inf.

    Raises
    ------
    ValueError
        For nan, +inf, no or more than 64 logits.

    Examples
    --------
    Two large logits overflow the formula as it is written; two small ones leave it nothing:

    >>> logsumexp([1000, 1000])
    1000.6931471805599
    >>> logsumexp([-1000, -1000])
    -999.3068528194401
    """
    ratios = [pair for pair in read_logits(logits) if pair is not None]
    if not ratios:
        return -math.inf
    gaps = gaps_of(logits)
    return round_sum(max(Fraction(*pair) for pair in ratios), lambda bits: gaps.sums(bits).log_total)


def softmax(logits: Sequence[Exact], *, temperature: Exact = 1) -> tuple[float, ...]:
    """Give e^(z_j/T) / Σ e^(z_k/T) for each j.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask, whose probability is exactly 0.
    temperature
        T > 0.

    Returns
    -------
    tuple of float
        One probability for each logit. Each is rounded by itself, so their sum may differ from 1 in the last place.

    Raises
    ------
    ValueError
        For nan, +inf, only −inf, no or more than 64 logits, and for a temperature that is not positive.

    Examples
    --------
    e^1000 is beyond a float64; the probabilities are not:

    >>> softmax([1000, 1001])
    (0.2689414213699951, 0.7310585786300049)
    """
    gaps = gaps_of(logits, temperature)
    return tuple(_scaled(gaps, index, _ONE, _ZERO) for index in range(len(gaps.gaps)))


def log_softmax(logits: Sequence[Exact], *, temperature: Exact = 1) -> tuple[float, ...]:
    """Give z_j/T − ln Σ e^(z_k/T) for each j.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask, whose log-probability is −inf.
    temperature
        T > 0.

    Returns
    -------
    tuple of float
        One log-probability in nats for each logit.

    Raises
    ------
    ValueError
        As `softmax`.

    Examples
    --------
    The logarithm of the rounded probability 1 would be 0:

    >>> log_softmax([40, 0])
    (-4.248354255291589e-18, -40.0)
    """
    gaps = gaps_of(logits, temperature)
    return tuple(-_hard_loss(gaps, index) + 0.0 for index in range(len(gaps.gaps)))


def cross_entropy_from_logits(logits: Sequence[Exact], target: Target, *, temperature: Exact = 1) -> float:
    """Give the cross-entropy −Σ y_j·ln softmax(z/T)_j.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class, taken as given.
    temperature
        T > 0.

    Returns
    -------
    float
        In nats; inf where the target puts weight on a masked class.

    Raises
    ------
    ValueError
        As `softmax`; also for an index out of range, weights outside [0, 1] or of another length.

    Examples
    --------
    −ln(softmax) loses a confident prediction's loss altogether, as 1 + e^(−40) is 1 in float64:

    >>> cross_entropy_from_logits([40, 0], 0)
    4.248354255291589e-18
    >>> cross_entropy_from_logits([2, 1, 0.1], 0)
    0.4170300162778335
    """
    gaps = gaps_of(logits, temperature)
    return _loss(gaps, _read_target(target, len(logits)))


def gradient_logits(logits: Sequence[Exact], target: Target, *, temperature: Exact = 1) -> tuple[float, ...]:
    """Give the cross-entropy's derivative by each logit, (Y·p_j − y_j)/T with Y = Σ y: p − y for a hard target.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class, taken as given.
    temperature
        T > 0.

    Returns
    -------
    tuple of float
        One derivative for each logit, in nats.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`.

    Examples
    --------
    p − y in float64 is 0 at the target, where the true slope still pushes:

    >>> gradient_logits([40, 0], 0)
    (-4.248354255291589e-18, 4.248354255291589e-18)
    """
    gaps = gaps_of(logits, temperature)
    return _gradient(gaps, _read_target(target, len(logits)), read_positive(temperature, "temperature"))


def cross_entropy_with_gradient(
    logits: Sequence[Exact], target: Target, *, temperature: Exact = 1
) -> tuple[float, tuple[float, ...]]:
    """Give `cross_entropy_from_logits` and `gradient_logits` together, from the same exponentials.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class, taken as given.
    temperature
        T > 0.

    Returns
    -------
    tuple of float and tuple of float
        The loss in nats and its derivative by each logit.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`.

    Examples
    --------
    >>> cross_entropy_with_gradient([1000, 0], 1)
    (1000.0, (1.0, -1.0))
    """
    gaps = gaps_of(logits, temperature)
    weights = _read_target(target, len(logits))
    return _loss(gaps, weights), _gradient(gaps, weights, read_positive(temperature, "temperature"))


def _read_target(target: Target, classes: int) -> int | list[Fraction]:
    if not isinstance(target, int):
        check_same_length(target, range(classes), "target and logits")
        return read_probabilities(target, "target")
    if not 0 <= target < classes:
        raise ValueError(f"target must be a class index from 0 to {classes - 1}, not {target}")
    return target


def _loss(gaps: Gaps, target: int | list[Fraction]) -> float:
    return _hard_loss(gaps, target) if isinstance(target, int) else _soft_loss(gaps, target)


def _hard_loss(gaps: Gaps, index: int) -> float:
    gap = gaps.gap(index)
    return math.inf if gap is None else round_sum(gap, lambda bits: gaps.sums(bits).log_total)


def _soft_loss(gaps: Gaps, weights: list[Fraction]) -> float:
    head, total = _ZERO, sum(weights, _ZERO)
    for index, weight in enumerate(weights):
        if weight:
            gap = gaps.gap(index)
            if gap is None:
                return math.inf
            head += weight * gap
    above, below = total.as_integer_ratio()
    return round_sum(head, lambda bits: Ball.of_ratio(above, below, bits) * gaps.sums(bits).log_total)


def _gradient(gaps: Gaps, target: int | list[Fraction], temperature: Fraction) -> tuple[float, ...]:
    if isinstance(target, int):
        slope = 1 / temperature
        return tuple(_scaled(gaps, j, slope, -slope if j == target else _ZERO) for j in range(len(gaps.gaps)))
    slope = sum(target, _ZERO) / temperature
    return tuple(_scaled(gaps, j, slope, -weight / temperature) for j, weight in enumerate(target))


def _scaled(gaps: Gaps, index: int, factor: Fraction, offset: Fraction) -> float:
    """Round factor·p_j + offset; a largest logit's p is 1/n − R/(n·D), so what cancels is in the exact part."""
    leads = gaps.gaps[index] == 0
    if leads:
        offset += factor / gaps.ties

    def tail(bits: int) -> Ball:
        sums = gaps.sums(bits)
        part = -sums.leaders_loss if leads else sums.shares[index]
        return part if factor == 1 else part * Ball.of_ratio(factor.numerator, factor.denominator, bits)

    return round_sum(offset, tail)
