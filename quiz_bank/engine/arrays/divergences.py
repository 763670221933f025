"""Divergences of arrays of distributions, by sums whose terms are never negative.

With s = (p − q)/(p + q) the generalised divergence's term is
p·ln(p/q) − p + q = (p − q)·s·(1 + s·(1 + s)·P(s²)), where atanh(s) = s + s³·P(s²); the Jensen-Shannon divergence's is
(p + q)/4·ψ(s), where ψ(s) = (1 + s)·ln(1 + s) + (1 − s)·ln(1 − s) = s² + s⁴/6 + s⁶/15 + … Both series serve while |s| ≤ 0.6,
where the formulas as they stand would cancel. Σ p·ln(p/q) is the sum of the terms and Σ (p − q), which is added with its
rounding errors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.bases import in_base
from quiz_bank.engine.arrays.compensated import Floats, sum_with_error, two_difference, two_product
from quiz_bank.engine.arrays.distributions import read_pair
from quiz_bank.engine.arrays.shapes import reduce, without_axis
from quiz_bank.engine.logforms import LogBase
from quiz_bank.engine.reductions import Reduction

_ATANH = [1 / (2 * k + 3) for k in range(38)]
_PSI = [1 / (k * (2 * k - 1)) for k in range(1, 38)]
_NEAR = 0.6


@np.errstate(all="ignore")
def kl_divergence(
    target: ArrayLike,
    prediction: ArrayLike,
    *,
    log_base: LogBase = "e",
    generalised: bool = False,
    normalise: bool = False,
    reduction: Reduction = "none",
    axis: int = -1,
) -> Floats:
    """Give the Kullback-Leibler divergence Σ p·log(p/q) of predictions q from targets p, along an axis.

    Parameters
    ----------
    target, prediction
        p and q: arrays of one shape, of numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    generalised
        Σ [p·ln(p/q) − p + q] instead (in the unit of the base), which is never negative, whatever the vectors sum to.
    normalise
        Whether to divide each by its sum along the axis first; any finite numbers ≥ 0 are then accepted.
    reduction
        "none" for each pair's, "sum" or "mean" over all.
    axis
        The axis of the outcomes.

    Returns
    -------
    ndarray
        Without the axis; inf where the target is positive and the prediction 0. Within 4 units in the last place, however
        near the two are, with two exceptions. As given, the divergence is the generalised one plus Σ (p − q): of vectors
        that do not sum to the same the two may cancel, and the error is 4 units of the generalised one. Normalised,
        vectors that differ by little more than a factor have up to 64 units.

    Raises
    ------
    ValueError
        As `cross_entropy`.

    Examples
    --------
    Of nearly equal distributions the terms cancel; Σ p·log(p/q) is off in the tenth digit here:

    >>> p, q = [1, 3], [1 + 1e-8, 3]
    >>> print(f"{kl_divergence(p, q, normalise=True):.7g}")
    9.375e-18
    """
    p, q, values = read_pair(target, prediction, normalise, axis)
    if normalise:
        p, q, difference, scale = _cross_scaled(p, q)
        nats = _terms(p, q, difference).sum(axis=-1) / scale
    else:
        difference, lost = two_difference(p, q)
        nats = _terms(p, q, difference).sum(axis=-1)
        if not generalised:
            high, low = sum_with_error(np.concatenate([difference, lost], axis=-1))
            nats = np.where(np.isinf(nats), nats, (nats + high) + low)
    return reduce(in_base(nats, log_base).reshape(without_axis(values, axis)), reduction)


@np.errstate(all="ignore")
def jensen_shannon(
    first: ArrayLike,
    second: ArrayLike,
    *,
    log_base: LogBase = "e",
    normalise: bool = False,
    reduction: Reduction = "none",
    axis: int = -1,
) -> Floats:
    """Give the Jensen-Shannon divergence ½·KL(p‖m) + ½·KL(q‖m) with m = (p + q)/2, along an axis.

    Parameters
    ----------
    first, second
        p and q: arrays of one shape, of numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide each by its sum along the axis first; any finite numbers ≥ 0 are then accepted.
    reduction
        "none" for each pair's, "sum" or "mean" over all.
    axis
        The axis of the outcomes.

    Returns
    -------
    ndarray
        Without the axis, within 16 units in the last place (64 for normalised vectors that differ by little more than a
        factor); 0 for equal vectors.

    Raises
    ------
    ValueError
        As `cross_entropy`.

    Examples
    --------
    Of nearly equal distributions the formula as it stands keeps no digit:

    >>> print(f"{jensen_shannon([0.3, 0.7], [0.3 + 1e-10, 0.7 - 1e-10]):.3g}")
    5.95e-21
    """
    p, q, values = read_pair(first, second, normalise, axis, ("first", "second"))
    difference, scale = p - q, np.ones(len(p))
    if normalise:
        p, q, difference, scale = _cross_scaled(p, q)
    total = p + q
    slant = np.where(total == 0, 0.0, difference / total)
    near = total * (slant * (slant * _polynomial(_PSI, slant * slant))) / 2
    direct = np.where(p == 0, 0.0, p * np.log(2 * p / total)) + np.where(q == 0, 0.0, q * np.log(2 * q / total))
    nats = np.where(np.abs(slant) <= _NEAR, near, direct).sum(axis=-1) / 2 / scale
    return reduce(in_base(nats, log_base).reshape(without_axis(values, axis)), reduction)


def _cross_scaled(p: Floats, q: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Give p·Q, q·P, their difference and P·Q, with the sums P and Q: the terms of the normalised vectors times P·Q.

    The difference is (p − q)·Q − q·(P − Q), as p − q and P − Q are exact where the vectors are near.
    """
    p_sum, q_sum = p.sum(axis=-1), q.sum(axis=-1)
    apart, apart_lost = two_difference(p, q)
    excess, excess_lost = sum_with_error(np.concatenate([apart, apart_lost], axis=-1))
    total, total_lost = sum_with_error(q)
    left, left_lost = two_product(apart, total[:, None])
    right, right_lost = two_product(q, excess[:, None])
    left_lost += apart * total_lost[:, None] + apart_lost * total[:, None]
    right_lost += q * excess_lost[:, None]
    difference, lost = two_difference(left, right)
    return p * q_sum[:, None], q * p_sum[:, None], difference + (lost + (left_lost - right_lost)), p_sum * q_sum


def _terms(p: Floats, q: Floats, difference: Floats) -> Floats:
    """Give p·ln(p/q) − (p − q) ≥ 0; inf where q alone is 0."""
    slant = np.where((p == 0) & (q == 0), 0.0, difference / (p + q))
    ratio = p / q
    usual = (ratio > 1e-300) & (ratio < 1e300)
    log_ratio = np.where(usual, np.log(ratio), np.log(p) - np.log(q))
    near = difference * (slant * (1 + slant * (1 + slant) * _polynomial(_ATANH, slant * slant)))
    direct = np.where(p == 0, q, p * log_ratio - difference)
    result: Floats = np.where(np.abs(slant) <= _NEAR, near, direct)
    return result


def _polynomial(coefficients: list[float], x: Floats) -> Floats:
    result = np.full(x.shape, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        result = result * x + coefficient
    return result
