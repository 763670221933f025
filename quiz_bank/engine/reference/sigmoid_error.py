"""The squared error of a sigmoid, whose gradient vanishes where the sigmoid saturates.

Every result is the nearest float64 to the exact value. A target y is a number in [0, 1]; a logit may be infinite.
"""

from __future__ import annotations

from fractions import Fraction

from quiz_bank.engine.enclosure import Ball
from quiz_bank.engine.exact import Exact, read_probability
from quiz_bank.engine.odds import read_odds
from quiz_bank.engine.rounding import nearest_float, round_sum

_HALF = Fraction(1, 2)


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
    y, odds = read_probability(target, "target"), read_odds(logit, "logit")
    if odds.even:
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
    y, odds = read_probability(target, "target"), read_odds(logit, "logit")
    if odds.even:
        return nearest_float((_HALF - y) / 2)
    above, below = odds.distance(y).as_integer_ratio()

    def tail(bits: int) -> Ball:
        minority = odds.minority(bits)
        error = Ball.of_ratio(above, below, bits) - minority  # σ − y, negated for z < 0
        slope = Ball(2, 0, 0, bits) * error * minority * (Ball(1, 0, 0, bits) - minority)
        return slope if odds.positive else -slope

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
    odds = read_odds(logit, "logit")

    def tail(bits: int) -> Ball:
        minority = odds.minority(bits)
        return Ball(2, 0, 0, bits) * minority * (Ball(1, 0, 0, bits) - minority)

    return round_sum(Fraction(0), tail)
