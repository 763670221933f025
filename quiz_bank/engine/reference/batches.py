"""Cross-entropy of a batch: class weights, label smoothing, ignored labels and reductions, as PyTorch combines them.

Sample n with the target t_n (smoothed where asked for) has the loss Σ_k w_k·t_nk·(−ln p_nk). The mean divides by the sum of
the weights w_y of the labels that count; a target that is a vector counts as 1 there. Nothing is rounded before the end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, overload

from quiz_bank.engine.exact import Exact, check_same_length, check_size, read_non_negatives, read_probability
from quiz_bank.engine.exponentials import Gaps, gaps_of
from quiz_bank.engine.losses import Target, read_target, slopes, total_loss, weighted_loss
from quiz_bank.engine.reductions import Reduction, check_reduction
from quiz_bank.engine.reference.smoothing import Smoothing, smoothed_target

Matrix = Sequence[Sequence[Exact]]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Sample:
    """One row: its gaps, each class's weight in the loss, and what it adds to the mean's divisor."""

    gaps: Gaps
    weights: list[Fraction]
    count: Fraction


@overload
def batch_cross_entropy(
    logits: Matrix,
    targets: Sequence[Target],
    *,
    class_weights: Sequence[Exact] | None = None,
    epsilon: Exact = 0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
    reduction: Literal["sum", "mean"] = "mean",
) -> float: ...


@overload
def batch_cross_entropy(
    logits: Matrix,
    targets: Sequence[Target],
    *,
    class_weights: Sequence[Exact] | None = None,
    epsilon: Exact = 0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
    reduction: Literal["none"],
) -> tuple[float, ...]: ...


def batch_cross_entropy(
    logits: Matrix,
    targets: Sequence[Target],
    *,
    class_weights: Sequence[Exact] | None = None,
    epsilon: Exact = 0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
    reduction: Reduction = "mean",
) -> float | tuple[float, ...]:
    """Give the cross-entropy of a batch of logits.

    Parameters
    ----------
    logits
        At most 64 rows of at most 64 logits; −inf is a mask.
    targets
        For each row a class index, or a weight in [0, 1] for each class.
    class_weights
        A weight ≥ 0 for each class; without them, 1.
    epsilon, smoothing
        Label smoothing of the class indices, as `smoothed_target`; 0 for none.
    ignore_index
        The index that marks a row to leave out.
    reduction
        "mean" divides by the sum of the labels' weights, "sum" adds, "none" gives each row's loss (0 where ignored).

    Returns
    -------
    float or tuple of float
        In nats; inf where a masked class has weight; nan for the mean over no weight at all.

    Raises
    ------
    ValueError
        As `softmax` and `smoothed_target`; also for lengths that do not agree, negative weights, another reduction.

    Examples
    --------
    A weighted mean of two losses, one of which −ln(softmax) would drop:

    >>> batch_cross_entropy([[40, 0], [0, 40]], [0, 1], class_weights=[3, 1])
    4.248354255291589e-18
    >>> batch_cross_entropy([[1, 2]], [-100], ignore_index=-100)
    nan
    """
    check_reduction(reduction)
    samples = _read_batch(logits, targets, class_weights, epsilon, smoothing, ignore_index)
    losses = [weighted_loss(sample.gaps, sample.weights) for sample in samples]
    if reduction == "none":
        return tuple(loss.nearest() for loss in losses)
    total = total_loss(losses)
    if reduction == "sum":
        return total.nearest()
    count = sum((sample.count for sample in samples), _ZERO)
    return total.times(1 / count).nearest() if count else math.nan


def batch_gradient(
    logits: Matrix,
    targets: Sequence[Target],
    *,
    class_weights: Sequence[Exact] | None = None,
    epsilon: Exact = 0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
    reduction: Literal["sum", "mean"] = "mean",
) -> tuple[tuple[float, ...], ...]:
    """Give the derivative of `batch_cross_entropy` by each logit.

    Parameters
    ----------
    logits
        At most 64 rows of at most 64 logits; −inf is a mask.
    targets
        For each row a class index, or a weight in [0, 1] for each class.
    class_weights
        A weight ≥ 0 for each class; without them, 1.
    epsilon, smoothing
        Label smoothing of the class indices, as `smoothed_target`; 0 for none.
    ignore_index
        The index that marks a row to leave out; its derivatives are 0.
    reduction
        "mean" divides by the sum of the labels' weights, "sum" does not.

    Returns
    -------
    tuple of tuple of float
        One row for each row of logits; nan for the mean over rows without any weight.

    Raises
    ------
    ValueError
        As `batch_cross_entropy`; also for the reduction "none", which has no gradient.

    Examples
    --------
    >>> batch_gradient([[40, 0], [0, 0]], [0, 1])
    ((-2.1241771276457944e-18, 2.1241771276457944e-18), (0.25, -0.25))
    """
    if reduction not in ("sum", "mean"):
        raise ValueError(f"reduction must be 'sum' or 'mean', not {reduction!r}")
    samples = _read_batch(logits, targets, class_weights, epsilon, smoothing, ignore_index)
    count = sum((sample.count for sample in samples), _ZERO) if reduction == "mean" else Fraction(1)
    return tuple(_row_gradient(sample, count) for sample in samples)


def _row_gradient(sample: _Sample, count: Fraction) -> tuple[float, ...]:
    if count == 0:
        return (math.nan,) * len(sample.weights)
    return slopes(sample.gaps, sample.weights, count)


def _read_batch(
    logits: Matrix,
    targets: Sequence[Target],
    class_weights: Sequence[Exact] | None,
    epsilon: Exact,
    smoothing: Smoothing,
    ignore_index: int | None,
) -> list[_Sample]:
    check_size(logits, "logits")
    check_same_length(targets, logits, "targets and logits")
    share = read_probability(epsilon, "epsilon")
    factors = None if class_weights is None else read_non_negatives(class_weights, "class_weights")
    samples = []
    for row, target in zip(logits, targets, strict=True):
        weights = [Fraction(1)] * len(row) if factors is None else factors
        check_same_length(weights, row, "class_weights and logits")
        ignored = isinstance(target, int) and target == ignore_index
        samples.append(_ignored(row) if ignored else _sample(row, target, weights, share, smoothing))
    return samples


def _ignored(row: Sequence[Exact]) -> _Sample:
    return _Sample(gaps_of(row), [_ZERO] * len(row), _ZERO)


def _sample(row: Sequence[Exact], target: Target, factors: list[Fraction], epsilon: Fraction, smoothing: Smoothing) -> _Sample:
    label = read_target(target, len(row))
    if isinstance(label, int):
        count, shares = factors[label], list(smoothed_target(label, len(row), epsilon=epsilon, smoothing=smoothing))
    else:
        count, shares = Fraction(1), label
    return _Sample(gaps_of(row), [w * y for w, y in zip(factors, shares, strict=True)], count)
