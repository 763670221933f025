"""Losses of one probability or one logit, and of several independent labels: the nearest float64 to the exact value.

A target y is a number in [0, 1]; a logit may be infinite, where the sigmoid is exactly 0 or 1. Everything is written in
E = e^(−|z|) and τ = E/(1 + E), the probability of the less likely side: σ(z) is 1 − τ for z > 0 and τ otherwise.

For a rational z ≠ 0, E is transcendental (Lindemann), and a non-constant rational function of E with rational
coefficients has an irrational value; for z = 0 everything but the loss is rational.

References
----------
A. Baker, *Transcendental Number Theory*, Cambridge University Press 1975, theorem 1.4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, overload

from quiz_bank.engine.enclosure import Ball, exp_of_ratio
from quiz_bank.engine.exact import (
    Exact,
    check_same_length,
    check_size,
    is_infinite,
    read_probability,
    read_rational,
)
from quiz_bank.engine.logforms import LogBase, mean_surprisal
from quiz_bank.engine.rounding import nearest_float, round_sum

Reduction = Literal["none", "sum", "mean"]

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class _Logit:
    """A logit's sign and exact size; a size of None is infinite."""

    positive: bool
    size: Fraction | None

    @property
    def zero(self) -> bool:
        return self.size == 0

    def power(self, bits: int) -> Ball:
        """Enclose E = e^(−|z|)."""
        if self.size is None:
            return Ball(0, 0, 0, bits)
        return exp_of_ratio(-self.size.numerator, self.size.denominator, bits)

    def minority(self, bits: int) -> Ball:
        """Enclose τ = E/(1 + E)."""
        power = self.power(bits)
        return power / (Ball(1, 0, 0, bits) + power)

    def distance(self, target: Fraction) -> Fraction:
        """Give how far the target lies from the side that the logit favours: 1 − y or y."""
        return 1 - target if self.positive else target


def sigmoid(logit: Exact) -> float:
    """Give σ(z) = 1/(1 + e^(−z)).

    Parameters
    ----------
    logit
        z, which may be infinite.

    Returns
    -------
    float
        A probability; 0 for −inf and 1 for inf.

    Raises
    ------
    ValueError
        For nan.

    Examples
    --------
    1/(1 + e^740) overflows in float64; the probability is merely small:

    >>> sigmoid(-740)
    4.2e-322
    >>> sigmoid(10)
    0.9999546021312976
    """
    odds = _read_logit(logit, "logit")
    return round_sum(Fraction(int(odds.positive)), lambda bits: _signed(odds.minority(bits), not odds.positive))


def binary_cross_entropy(target: Exact, probability: Exact, *, log_base: LogBase = "e") -> float:
    """Give −y·log p − (1 − y)·log(1 − p).

    Parameters
    ----------
    target
        y in [0, 1]; values between are soft labels.
    probability
        p in [0, 1], the predicted probability of the positive class.
    log_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        inf where the prediction rules out what the target allows.

    Raises
    ------
    ValueError
        For a target or probability outside [0, 1], nan, or an unknown base.

    Examples
    --------
    1 − 1e-20 is 1 in float64, so the naive loss is 0:

    >>> binary_cross_entropy(0, 1e-20)
    1e-20
    """
    y, p = read_probability(target, "target"), read_probability(probability, "probability")
    return mean_surprisal([(y, p), (1 - y, 1 - p)], log_base)


def binary_cross_entropy_from_logits(target: Exact, logit: Exact) -> float:
    """Give the binary cross-entropy of σ(z): k·|z| + ln(1 + e^(−|z|)) with k = 1 − y for z > 0, else y.

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        For a target outside [0, 1] or nan.

    Examples
    --------
    −ln σ(40) is 0 in float64, because σ(40) rounds to 1:

    >>> binary_cross_entropy_from_logits(1, 40)
    4.248354255291589e-18
    """
    return _bce(read_probability(target, "target"), _read_logit(logit, "logit"))


def gradient_bce_logit(target: Exact, logit: Exact) -> float:
    """Give the binary cross-entropy's derivative by the logit, σ(z) − y.

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite.

    Returns
    -------
    float
        Within [−1, 1].

    Raises
    ------
    ValueError
        For a target outside [0, 1] or nan.

    Examples
    --------
    σ(40) − 1 is 0 in float64:

    >>> gradient_bce_logit(1, 40)
    -4.248354255291589e-18
    """
    y, odds = read_probability(target, "target"), _read_logit(logit, "logit")
    if odds.zero:
        return nearest_float(_HALF - y)
    return round_sum(int(odds.positive) - y, lambda bits: _signed(odds.minority(bits), not odds.positive))


@overload
def multi_label_bce(
    labels: Sequence[Exact], logits: Sequence[Exact], *, reduction: Literal["none"] = "none"
) -> tuple[float, ...]: ...


@overload
def multi_label_bce(labels: Sequence[Exact], logits: Sequence[Exact], *, reduction: Literal["sum", "mean"]) -> float: ...


