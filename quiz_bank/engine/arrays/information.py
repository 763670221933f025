"""Surprisal, entropy, cross-entropy and perplexity of arrays of probabilities.

Probabilities are taken as given, each within [0, 1]: never renormalised unasked, never clipped. 0·log 0 is 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.bases import in_base
from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.distributions import expectation, read_distribution, read_pair, scaled, surprisals
from quiz_bank.engine.arrays.shapes import read_within, reduce, rows_of, scalar_or_array, without_axis
from quiz_bank.engine.logforms import LogBase
from quiz_bank.engine.reductions import Reduction


@np.errstate(all="ignore")
def surprisal(probability: ArrayLike, *, log_base: LogBase = "e") -> Floats:
    """Give the information −log p of events, element by element.

    Parameters
    ----------
    probability
        An array of numbers in [0, 1].
    log_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    ndarray
        Of the same shape, within 4 units in the last place; inf for p = 0.

    Raises
    ------
    ValueError
        For p outside [0, 1], nan, or an unknown base.

    Examples
    --------
    −log(p + 1e-15), as it is often written, is no longer infinite for what was ruled out:

    >>> print(surprisal([0.125, 0, 1], log_base="2"))
    [ 3. inf  0.]
    """
    return scalar_or_array(in_base(surprisals(read_within(probability, "probability"), normalise=False), log_base))


@np.errstate(all="ignore")
def entropy(
    probabilities: ArrayLike,
    *,
    log_base: LogBase = "e",
    normalise: bool = False,
    reduction: Reduction = "none",
    axis: int = -1,
) -> Floats:
    """Give the entropy −Σ p·log p along an axis.

    Parameters
    ----------
    probabilities
        An array of numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide by the sum along the axis first; any finite numbers ≥ 0, such as counts, are then accepted.
    reduction
        "none" for each distribution's, "sum" or "mean" over all.
    axis
        The axis of the outcomes.

    Returns
    -------
    ndarray
        Without the axis, within 4 units in the last place; 0 for a one-hot vector.

    Raises
    ------
    ValueError
        For numbers out of range, nan, only zeros to normalise, an unknown base or reduction.

    Examples
    --------
    Of these counts the first one's share rounds to 1, and what it adds to the entropy to 0:

    >>> print(f"{entropy([1e20, 1], normalise=True):.6g}")
    4.70517e-19
    """
    values = read_distribution(probabilities, "probabilities", normalise)
    rows = rows_of(values, axis, "probabilities")
    rows = scaled(rows, "probabilities") if normalise else rows
    nats = expectation(rows, surprisals(rows, normalise), normalise)
    return reduce(in_base(nats, log_base).reshape(without_axis(values, axis)), reduction)


@np.errstate(all="ignore")
def cross_entropy(
    target: ArrayLike,
    prediction: ArrayLike,
    *,
    log_base: LogBase = "e",
    normalise: bool = False,
    reduction: Reduction = "none",
    axis: int = -1,
) -> Floats:
    """Give the cross-entropy −Σ p·log q of predictions q under targets p, along an axis.

    Parameters
    ----------
    target, prediction
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
        Without the axis, within 4 units in the last place; inf where the target is positive and the prediction 0.

    Raises
    ------
    ValueError
        As `entropy`; also for arrays of different shapes.

    Examples
    --------
    The sum over a class that cannot happen is nan in float64 (0 times −inf); here it adds nothing:

    >>> print(cross_entropy([[1, 0], [0.5, 0.5]], [[1, 0], [1, 0]]))
    [ 0. inf]
    """
    p, q, values = read_pair(target, prediction, normalise, axis)
    nats = expectation(p, surprisals(q, normalise), normalise)
    return reduce(in_base(nats, log_base).reshape(without_axis(values, axis)), reduction)


@np.errstate(all="ignore")
def perplexity(probabilities: ArrayLike, *, normalise: bool = False, axis: int = -1) -> Floats:
    """Give the perplexity e^H of distributions along an axis: the number of equally likely outcomes.

    Parameters
    ----------
    probabilities
        An array of numbers in [0, 1], taken as given.
    normalise
        Whether to divide by the sum along the axis first; any finite numbers ≥ 0 are then accepted.
    axis
        The axis of the outcomes.

    Returns
    -------
    ndarray
        Without the axis; within 4·(1 + H) units in the last place, as the exponential multiplies the entropy's error.

    Raises
    ------
    ValueError
        As `entropy`.

    Examples
    --------
    Two to the entropy in nats is not the perplexity, though often taken for it:

    >>> print(f"{perplexity([0.25, 0.25, 0.25, 0.25]):.6g}")
    4
    """
    return np.exp(entropy(probabilities, normalise=normalise, axis=axis))
