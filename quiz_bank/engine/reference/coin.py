"""The entropy of a coin, and the coin of a given entropy: the nearest float64 to the exact value."""

from __future__ import annotations

import math
import struct
from fractions import Fraction

from quiz_bank.engine.exact import Exact, read_non_negative, read_probability
from quiz_bank.engine.logforms import LogBase, LogForm, base_number, mean_surprisal


def binary_entropy(probability: Exact, *, log_base: LogBase = "e") -> float:
    """Give −p·log p − (1 − p)·log(1 − p), the entropy of a coin and the least binary cross-entropy of a soft label.

    Parameters
    ----------
    probability
        p in [0, 1].
    log_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        0 for p = 0 and p = 1.

    Raises
    ------
    ValueError
        For p outside [0, 1], nan, or an unknown base.

    Examples
    --------
    >>> binary_entropy(0.5, log_base="2")
    1.0
    >>> binary_entropy(1e-20)
    4.705170185988091e-19
    """
    p = read_probability(probability, "probability")
    return mean_surprisal([(p, p), (1 - p, 1 - p)], log_base)


def coin_of_entropy(entropy: Exact, *, log_base: LogBase = "e") -> float:
    """Give the probability p ≤ 1/2 of a coin whose binary entropy is given.

    The entropy rises strictly from 0 at p = 0 to log 2 at p = 1/2, so the sign of H(x) − H decides on which side of x the
    solution lies. Two neighbouring floats on either side of it, and the border between them, give the nearest one.

    Parameters
    ----------
    entropy
        H, from 0 to log 2.
    log_base
        The entropy's unit: "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        Within [0, 1/2]; the other solution is 1 − p.

    Raises
    ------
    ValueError
        For an entropy below 0 or above that of a fair coin, nan, or an unknown base.

    Examples
    --------
    Next to a fair coin H is so flat that float64 arithmetic gives 0.5:

    >>> from decimal import Decimal
    >>> coin_of_entropy(Decimal("0.9999999999999999999"), log_base="2")
    0.49999999981383514
    >>> coin_of_entropy(1, log_base="2")
    0.5
    """
    amount, base = read_non_negative(entropy, "entropy"), base_number(log_base)
    fair = _excess(Fraction(1, 2), amount, base)
    if fair < 0:
        raise ValueError(f"entropy must be at most that of a fair coin, not {entropy}")
    if amount == 0 or fair == 0:
        return 0.5 if fair == 0 else 0.0
    low, high = _bracket(amount, base)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _excess(Fraction(_float(middle)), amount, base) < 0 else (low, middle)
    border = (Fraction(_float(low)) + Fraction(_float(high))) / 2
    return _float(high if _excess(border, amount, base) < 0 else low)


def _excess(probability: Fraction, amount: Fraction, base: int) -> int:
    """Give the sign of H(p) − amount; it is 0 for p = 1/2 only, as no other p in (0, 1/2) has a rational entropy."""
    terms = ((-probability, probability), (probability - 1, 1 - probability))
    if base == 1:
        return LogForm(terms, -amount).sign()
    return LogForm((*terms, (-amount, Fraction(base)))).sign()


def _bracket(amount: Fraction, base: int) -> tuple[int, int]:
    """Give the ordinals of two floats around the solution, a few apart where float64 arithmetic does well."""
    guess = _ordinal(_approximate(float(amount) * math.log(base if base > 1 else math.e)))
    reach = 2
    while True:
        low, high = max(0, guess - reach), min(_ordinal(0.5), guess + reach)
        below = low == 0 or _excess(Fraction(_float(low)), amount, base) < 0
        if below and (high == _ordinal(0.5) or _excess(Fraction(_float(high)), amount, base) >= 0):
            return low, high
        reach *= 16


def _approximate(nats: float) -> float:
    low, high = 0, _ordinal(0.5)
    while high - low > 1:
        middle = (low + high) // 2
        p = _float(middle)
        low, high = (middle, high) if -p * math.log(p) - (1 - p) * math.log1p(-p) < nats else (low, middle)
    return _float(low)


def _ordinal(value: float) -> int:
    """Give a float's number in the order of the floats ≥ 0."""
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def _float(ordinal: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", ordinal))[0])