def multi_label_bce(
    labels: Sequence[Exact], logits: Sequence[Exact], *, reduction: Reduction = "none"
) -> tuple[float, ...] | float:
    """Give one binary cross-entropy for each label, or their sum or mean.

    Parameters
    ----------
    labels
        At most 64 targets in [0, 1].
    logits
        As many logits, which may be infinite.
    reduction
        "none" for each label's loss, "sum" or "mean" over the labels.

    Returns
    -------
    tuple of float or float
        In nats. The sum is that of the exact losses, rounded once.

    Raises
    ------
    ValueError
        For targets outside [0, 1], nan, vectors that are empty, too long or of different lengths, or another reduction.

    Examples
    --------
    >>> multi_label_bce([1, 1, 0], [2, 1.5, -1], reduction="mean")
    0.2138676588479826
    >>> multi_label_bce([1, 0], [1000, -1000])
    (0.0, 0.0)
    """
    check_size(logits, "logits")
    check_same_length(labels, logits, "labels and logits")
    targets = [read_probability(label, f"labels[{index}]") for index, label in enumerate(labels)]
    odds = [_read_logit(logit, f"logits[{index}]") for index, logit in enumerate(logits)]
    if reduction == "none":
        return tuple(_bce(y, z) for y, z in zip(targets, odds, strict=True))
    if reduction not in ("sum", "mean"):
        raise ValueError(f"reduction must be 'none', 'sum' or 'mean', not {reduction!r}")
    return _total_bce(targets, odds, 1 if reduction == "sum" else len(odds))


def mse_sigmoid(target: Exact, logit: Exact) -> float:
    """Give the squared error (σ(z) − y)².

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite.

    Returns
    -------
    float
        Within [0, 1].

    Raises
    ------
    ValueError
        For a target outside [0, 1] or nan.

    Examples
    --------
    σ(40) is 1 in float64 and the naive error 0:

    >>> mse_sigmoid(1, 40)
    1.804851387845415e-35
    """
    y, odds = read_probability(target, "target"), _read_logit(logit, "logit")
    if odds.zero:
        return nearest_float((_HALF - y) ** 2)
    distance = odds.distance(y)
    double = 2 * distance

    def tail(bits: int) -> Ball:
        minority = odds.minority(bits)
        return minority * (minority - Ball.of_ratio(double.numerator, double.denominator, bits))

    return round_sum(distance * distance, tail)


def gradient_mse_sigmoid(target: Exact, logit: Exact) -> float:
    """Give the squared error's derivative by the logit, 2(σ − y)·σ(1 − σ).

    Parameters
    ----------
    target
        y in [0, 1].
    logit
        z, which may be infinite.

    Returns
    -------
    float
        It vanishes where the sigmoid saturates, whether the prediction is right or wrong.

    Raises
    ------
    ValueError
        For a target outside [0, 1] or nan.

    Examples
    --------
    The naive σ(1 − σ) is 0 for z = 40:

    >>> gradient_mse_sigmoid(0, 40)
    8.496708510583178e-18
    >>> gradient_mse_sigmoid(1, 10)
    -4.121745838475379e-09
    """
    y, odds = read_probability(target, "target"), _read_logit(logit, "logit")
    if odds.zero:
        return nearest_float((_HALF - y) / 2)
    above, below = odds.distance(y).as_integer_ratio()

    def tail(bits: int) -> Ball:
        minority = odds.minority(bits)
        error = _signed(Ball.of_ratio(above, below, bits) - minority, odds.positive)
        return Ball(2, 0, 0, bits) * error * minority * (Ball(1, 0, 0, bits) - minority)

    return round_sum(Fraction(0), tail)


def ratio_mse_bce_gradient(logit: Exact) -> float:
    """Give the squared error's gradient over the binary cross-entropy's, 2σ(z)(1 − σ(z)), whatever the target.

    Parameters
    ----------
    logit
        z, which may be infinite.

    Returns
    -------
    float
        At most 1/2, and nearly 0 where the sigmoid saturates.

    Raises
    ------
    ValueError
        For nan.

    Examples
    --------
    The naive 1 − σ(40) is 0:

    >>> ratio_mse_bce_gradient(40)
    8.496708510583178e-18
    """
    odds = _read_logit(logit, "logit")

    def tail(bits: int) -> Ball:
        minority = odds.minority(bits)
        return Ball(2, 0, 0, bits) * minority * (Ball(1, 0, 0, bits) - minority)

    return round_sum(Fraction(0), tail)


def _read_logit(logit: Exact, name: str) -> _Logit:
    if is_infinite(logit):
        return _Logit(logit > 0, None)
    value = read_rational(logit, name)
    return _Logit(value > 0, abs(value))


def _signed(ball: Ball, positive: bool) -> Ball:
    return ball if positive else -ball


def _bce(target: Fraction, odds: _Logit) -> float:
    return _total_bce([target], [odds], 1)


def _total_bce(targets: Sequence[Fraction], logits: Sequence[_Logit], count: int) -> float:
    """Round the sum of the losses, divided by count.

    It is irrational unless every logit is infinite: the product of the finite logits' 1 + E_j has several distinct
    exponents, or is a power of 2.
    """
    head = Fraction(0)
    for target, odds in zip(targets, logits, strict=True):
        if distance := odds.distance(target):
            if odds.size is None:
                return math.inf
            head += distance * odds.size

    def tail(bits: int) -> Ball:
        total = Ball(0, 0, 0, bits)
        for odds in logits:
            total += odds.power(bits).log1p()
        return total / Ball(count, 0, 0, bits)

    return round_sum(head / count, tail)
