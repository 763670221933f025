"""Surprisal, entropy, cross-entropy and divergence of given probabilities: the nearest float64 to the exact value.

Probabilities are taken as given, each within [0, 1]: never renormalised, never clipped. 0·log 0 is 0. A log base is "e"
(nats), "2" (bits) or "10" (dits).

References
----------
C. E. Shannon, "A mathematical theory of communication", Bell System Technical Journal 27 (1948).
S. Kullback, R. A. Leibler, "On information and sufficiency", Annals of Mathematical Statistics 22 (1951).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.exact import (
    Exact,
    check_same_length,
    read_non_negatives,
    read_probabilities,
    read_probability,
)
from quiz_bank.engine.logforms import LogBase, LogForm, base_number, mean_surprisal


def surprisal(probability: Exact, *, log_base: LogBase = "e") -> float:
    """Give the information −log p of an event.

    Parameters
    ----------
    probability
        p in [0, 1].
    log_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        inf for p = 0.

    Raises
    ------
    ValueError
        For p outside [0, 1], nan, or an unknown base.

    Examples
    --------
    This probability is 1.0 as a float64, and its naive surprisal 0:

    >>> from decimal import Decimal
    >>> surprisal(Decimal("0.99999999999999999999"))
    1e-20
    >>> surprisal(0.125, log_base="2")
    3.0
    """
    return mean_surprisal([(Fraction(1), read_probability(probability, "probability"))], log_base)


def entropy(probabilities: Sequence[Exact], *, log_base: LogBase = "e") -> float:
    """Give the entropy −Σ p·log p.

    Parameters
    ----------
    probabilities
        At most 64 numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        The entropy; 0 for a one-hot vector.

    Raises
    ------
    ValueError
        For a probability outside [0, 1], nan, no or more than 64 probabilities, or an unknown base.

    Examples
    --------
    Nearly one-hot: as float64 the first probability is 1.0, and its share of the entropy is lost.

    >>> from decimal import Decimal
    >>> entropy([Decimal("0.99999999999999999999"), Decimal("1e-20")])
    4.705170185988091e-19
    >>> entropy([0.5, 0.25, 0.25], log_base="2")
    1.5
    """
    values = read_probabilities(probabilities, "probabilities")
    return mean_surprisal(zip(values, values, strict=True), log_base)


def cross_entropy(target: Sequence[Exact], prediction: Sequence[Exact], *, log_base: LogBase = "e") -> float:
    """Give the cross-entropy H(p, q) = −Σ p·log q of a prediction q under the target p.

    Parameters
    ----------
    target, prediction
        p and q: vectors of the same length, at most 64 numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        inf where the target is positive and the prediction 0.

    Raises
    ------
    ValueError
        For a probability outside [0, 1], nan, vectors that are empty, too long or of different lengths, or an unknown
        base.

    Examples
    --------
    The sum over a class that cannot happen is nan in float64 (0 times −inf); here it adds nothing:

    >>> cross_entropy([1, 0], [1, 0])
    0.0
    >>> from decimal import Decimal
    >>> cross_entropy([1, 0, 0], [Decimal("0.7"), Decimal("0.2"), Decimal("0.1")])
    0.3566749439387324
    """
    weights, values = _read_pair(target, prediction)
    return mean_surprisal(zip(weights, values, strict=True), log_base)


def kl_divergence(
    target: Sequence[Exact], prediction: Sequence[Exact], *, log_base: LogBase = "e", generalised: bool = False
) -> float:
    """Give the Kullback-Leibler divergence Σ p·log(p/q) of a prediction q from the target p.

    Parameters
    ----------
    target, prediction
        p and q: vectors of the same length, at most 64 numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    generalised
        Σ [p·ln(p/q) − p + q] instead (in the unit of the base), which is never negative, whatever the vectors sum to; any
        numbers ≥ 0 are then accepted.

    Returns
    -------
    float
        inf where the target is positive and the prediction 0; 0 for equal vectors.

    Raises
    ------
    ValueError
        As `cross_entropy`.

    Examples
    --------
    Of nearly equal distributions the terms cancel; float64 arithmetic is left with −6.7e-17 here:

    >>> from decimal import Decimal
    >>> p = [Decimal("0.3"), Decimal("0.7")]
    >>> q = [Decimal("0.3000000001"), Decimal("0.6999999999")]
    >>> kl_divergence(p, q)
    2.380952380650038e-20
    """
    base_number(log_base)
    p, q = _read_measures(target, prediction) if generalised else _read_pair(target, prediction)
    pairs = [(weight, value) for weight, value in zip(p, q, strict=True) if weight]
    head = sum(q, -sum(p, Fraction(0))) if generalised else Fraction(0)
    if any(value == 0 for _, value in pairs):
        return math.inf
    terms = tuple((weight, weight / value) for weight, value in pairs if weight != value)
    return LogForm(terms, head).nearest(log_base)


def _read_pair(target: Sequence[Exact], prediction: Sequence[Exact]) -> tuple[list[Fraction], list[Fraction]]:
    check_same_length(target, prediction, "target and prediction")
    return read_probabilities(target, "target"), read_probabilities(prediction, "prediction")


def _read_measures(target: Sequence[Exact], prediction: Sequence[Exact]) -> tuple[list[Fraction], list[Fraction]]:
    check_same_length(target, prediction, "target and prediction")
    return read_non_negatives(target, "target"), read_non_negatives(prediction, "prediction")
