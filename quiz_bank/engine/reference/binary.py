"""One probability, one logit: the sigmoid, its inverse and the cross-entropy of a yes-or-no question.

Every result is the nearest float64 to the exact value. A target y is a number in [0, 1].
"""

from __future__ import annotations

import math
from fractions import Fraction

from quiz_bank.engine.exact import Exact, read_probability
from quiz_bank.engine.logforms import LogBase, LogForm, mean_surprisal
from quiz_bank.engine.odds import read_odds
from quiz_bank.engine.rounding import round_sum


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
    odds = read_odds(logit, "logit")
    return round_sum(Fraction(int(odds.positive)), odds.signed_minority)


def logit(probability: Exact) -> float:
    """Give ln(p/(1 − p)), the inverse of the sigmoid.

    Parameters
    ----------
    probability
        p in [0, 1].

    Returns
    -------
    float
        −inf for p = 0 and inf for p = 1.

    Raises
    ------
    ValueError
        For p outside [0, 1] or nan.

    Examples
    --------
    Next to 1/2 the quotient p/(1 − p) loses what distinguishes it from 1:

    >>> from decimal import Decimal
    >>> logit(Decimal("0.50000000000000000001"))
    4e-20
    """
    p = read_probability(probability, "probability")
    if p in (0, 1):
        return math.inf if p else -math.inf
    return LogForm(((Fraction(1), p / (1 - p)),)).nearest("e")


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
