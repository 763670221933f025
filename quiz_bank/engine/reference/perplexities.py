"""Perplexity, probabilities from surprisals, and the units of information.

Every result is the nearest float64 to the exact value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.exact import Exact, read_distribution, read_non_negative, read_probabilities, read_rational
from quiz_bank.engine.logforms import LogBase, LogForm, base_number
from quiz_bank.engine.rounding import nearest_float


def perplexity(probabilities: Sequence[Exact], *, normalise: bool = False) -> float:
    """Give the perplexity of a distribution, e^H = Π p^(−p): in any base, the number of equally likely outcomes.

    Parameters
    ----------
    probabilities
        At most 64 numbers in [0, 1], taken as given.
    normalise
        Whether to divide the vector by its sum first; any numbers ≥ 0 are then accepted.

    Returns
    -------
    float
        1 for a one-hot vector, K for K equal probabilities.

    Raises
    ------
    ValueError
        As `entropy`.

    Examples
    --------
    e^H in float64 is 3.0000000000000004 for three equal outcomes:

    >>> perplexity([1, 1, 1], normalise=True)
    3.0
    """
    values = read_distribution(probabilities, "probabilities", normalise)
    return LogForm(tuple((-value, value) for value in values if value not in (0, 1))).nearest_exponential()


def sequence_perplexity(probabilities: Sequence[Exact]) -> float:
    """Give the perplexity of a sequence, (Π p_i)^(−1/N), from the probability that each token was given.

    Parameters
    ----------
    probabilities
        At most 64 numbers in [0, 1].

    Returns
    -------
    float
        inf where a token was given no probability.

    Raises
    ------
    ValueError
        For probabilities outside [0, 1], nan, none or more than 64.

    Examples
    --------
    The product of these underflows in float64:

    >>> sequence_perplexity([1e-200, 1e-200])
    1e+200
    """
    values = read_probabilities(probabilities, "probabilities")
    if 0 in values:
        return math.inf
    weight = Fraction(-1, len(values))
    return LogForm(tuple((weight, value) for value in values)).nearest_exponential()


def perplexity_from_loss(loss: Exact, *, log_base: LogBase = "e") -> float:
    """Give the perplexity e^loss of a mean loss in nats, or 2^loss, 10^loss of one in bits or dits.

    Parameters
    ----------
    loss
        A mean loss ≥ 0 per token.
    log_base
        The loss's unit: "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        inf beyond the largest float64.

    Raises
    ------
    ValueError
        For a negative loss, nan, or an unknown base.

    Examples
    --------
    e^x computed from a rounded exponent x·ln 10 is off in the last digits:

    >>> perplexity_from_loss(100, log_base="10")
    1e+100
    """
    return _power(log_base, read_non_negative(loss, "loss"))


def probability_from_surprisal(surprisal: Exact, *, log_base: LogBase = "e") -> float:
    """Give the probability e^(−I) of an event with a surprisal of I nats, or 2^(−I), 10^(−I) for bits or dits.

    Parameters
    ----------
    surprisal
        I ≥ 0.
    log_base
        The surprisal's unit: "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        Within [0, 1].

    Raises
    ------
    ValueError
        For a negative surprisal, nan, or an unknown base.

    Examples
    --------
    e^(−I·ln 2) in float64 does not give the exact power of two:

    >>> probability_from_surprisal(1000, log_base="2") == 2**-1000
    True
    """
    return _power(log_base, -read_non_negative(surprisal, "surprisal"))


def convert_information(value: Exact, *, from_base: LogBase, to_base: LogBase) -> float:
    """Convert an amount of information, or a loss, between nats, bits and dits.

    Parameters
    ----------
    value
        An amount in the first unit.
    from_base, to_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        The amount in the second unit: value·ln(from)/ln(to).

    Raises
    ------
    ValueError
        For nan, an infinity, or an unknown base.

    Examples
    --------
    math.log2(10) times a tenth is rounded twice:

    >>> from fractions import Fraction
    >>> convert_information(Fraction(3, 10), from_base="10", to_base="2")
    0.9965784284662087
    """
    amount, source, goal = read_rational(value, "value"), base_number(from_base), base_number(to_base)
    if source == goal:
        return nearest_float(amount)
    if source != 1:
        return LogForm(((amount, Fraction(source)),)).nearest(to_base)
    return LogForm((), amount).nearest(to_base)


def _power(log_base: LogBase, exponent: Fraction) -> float:
    base = base_number(log_base)
    form = LogForm((), exponent) if base == 1 else LogForm(((exponent, Fraction(base)),))
    return form.nearest_exponential()
