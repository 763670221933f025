"""Probabilities of a yes-or-no question: the sigmoid, its inverse and binary cross-entropy, element by element."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.bases import in_base
from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.shapes import read_floats, read_within, reduce, scalar_or_array
from quiz_bank.engine.logforms import LogBase
from quiz_bank.engine.reductions import Reduction


def minority(logits: Floats) -> Floats:
    """Give the probability of the side that each logit does not favour, σ(−|z|)."""
    power = np.exp(-np.abs(logits))
    result: Floats = power / (1 + power)
    return result


@np.errstate(all="ignore")
def sigmoid(logit: ArrayLike) -> Floats:
    """Give σ(z) = 1/(1 + e^(−z)).

    Parameters
    ----------
    logit
        An array of numbers, which may be infinite.

    Returns
    -------
    ndarray
        Probabilities of the same shape, within 4 units in the last place; 0 for −inf and 1 for inf.

    Raises
    ------
    ValueError
        For nan.

    Examples
    --------
    1/(1 + e^740) overflows in float64; the probability is merely small:

    >>> print(sigmoid([-740, 10]) > [0, 0.9999])
    [ True  True]
    """
    z = read_floats(logit, "logit")
    power = np.exp(-np.abs(z))
    return scalar_or_array(np.where(z > 0, 1.0, power) / (1 + power))


@np.errstate(all="ignore")
def logit(probability: ArrayLike) -> Floats:
    """Give ln(p/(1 − p)), the inverse of the sigmoid.

    Parameters
    ----------
    probability
        An array of numbers in [0, 1].

    Returns
    -------
    ndarray
        Logits of the same shape, within 4 units in the last place; −inf for p = 0 and inf for p = 1.

    Raises
    ------
    ValueError
        For p outside [0, 1] or nan.

    Examples
    --------
    Next to 1/2 the quotient p/(1 − p) loses most of what distinguishes it from 1:

    >>> print(f"{logit(0.5 + 2**-53):.7g}")
    4.440892e-16
    """
    p = read_within(probability, "probability")
    central = np.log1p((2 * p - 1) / (1 - p))  # 2p − 1 is exact here
    return scalar_or_array(np.where((p > 0.25) & (p < 0.75), central, np.log(p) - np.log1p(-p)))


@np.errstate(all="ignore")
def binary_cross_entropy(
    target: ArrayLike, probability: ArrayLike, *, log_base: LogBase = "e", reduction: Reduction = "none"
) -> Floats:
    """Give −y·log p − (1 − y)·log(1 − p).

    Parameters
    ----------
    target
        y in [0, 1]; values between are soft labels.
    probability
        p in [0, 1], in a shape that broadcasts with the targets'.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    reduction
        "none" for each loss, "sum" or "mean" over all.

    Returns
    -------
    ndarray
        Within 4 units in the last place; inf where the prediction rules out what the target allows.

    Raises
    ------
    ValueError
        For a target or probability outside [0, 1], nan, an unknown base or reduction.

    Examples
    --------
    1 − 1e-20 is 1 in float64, so the naive loss is 0:

    >>> print(binary_cross_entropy(0, 1e-20))
    1e-20
    """
    y, p = read_within(target, "target"), read_within(probability, "probability")
    on_positive, on_negative = -y * np.log(p), (y - 1) * np.log1p(-p)
    nats = np.where(y == 0, 0.0, on_positive) + np.where(y == 1, 0.0, on_negative)
    return reduce(in_base(nats + 0.0, log_base), reduction)
