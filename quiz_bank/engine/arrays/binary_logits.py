"""Losses of single logits with their gradients, element by element: binary and multi-label classification alike.

With E = e^(−|z|) the less likely side has the probability τ = E/(1 + E); the loss is k·|z| + (w·y + 1 − y)·ln(1 + E), where
k is the target's weight on that side. Nothing in these cancels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.binary import minority
from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.shapes import read_floats, read_non_negatives, read_within, reduce, scalar_or_array
from quiz_bank.engine.reductions import Reduction


@np.errstate(all="ignore")
def binary_cross_entropy_from_logits(
    target: ArrayLike, logit: ArrayLike, *, pos_weight: ArrayLike = 1.0, reduction: Reduction = "none"
) -> Floats:
    """Give the binary cross-entropy of σ(z), −w·y·ln σ(z) − (1 − y)·ln(1 − σ(z)).

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite; target, logit and weight broadcast.
    pos_weight
        w ≥ 0.
    reduction
        "none" for each loss, "sum" or "mean" over all; the mean divides by their number, whatever the weights.

    Returns
    -------
    ndarray
        In nats, within 4 units in the last place.

    Raises
    ------
    ValueError
        For a target outside [0, 1], a negative weight, nan, or another reduction.

    Examples
    --------
    −ln σ(40) is 0 in float64, because σ(40) rounds to 1:

    >>> print(f"{binary_cross_entropy_from_logits(1, 40):.7g}")
    4.248354e-18
    """
    on_positive, on_negative, z = _read(target, logit, pos_weight)
    size = np.abs(z)
    against = np.where(z > 0, on_negative, on_positive)
    lost = np.where(against == 0, 0.0, against * size)
    return reduce(lost + (on_positive + on_negative) * np.log1p(np.exp(-size)), reduction)


@np.errstate(all="ignore")
def gradient_bce_logit(target: ArrayLike, logit: ArrayLike, *, pos_weight: ArrayLike = 1.0) -> Floats:
    """Give the binary cross-entropy's derivative by the logit: σ(z) − y, or (w·y + 1 − y)·σ(z) − w·y.

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite; target, logit and weight broadcast.
    pos_weight
        w ≥ 0.

    Returns
    -------
    ndarray
        Within 4 units in the last place where y is 0 or 1. For soft labels σ(z) − y cancels where the prediction is nearly
        right: the error is at most 4 units in the last place of the larger of the two.

    Raises
    ------
    ValueError
        As `binary_cross_entropy_from_logits`.

    Examples
    --------
    σ(40) − 1 is 0 in float64:

    >>> print(f"{gradient_bce_logit(1, 40):.7g}")
    -4.248354e-18
    """
    on_positive, on_negative, z = _read(target, logit, pos_weight)
    share = (on_positive + on_negative) * minority(z)
    return scalar_or_array(np.where(z > 0, on_negative - share, share - on_positive) + 0.0)


def _read(target: ArrayLike, logit: ArrayLike, weight: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Give the target's weight on the positive and on the negative class, and the logit."""
    y = read_within(target, "target")
    return y * read_non_negatives(weight, "pos_weight"), 1 - y, read_floats(logit, "logit")
