"""Scores and losses that are no logarithm of a softmax: squared error, Brier, hinge, logistic; and slopes by q.

Every result is the nearest float64 to the exact value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, overload

from quiz_bank.engine.exact import (
    Exact,
    check_same_length,
    check_size,
    read_probabilities,
    read_rational,
)
from quiz_bank.engine.losses import Target, read_target
from quiz_bank.engine.reductions import Reduction, check_reduction
from quiz_bank.engine.reference.binary_logits import binary_cross_entropy_from_logits
from quiz_bank.engine.rounding import nearest_float


@overload
def squared_error(
    target: Sequence[Exact], prediction: Sequence[Exact], *, reduction: Literal["sum", "mean"] = "mean"
) -> float: ...


@overload
def squared_error(target: Sequence[Exact], prediction: Sequence[Exact], *, reduction: Literal["none"]) -> tuple[float, ...]: ...


def squared_error(
    target: Sequence[Exact], prediction: Sequence[Exact], *, reduction: Reduction = "mean"
) -> float | tuple[float, ...]:
    """Give the squared differences of two vectors: their mean, their sum, or each.

    Parameters
    ----------
    target, prediction
        Vectors of the same length, at most 64 numbers of any size: probabilities or logits.
    reduction
        "mean" or "sum" over the components, "none" for each.

    Returns
    -------
    float or tuple of float
        Exactly rational, and rounded once.

    Raises
    ------
    ValueError
        For vectors that are empty, too long or of different lengths, nan, an infinity, or another reduction.

    Examples
    --------
    The difference of these is 0 in float64:

    >>> from decimal import Decimal
    >>> squared_error([1], [Decimal("0.99999999999999999999")])
    1e-40
    >>> squared_error([1, 0, 0], [5, 1, 0.5])
    5.75
    """
    check_reduction(reduction)
    check_size(prediction, "prediction")
    check_same_length(target, prediction, "target and prediction")
    goals = [read_rational(value, f"target[{index}]") for index, value in enumerate(target)]
    values = [read_rational(value, f"prediction[{index}]") for index, value in enumerate(prediction)]
    squares = [(value - goal) ** 2 for goal, value in zip(goals, values, strict=True)]
    if reduction == "none":
        return tuple(nearest_float(square) for square in squares)
    return nearest_float(sum(squares, Fraction(0)) / (1 if reduction == "sum" else len(squares)))


def brier_score(target: Target, prediction: Sequence[Exact]) -> float:
    """Give Brier's score Σ (q_j − y_j)², summed over the classes.

    Parameters
    ----------
    target
        The true class's index, or a weight y_j in [0, 1] for each class.
    prediction
        q: at most 64 numbers in [0, 1].

    Returns
    -------
    float
        0 at best, 2 at worst for vectors that sum to 1.

    Raises
    ------
    ValueError
        For probabilities outside [0, 1], nan, an index out of range, or vectors of different lengths.

    References
    ----------
    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).

    Examples
    --------
    >>> from decimal import Decimal
    >>> brier_score(0, [Decimal("0.7"), Decimal("0.2"), Decimal("0.1")])
    0.14
    """
    values = read_probabilities(prediction, "prediction")
    label = read_target(target, len(values))
    goals = [Fraction(int(j == label)) for j in range(len(values))] if isinstance(label, int) else label
    return nearest_float(sum(((q - y) ** 2 for q, y in zip(values, goals, strict=True)), Fraction(0)))


def hinge_loss(margin: Exact) -> float:
    """Give max(0, 1 − m) at the margin m = y·f, with the label y = ±1 and the score f.

    Parameters
    ----------
    margin
        m.

    Returns
    -------
    float
        0 from a margin of 1 on.

    Raises
    ------
    ValueError
        For nan or an infinity.

    Examples
    --------
    >>> from decimal import Decimal
    >>> hinge_loss(Decimal("0.99999999999999999999"))
    1e-20
    """
    return nearest_float(max(Fraction(0), 1 - read_rational(margin, "margin")))


def logistic_loss(margin: Exact) -> float:
    """Give ln(1 + e^(−m)) at the margin m = y·f, with the label y = ±1 and the score f.

    Parameters
    ----------
    margin
        m, which may be infinite.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        For nan.

    Examples
    --------
    1 + e^(−40) is 1 in float64 and its logarithm 0:

    >>> logistic_loss(40)
    4.248354255291589e-18
    """
    return binary_cross_entropy_from_logits(1, margin)


def gradient_probabilities(target: Target, prediction: Sequence[Exact]) -> tuple[float, ...]:
    """Give the cross-entropy's derivative by each predicted probability, −y_j/q_j.

    Parameters
    ----------
    target
        The true class's index, or a weight y_j in [0, 1] for each class.
    prediction
        q: at most 64 numbers in [0, 1].

    Returns
    -------
    tuple of float
        0 where the target is 0; −inf where the target is positive and the prediction 0.

    Raises
    ------
    ValueError
        As `brier_score`.

    Examples
    --------
    An infinite slope where a division would fail:

    >>> gradient_probabilities(0, [0, 1])
    (-inf, 0.0)
    """
    values = read_probabilities(prediction, "prediction")
    label = read_target(target, len(values))
    goals = [Fraction(int(j == label)) for j in range(len(values))] if isinstance(label, int) else label
    return tuple(_slope(y, q) for y, q in zip(goals, values, strict=True))


def _slope(target: Fraction, value: Fraction) -> float:
    if target and not value:
        return -math.inf
    return nearest_float(-target / value) if target else 0.0
