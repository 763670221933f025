"""Focal loss of arrays: cross-entropy with the factor (1 − p_t)^γ, which takes weight off what is already predicted well.

With q = 1 − p_t and ℓ = −ln p_t the loss is α·q^γ·ℓ, and its derivative by a logit α·q^γ·(γ·p_t·ℓ/q + 1) times that of ℓ. q
is a sum of the other classes' exponentials over the total, so nothing cancels. A relative error of q counts γ times: the
bounds hold for γ ≤ 5.

References
----------
T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal loss for dense object detection", ICCV 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.logits import cross_entropy_with_gradient
from quiz_bank.engine.arrays.shapes import read_floats, read_non_negatives, read_within, reduce, scalar_or_array
from quiz_bank.engine.reductions import Reduction


@np.errstate(all="ignore")
def focal_loss(
    target: ArrayLike, probability: ArrayLike, *, gamma: float, alpha: float | None = None, reduction: Reduction = "none"
) -> Floats:
    """Give the binary focal loss −α_t·(1 − p_t)^γ·ln p_t of predicted probabilities.

    Parameters
    ----------
    target
        y, 0 or 1; p_t is p for y = 1 and 1 − p for y = 0.
    probability
        p in [0, 1]; target and probability broadcast.
    gamma
        γ ≥ 0.
    alpha
        α in [0, 1], the weight of y = 1, with 1 − α for y = 0; None for no weights.
    reduction
        "none" for each loss, "sum" or "mean" over all.

    Returns
    -------
    ndarray
        In nats, within 16 units in the last place for γ ≤ 5; inf for p_t = 0.

    Raises
    ------
    ValueError
        For a target other than 0 and 1, numbers outside their range, nan, or another reduction.

    Examples
    --------
    1 − 1e-20 is 1 in float64, which makes the naive loss 0:

    >>> print(f"{focal_loss(0, 1e-20, gamma=2):.7g}")
    1e-60
    """
    y, p = _read_binary(target), read_within(probability, "probability")
    loss = 0.0 - np.where(y, np.log(p), np.log1p(-p))
    return reduce(_weighted(_alpha(y, alpha), np.where(y, 1 - p, p) ** _power(gamma) * loss), reduction)


@np.errstate(all="ignore")
def focal_loss_from_logit(
    target: ArrayLike, logit: ArrayLike, *, gamma: float, alpha: float | None = None, reduction: Reduction = "none"
) -> Floats:
    """Give the binary focal loss of σ(z).

    Parameters
    ----------
    target
        y, 0 or 1.
    logit
        z, which may be infinite; target and logit broadcast.
    gamma, alpha, reduction
        As `focal_loss`.

    Returns
    -------
    ndarray
        In nats, within 16 units in the last place for γ ≤ 5.

    Raises
    ------
    ValueError
        As `focal_loss`.

    Examples
    --------
    1 − σ(40) is 0 in float64:

    >>> print(f"{focal_loss_from_logit(1, 40, gamma=2):.7g}")
    7.667648e-53
    """
    y, z = _read_binary(target), read_floats(logit, "logit")
    _, missing, loss = _binary(y, z)
    return reduce(_weighted(_alpha(y, alpha), missing ** _power(gamma) * loss), reduction)


@np.errstate(all="ignore")
def gradient_focal_logit(target: ArrayLike, logit: ArrayLike, *, gamma: float, alpha: float | None = None) -> Floats:
    """Give the binary focal loss's derivative by the logit, ∓α_t·q^γ·(γ·p_t·ℓ + q): − for y = 1, + for y = 0.

    Parameters
    ----------
    target
        y, 0 or 1.
    logit
        z, which may be infinite; target and logit broadcast.
    gamma, alpha
        As `focal_loss`.

    Returns
    -------
    ndarray
        Within 16 units in the last place for γ ≤ 5.

    Raises
    ------
    ValueError
        As `focal_loss`.

    Examples
    --------
    >>> print(f"{gradient_focal_logit(1, 40, gamma=2):.7g}")
    -2.300294e-52
    """
    y, z, power = _read_binary(target), read_floats(logit, "logit"), _power(gamma)
    share, missing, loss = _binary(y, z)
    slope = missing**power * (np.where(share == 0, 0.0, power * share * loss) + missing)
    return scalar_or_array(np.where(y, -1.0, 1.0) * _alpha(y, alpha) * slope + 0.0)


@np.errstate(all="ignore")
def focal_loss_from_logits(
    logits: ArrayLike,
    target: ArrayLike,
    *,
    gamma: float,
    class_weights: ArrayLike | None = None,
    reduction: Reduction = "none",
    axis: int = -1,
) -> Floats:
    """Give the focal loss −w_t·(1 − p_t)^γ·ln p_t of a softmax along an axis.

    Parameters
    ----------
    logits
        An array of numbers; −inf is a mask.
    target
        The true classes' indices, in the logits' shape without the axis.
    gamma
        γ ≥ 0.
    class_weights
        A weight ≥ 0 for each class; without them, 1.
    reduction
        "none" for each row's loss, "sum" or "mean" over the rows (divided by their number).
    axis
        The axis of the classes.

    Returns
    -------
    ndarray
        In nats, without the axis, within 16 units in the last place for γ ≤ 5; inf where the target is masked.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`; also for a negative γ.

    Examples
    --------
    −ln(softmax) and 1 − softmax are both 0 in float64:

    >>> print(f"{focal_loss_from_logits([40, 0], 0, gamma=2):.7g}")
    7.667648e-53
    """
    loss, _, missing, _ = _softmax_parts(logits, target, axis)
    return reduce(_weighted(_class_factors(target, class_weights), missing ** _power(gamma) * loss), reduction)


@np.errstate(all="ignore")
def gradient_focal_logits(
    logits: ArrayLike,
    target: ArrayLike,
    *,
    gamma: float,
    class_weights: ArrayLike | None = None,
    axis: int = -1,
) -> Floats:
    """Give the derivative of each row's `focal_loss_from_logits` by each logit.

    Parameters
    ----------
    logits, target, gamma, class_weights, axis
        As `focal_loss_from_logits`.

    Returns
    -------
    ndarray
        In the shape of the logits, within 16 units in the last place for γ ≤ 5.

    Raises
    ------
    ValueError
        As `focal_loss_from_logits`.

    Examples
    --------
    >>> print(gradient_focal_logits([40, 0], 0, gamma=2))
    [-2.30029442e-52  2.30029442e-52]
    """
    loss, gradient, missing, share = _softmax_parts(logits, target, axis)
    power = _power(gamma)
    relative = np.where(missing == 0, 1.0, np.where(share == 0, 0.0, share * loss / missing))  # ℓ/q is 1 at q = 0
    factor = _class_factors(target, class_weights) * missing**power * (power * relative + 1)
    return gradient * np.expand_dims(factor, axis) + 0.0


def _softmax_parts(logits: ArrayLike, target: ArrayLike, axis: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Give ℓ, its gradient, q and p_t: q is the negated slope at the target."""
    indices = np.asarray(target)
    loss, gradient = cross_entropy_with_gradient(logits, indices, axis=axis)
    if indices.shape == gradient.shape:
        raise ValueError("target must hold class indices, not weights")
    own = np.take_along_axis(gradient, np.expand_dims(indices, axis), axis)
    return loss, gradient, 0.0 - np.squeeze(own, axis), np.exp(-loss)


def _class_factors(target: ArrayLike, weights: ArrayLike | None) -> Floats:
    indices = np.asarray(target)
    return np.ones(indices.shape) if weights is None else read_non_negatives(weights, "class_weights")[indices]


def _binary(y: Floats, z: Floats) -> tuple[Floats, Floats, Floats]:
    """Give p_t, q = 1 − p_t and ℓ = −ln p_t."""
    favoured = np.where(y, z, -z)
    power = np.exp(-np.abs(z))
    larger, smaller = 1 / (1 + power), power / (1 + power)
    loss = np.where(favoured > 0, 0.0, -favoured) + np.log1p(power)
    return np.where(favoured > 0, larger, smaller), np.where(favoured > 0, smaller, larger), loss


def _weighted(factors: Floats, losses: Floats) -> Floats:
    result: Floats = np.where(factors == 0, 0.0, factors * losses)
    return result


def _read_binary(target: ArrayLike) -> Floats:
    y = read_floats(target, "target")
    if not np.isin(y, (0, 1)).all():
        raise ValueError("target must be 0 or 1")
    return y


def _power(gamma: float) -> float:
    return float(read_non_negatives(gamma, "gamma"))


def _alpha(y: Floats, alpha: float | None) -> Floats:
    if alpha is None:
        return np.ones(y.shape)
    weight = read_within(alpha, "alpha")
    return np.where(y, weight, 1 - weight)
