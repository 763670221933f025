"""Losses of one logit, and of several independent labels, with their gradients.

Every result is the nearest float64 to the exact value. A target y is a number in [0, 1]; a logit may be infinite, where
the sigmoid is exactly 0 or 1. A weight w on the positive term gives −w·y·ln σ(z) − (1 − y)·ln(1 − σ(z)).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, overload

from quiz_bank.engine.enclosure import Ball
from quiz_bank.engine.exact import (
    Exact,
    check_same_length,
    check_size,
    read_non_negative,
    read_non_negatives,
    read_probability,
)
from quiz_bank.engine.odds import Odds, read_odds
from quiz_bank.engine.reductions import Reduction, check_reduction
from quiz_bank.engine.rounding import nearest_float, round_sum
from quiz_bank.engine.sums import weighted_sum

# A label's weight on the positive class, w·y, and on the negative class, 1 − y; and its logit.
_Label = tuple[Fraction, Fraction, Odds]

_HALF = Fraction(1, 2)


def binary_cross_entropy_from_logits(target: Exact, logit: Exact, *, pos_weight: Exact = 1) -> float:
    """Give the binary cross-entropy of σ(z), −w·y·ln σ(z) − (1 − y)·ln(1 − σ(z)).

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite.
    pos_weight
        w ≥ 0.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        For a target outside [0, 1], a negative weight, or nan.

    Examples
    --------
    −ln σ(40) is 0 in float64, because σ(40) rounds to 1:

    >>> binary_cross_entropy_from_logits(1, 40)
    4.248354255291589e-18
    """
    return _total([_read_label(target, logit, pos_weight)], 1)


def gradient_bce_logit(target: Exact, logit: Exact, *, pos_weight: Exact = 1) -> float:
    """Give the binary cross-entropy's derivative by the logit: σ(z) − y, or (w·y + 1 − y)·σ(z) − w·y.

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite.
    pos_weight
        w ≥ 0.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        For a target outside [0, 1], a negative weight, or nan.

    Examples
    --------
    σ(40) − 1 is 0 in float64:

    >>> gradient_bce_logit(1, 40)
    -4.248354255291589e-18
    """
    on_positive, on_negative, odds = _read_label(target, logit, pos_weight)
    weight = on_positive + on_negative
    if odds.even:
        return nearest_float(weight * _HALF - on_positive)
    above, below = weight.as_integer_ratio()
    head = on_negative if odds.positive else -on_positive
    return round_sum(head, lambda bits: Ball.of_ratio(above, below, bits) * odds.signed_minority(bits))


@overload
def multi_label_bce(
    labels: Sequence[Exact],
    logits: Sequence[Exact],
    *,
    pos_weights: Sequence[Exact] | None = None,
    reduction: Literal["none"] = "none",
) -> tuple[float, ...]: ...


@overload
def multi_label_bce(
    labels: Sequence[Exact],
    logits: Sequence[Exact],
    *,
    pos_weights: Sequence[Exact] | None = None,
    reduction: Literal["sum", "mean"],
) -> float: ...


def multi_label_bce(
    labels: Sequence[Exact],
    logits: Sequence[Exact],
    *,
    pos_weights: Sequence[Exact] | None = None,
    reduction: Reduction = "none",
) -> tuple[float, ...] | float:
    """Give one binary cross-entropy for each label, or their sum or mean.

    Parameters
    ----------
    labels
        At most 64 targets in [0, 1].
    logits
        As many logits, which may be infinite.
    pos_weights
        As many weights ≥ 0 on the positive terms; without them, 1.
    reduction
        "none" for each label's loss, "sum" or "mean" over the labels. The mean divides by their number, whatever the
        weights.

    Returns
    -------
    tuple of float or float
        In nats. The sum is that of the exact losses, rounded once.

    Raises
    ------
    ValueError
        For targets outside [0, 1], negative weights, nan, vectors that are empty, too long or of different lengths, or
        another reduction.

    Examples
    --------
    1 − σ(−1000) is 1 and its logarithm 0, but −ln σ(−1000) overflows as it is written:

    >>> multi_label_bce([1, 0], [-1000, -1000])
    (1000.0, 0.0)
    >>> multi_label_bce([1, 1, 0], [2, 1.5, -1], reduction="mean")
    0.2138676588479826
    """
    check_reduction(reduction)
    rows = _read_labels(labels, logits, pos_weights)
    if reduction == "none":
        return tuple(_total([row], 1) for row in rows)
    return _total(rows, 1 if reduction == "sum" else len(rows))


def _read_label(target: Exact, logit: Exact, weight: Exact) -> _Label:
    y = read_probability(target, "target")
    return y * read_non_negative(weight, "pos_weight"), 1 - y, read_odds(logit, "logit")


def _read_labels(labels: Sequence[Exact], logits: Sequence[Exact], weights: Sequence[Exact] | None) -> list[_Label]:
    check_size(logits, "logits")
    check_same_length(labels, logits, "labels and logits")
    targets = [read_probability(label, f"labels[{index}]") for index, label in enumerate(labels)]
    odds = [read_odds(logit, f"logits[{index}]") for index, logit in enumerate(logits)]
    factors = [Fraction(1)] * len(odds) if weights is None else read_non_negatives(weights, "pos_weights")
    check_same_length(factors, logits, "pos_weights and logits")
    return [(factor * y, 1 - y, z) for factor, y, z in zip(factors, targets, odds, strict=True)]


def _total(labels: Sequence[_Label], count: int) -> float:
    """Round the sum of the losses, divided by count.

    With a common denominator N of the weights, a rational value q would mean Π (1 + E_j)^(N·w_j) = e^(N·q). Expanded, the
    left side has positive coefficients and, for a logit ≠ 0, several distinct exponents; of zeros alone it is a power
    of 2. So the value is irrational unless the sum of logarithms has no term.
    """
    head = Fraction(0)
    for on_positive, on_negative, odds in labels:
        if against := on_negative if odds.positive else on_positive:
            if odds.size is None:
                return math.inf
            head += against * odds.size

    def tail(bits: int) -> Ball:
        weights = ((on_positive + on_negative) / count for on_positive, on_negative, _ in labels)
        return weighted_sum([(w, odds.power(bits).log1p()) for w, (_, _, odds) in zip(weights, labels, strict=True)], bits)

    return round_sum(head / count, tail)
