"""The cross-entropy of arrays of logits and its gradient.

A logit of −inf is a mask: its probability is exactly 0. A logit of +inf or nan is refused, and so are logits that are
all masked. Soft targets are taken as given: they are never renormalised.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.hard_losses import hard_losses
from quiz_bank.engine.arrays.labels import HardLabels, Labels, read_labels
from quiz_bank.engine.arrays.shapes import like, read_positive, reduce, rows_of, without_axis
from quiz_bank.engine.arrays.soft_losses import soft_losses
from quiz_bank.engine.reductions import Reduction, check_reduction
from quiz_bank.engine.reference.smoothing import Smoothing


def cross_entropy_from_logits(
    logits: ArrayLike,
    target: ArrayLike,
    *,
    temperature: float = 1.0,
    class_weights: ArrayLike | None = None,
    epsilon: float = 0.0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
    reduction: Reduction = "none",
    axis: int = -1,
) -> Floats:
    """Give the cross-entropy −Σ w_j·y_j·ln softmax(z/T)_j along an axis.

    Parameters
    ----------
    logits
        An array of numbers; −inf is a mask.
    target
        Class indices in the logits' shape without the axis, or weights y_j in [0, 1] in the logits' shape.
    temperature
        T > 0.
    class_weights
        A weight w_j ≥ 0 for each class; without them, 1.
    epsilon, smoothing
        Label smoothing of class indices: ε in [0, 1], spread over "all" classes or over the "others".
    ignore_index
        The index that marks a row to leave out.
    reduction
        "none" gives each row's loss (0 where ignored), "sum" adds them, "mean" divides by the sum of the labels' weights
        (soft targets count as 1).
    axis
        The axis of the classes.

    Returns
    -------
    ndarray
        In nats, within 4 units in the last place; inf where a masked class has weight; nan for the mean over no weight
        at all.

    Raises
    ------
    ValueError
        As `softmax`; also for shapes that do not agree, indices out of range, weights outside their range, another
        reduction.

    Examples
    --------
    −ln(softmax) loses a confident prediction's loss altogether, as 1 + e^(−40) is 1 in float64:

    >>> print(cross_entropy_from_logits([[40, 0], [2, 1]], [0, 1]))
    [4.24835426e-18 1.31326169e+00]
    """
    values = np.asarray(logits, dtype=np.float64)
    labels = read_labels(target, values, axis, class_weights, epsilon, smoothing, ignore_index)
    losses, _ = _evaluate(values, labels, temperature, reduction, axis, with_gradient=False)
    return losses


def gradient_logits(
    logits: ArrayLike,
    target: ArrayLike,
    *,
    temperature: float = 1.0,
    class_weights: ArrayLike | None = None,
    epsilon: float = 0.0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
    reduction: Reduction = "none",
    axis: int = -1,
) -> Floats:
    """Give the derivative of `cross_entropy_from_logits` by each logit: p − y for hard targets.

    Parameters
    ----------
    logits, target, temperature, class_weights, epsilon, smoothing, ignore_index, axis
        As `cross_entropy_from_logits`.
    reduction
        Whose derivative: "mean" divides by what the mean divides by; "sum" and "none" do not.

    Returns
    -------
    ndarray
        In the shape of the logits; nan for the mean over no weight at all. For hard targets each component is within 4
        units in the last place. For soft and smoothed ones Y·p_j − y_j (with Y = Σ y) cancels where the prediction is
        nearly right: the error is at most 6 units in the last place of the larger of Y·p_j and y_j.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`.

    Examples
    --------
    p − y in float64 is 0 at the target, where the true slope still pushes:

    >>> print(gradient_logits([40, 0], 0))
    [-4.24835426e-18  4.24835426e-18]
    """
    values = np.asarray(logits, dtype=np.float64)
    labels = read_labels(target, values, axis, class_weights, epsilon, smoothing, ignore_index)
    _, gradient = _evaluate(values, labels, temperature, reduction, axis)
    return gradient


def cross_entropy_with_gradient(
    logits: ArrayLike,
    target: ArrayLike,
    *,
    temperature: float = 1.0,
    class_weights: ArrayLike | None = None,
    epsilon: float = 0.0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
    reduction: Reduction = "none",
    axis: int = -1,
) -> tuple[Floats, Floats]:
    """Give `cross_entropy_from_logits` and `gradient_logits` together, from the same exponentials.

    Parameters
    ----------
    logits, target, temperature, class_weights, epsilon, smoothing, ignore_index, reduction, axis
        As `gradient_logits`. Beside the logits and the gradient, a few chunks of 16,384 elements (or of one row, where
        that is longer) are all the memory that is used, if the axis of the classes is the last one.

    Returns
    -------
    ndarray and ndarray
        The loss in nats and its derivative by each logit, as exact as those functions say.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`.

    Examples
    --------
    >>> loss, gradient = cross_entropy_with_gradient([[1000, 0], [0, 0]], [1, 1], reduction="mean")
    >>> print(f"{loss:.7g}", gradient.tolist())
    500.3466 [[0.5, -0.5], [0.25, -0.25]]
    """
    values = np.asarray(logits, dtype=np.float64)
    labels = read_labels(target, values, axis, class_weights, epsilon, smoothing, ignore_index)
    return _evaluate(values, labels, temperature, reduction, axis)


@np.errstate(all="ignore")
def _evaluate(
    logits: Floats, labels: Labels, temperature: float, reduction: Reduction, axis: int, *, with_gradient: bool = True
) -> tuple[Floats, Floats]:
    check_reduction(reduction)
    rows, scale = rows_of(logits, axis, "logits"), read_positive(temperature, "temperature")
    divisor = labels.count if reduction == "mean" else 1.0
    losses, gradient = np.empty(len(rows)), np.empty(rows.shape if with_gradient else (0, 0))
    slopes = gradient if with_gradient else None
    if isinstance(labels, HardLabels):
        hard_losses(rows, labels, scale, divisor, losses, slopes)
    else:
        soft_losses(rows, labels, scale, divisor, losses, slopes)
    reduced = reduce(losses.reshape(without_axis(logits, axis)), reduction, divisor)
    return reduced, like(gradient, logits, axis) if with_gradient else gradient
