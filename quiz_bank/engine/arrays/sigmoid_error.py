"""The squared error of a sigmoid, whose gradient vanishes where the sigmoid saturates; and Brier's score."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.binary import minority
from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.labels import HardLabels, read_labels
from quiz_bank.engine.arrays.shapes import read_floats, read_within, reduce, scalar_or_array, without_axis
from quiz_bank.engine.reductions import Reduction


@np.errstate(all="ignore")
def mse_sigmoid(target: ArrayLike, logit: ArrayLike, *, reduction: Reduction = "none") -> Floats:
    """Give the squared error (σ(z) − y)².

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite; target and logit broadcast.
    reduction
        "none" for each error, "sum" or "mean" over all.

    Returns
    -------
    ndarray
        Within 8 units in the last place where y is 0 or 1. For soft labels σ(z) − y cancels where the prediction is nearly
        right: the error is at most 8 units in the last place of the larger of the two, times the difference.

    Raises
    ------
    ValueError
        For a target outside [0, 1], nan, or another reduction.

    Examples
    --------
    σ(40) is 1 in float64 and the naive error 0:

    >>> print(f"{mse_sigmoid(1, 40):.7g}")
    1.804851e-35
    """
    error = _error(read_within(target, "target"), read_floats(logit, "logit"))
    return reduce(error * error, reduction)


@np.errstate(all="ignore")
def gradient_mse_sigmoid(target: ArrayLike, logit: ArrayLike) -> Floats:
    """Give the squared error's derivative by the logit, 2(σ − y)·σ(1 − σ).

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite; target and logit broadcast.

    Returns
    -------
    ndarray
        Within 8 units in the last place where y is 0 or 1; for soft labels as `mse_sigmoid`.

    Raises
    ------
    ValueError
        As `mse_sigmoid`.

    Examples
    --------
    The naive σ(1 − σ) is 0 for z = 40:

    >>> print(f"{gradient_mse_sigmoid(0, 40):.7g}")
    8.496709e-18
    """
    y, z = read_within(target, "target"), read_floats(logit, "logit")
    rare = minority(z)
    return scalar_or_array(2 * _error(y, z) * (1 - rare) * rare + 0.0)


@np.errstate(all="ignore")
def brier_score(target: ArrayLike, prediction: ArrayLike, *, reduction: Reduction = "none", axis: int = -1) -> Floats:
    """Give Brier's score Σ (q_j − y_j)², summed over the classes along an axis.

    Parameters
    ----------
    target
        Class indices in the prediction's shape without the axis, or weights y_j in [0, 1] in its shape.
    prediction
        q: numbers in [0, 1].
    reduction
        "none" for each score, "sum" or "mean" over all.
    axis
        The axis of the classes.

    Returns
    -------
    ndarray
        Without the axis, within 4 units in the last place.

    Raises
    ------
    ValueError
        For numbers outside [0, 1], nan, shapes that do not agree, indices out of range, or another reduction.

    Examples
    --------
    The mean over all components, which a plain mean gives, is a third of the score here:

    >>> print(f"{brier_score(0, [0.7, 0.2, 0.1]):.6g}")
    0.14
    """
    values = read_within(prediction, "prediction")
    labels = read_labels(target, values, axis)
    rows = np.moveaxis(values, axis, -1).reshape(-1, values.shape[axis])
    if isinstance(labels, HardLabels):
        goals = np.zeros(rows.shape)
        goals[np.arange(len(rows)), labels.indices] = 1
    else:
        goals = labels.weights(slice(None))
    return reduce(((rows - goals) ** 2).sum(axis=-1).reshape(without_axis(values, axis)), reduction)


def _error(y: Floats, z: Floats) -> Floats:
    """Give σ(z) − y from the side that the logit favours."""
    rare = minority(z)
    result: Floats = np.where(z > 0, (1 - y) - rare, rare - y)
    return result
