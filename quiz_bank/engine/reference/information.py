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
    read_distribution,
    read_non_negatives,
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


def entropy(probabilities: Sequence[Exact], *, log_base: LogBase = "e", normalise: bool = False) -> float:
    """Give the entropy −Σ p·log p.

    Parameters
    ----------
    probabilities
        At most 64 numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide each vector by its sum first; any numbers ≥ 0, such as counts, are then accepted.

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
    values = read_distribution(probabilities, "probabilities", normalise)
    return mean_surprisal(zip(values, values, strict=True), log_base)


def cross_entropy(
    target: Sequence[Exact], prediction: Sequence[Exact], *, log_base: LogBase = "e", normalise: bool = False
) -> float:
    """Give the cross-entropy H(p, q) = −Σ p·log q of a prediction q under the target p.

    Parameters
    ----------
    target, prediction
        p and q: vectors of the same length, at most 64 numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide each vector by its sum first; any numbers ≥ 0, such as counts, are then accepted.

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
    weights, values = _read_pair(target, prediction, normalise)
    return mean_surprisal(zip(weights, values, strict=True), log_base)


def kl_divergence(
    target: Sequence[Exact],
    prediction: Sequence[Exact],
    *,
    log_base: LogBase = "e",
    generalised: bool = False,
    normalise: bool = False,
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
    normalise
        Whether to divide each vector by its sum first; any numbers ≥ 0, such as counts, are then accepted.

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
    if generalised and not normalise:
        p, q = _read_measures(target, prediction)
        return _divergence(p, q, sum(q, -sum(p, Fraction(0))), log_base)
    p, q = _read_pair(target, prediction, normalise)
    return _divergence(p, q, Fraction(0), log_base)


def jensen_shannon(
    first: Sequence[Exact], second: Sequence[Exact], *, log_base: LogBase = "e", normalise: bool = False
) -> float:
    """Give the Jensen-Shannon divergence ½·KL(p‖m) + ½·KL(q‖m) with m = (p + q)/2.

    Parameters
    ----------
    first, second
        p and q: vectors of the same length, at most 64 numbers in [0, 1], taken as given.
    log_base
        "e" for nats, "2" for bits, "10" for dits.
    normalise
        Whether to divide each vector by its sum first; any numbers ≥ 0, such as counts, are then accepted.

    Returns
    -------
    float
        Within [0, ln 2] for vectors that sum to 1; 0 for equal ones.

    Raises
    ------
    ValueError
        As `cross_entropy`.

    References
    ----------
    J. Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37 (1991).

    Examples
    --------
    Of nearly equal distributions float64 arithmetic keeps no digit:

    >>> from decimal import Decimal
    >>> p = [Decimal("0.3"), Decimal("0.7")]
    >>> q = [Decimal("0.3000000001"), Decimal("0.6999999999")]
    >>> jensen_shannon(p, q)
    5.9523809518140586e-21
    >>> jensen_shannon([1, 0], [0, 1], log_base="2")
    1.0
    """
    p, q = _read_pair(first, second, normalise, ("first", "second"))
    half = Fraction(1, 2)
    terms = [(half * a, 2 * a / (a + b)) for own, other in ((p, q), (q, p)) for a, b in zip(own, other, strict=True) if a]
    return LogForm(tuple((weight, value) for weight, value in terms if value != 1)).nearest(log_base)


def _divergence(p: list[Fraction], q: list[Fraction], head: Fraction, log_base: LogBase) -> float:
    pairs = [(weight, value) for weight, value in zip(p, q, strict=True) if weight]
    if any(value == 0 for _, value in pairs):
        return math.inf
    return LogForm(tuple((weight, weight / value) for weight, value in pairs if weight != value), head).nearest(log_base)


def _read_pair(
    first: Sequence[Exact],
    second: Sequence[Exact],
    normalise: bool,
    names: tuple[str, str] = ("target", "prediction"),
) -> tuple[list[Fraction], list[Fraction]]:
    check_same_length(first, second, " and ".join(names))
    return read_distribution(first, names[0], normalise), read_distribution(second, names[1], normalise)


def _read_measures(target: Sequence[Exact], prediction: Sequence[Exact]) -> tuple[list[Fraction], list[Fraction]]:
    check_same_length(target, prediction, "target and prediction")
    return read_non_negatives(target, "target"), read_non_negatives(prediction, "prediction")
