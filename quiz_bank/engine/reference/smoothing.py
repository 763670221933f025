"""Label smoothing by both definitions in use, and the least loss that each leaves reachable.

"all" spreads ε over all K classes: (1 − ε)·onehot + ε/K. "others" spreads it over the K − 1 wrong ones:
(1 − ε)·onehot + ε/(K − 1)·(1 − onehot).

References
----------
C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna, "Rethinking the Inception architecture for computer vision",
CVPR 2016, section 7: the definition "all".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from quiz_bank.engine.enclosure import Ball, exp_of_ratio
from quiz_bank.engine.exact import Exact, read_positive, read_probability
from quiz_bank.engine.exponentials import gaps_of
from quiz_bank.engine.logforms import LogBase, LogForm, mean_surprisal
from quiz_bank.engine.losses import read_target, weighted_loss
from quiz_bank.engine.rounding import round_sum

Smoothing: TypeAlias = Literal["all", "others"]


def smoothed_target(target: int, classes: int, *, epsilon: Exact, smoothing: Smoothing = "all") -> tuple[Fraction, ...]:
    """Give the smoothed target exactly.

    Parameters
    ----------
    target
        The true class's index.
    classes
        K.
    epsilon
        ε in [0, 1].
    smoothing
        "all" for (1 − ε)·onehot + ε/K, "others" for ε/(K − 1) on the wrong classes only.

    Returns
    -------
    tuple of Fraction
        K weights with the sum 1.

    Raises
    ------
    ValueError
        For an index out of range, ε outside [0, 1], nan, an unknown definition, or "others" with a single class.

    Examples
    --------
    The exact weights sum to 1, which those of float64 need not:

    >>> [str(weight) for weight in smoothed_target(0, 3, epsilon=Fraction(1, 10))]
    ['14/15', '1/30', '1/30']
    """
    correct, wrong = _levels(classes, epsilon, smoothing)
    read_target(target, classes)
    return tuple(correct if index == target else wrong for index in range(classes))


def smoothed_cross_entropy(
    logits: Sequence[Exact],
    target: int,
    *,
    epsilon: Exact,
    smoothing: Smoothing = "all",
    temperature: Exact = 1,
) -> float:
    """Give the cross-entropy of logits against the smoothed target.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index.
    epsilon
        ε in [0, 1].
    smoothing
        "all" for (1 − ε)·onehot + ε/K, "others" for ε/(K − 1) on the wrong classes only.
    temperature
        T > 0.

    Returns
    -------
    float
        In nats; inf where a masked class has weight.

    Raises
    ------
    ValueError
        As `smoothed_target` and `softmax`.

    Examples
    --------
    A confident prediction keeps the share of the loss that smoothing leaves, and here also what −ln(softmax) drops:

    >>> from decimal import Decimal
    >>> smoothed_cross_entropy([40, 0], 0, epsilon=Decimal("1e-20"), smoothing="others")
    4.648354255291589e-18
    """
    gaps = gaps_of(logits, temperature)
    return weighted_loss(gaps, smoothed_target(target, len(logits), epsilon=epsilon, smoothing=smoothing)).nearest()


def label_smoothing_floor(classes: int, *, epsilon: Exact, smoothing: Smoothing = "all", log_base: LogBase = "e") -> float:
    """Give the least cross-entropy that any prediction reaches against a smoothed target: the target's entropy.

    Parameters
    ----------
    classes
        K.
    epsilon
        ε in [0, 1].
    smoothing
        "all" or "others", as `smoothed_target`.
    log_base
        "e" for nats, "2" for bits, "10" for dits.

    Returns
    -------
    float
        0 for ε = 0.

    Raises
    ------
    ValueError
        As `smoothed_target`; also for an unknown base.

    Examples
    --------
    As float64, 1 − ε is 1 and its part of the entropy 0:

    >>> label_smoothing_floor(2, epsilon=1e-20, smoothing="others")
    4.705170185988091e-19
    """
    correct, wrong = _levels(classes, epsilon, smoothing)
    return mean_surprisal([(correct, correct), ((classes - 1) * wrong, wrong)], log_base)


def label_smoothing_gap(classes: int, *, epsilon: Exact, smoothing: Smoothing = "all") -> float:
    """Give the gap between the true logit and the equal wrong ones at which the floor is reached.

    Parameters
    ----------
    classes
        K ≥ 2.
    epsilon
        ε in [0, 1].
    smoothing
        "all" or "others", as `smoothed_target`.

    Returns
    -------
    float
        ln(true weight/wrong weight); inf for ε = 0, −inf for ε = 1 with "others".

    Raises
    ------
    ValueError
        As `smoothed_target`; also for a single class.

    Examples
    --------
    For an ε next to the one that makes all weights equal, the quotient of float64 weights is 1 and the gap lost:

    >>> from decimal import Decimal
    >>> label_smoothing_gap(2, epsilon=Decimal("0.49999999999999999999"), smoothing="others")
    4e-20
    """
    if classes < 2:
        raise ValueError(f"classes must be at least 2, not {classes}")
    correct, wrong = _levels(classes, epsilon, smoothing)
    if wrong == 0 or correct == 0:
        return math.inf if wrong == 0 else -math.inf
    return LogForm(((Fraction(1), correct / wrong),)).nearest("e")


def double_softmax_floor(classes: int) -> float:
    """Give the least loss that a model with a stray second softmax can reach, −ln(e/(e + K − 1)).

    The loss then takes probabilities for logits: at best 1 for the true class and 0 for the others.

    Parameters
    ----------
    classes
        K, any positive integer.

    Returns
    -------
    float
        ln(1 + (K − 1)/e), in nats; irrational for K > 1, as 1 + (K − 1)/e = e^q would make exponentials of distinct
        rational numbers linearly dependent.

    Raises
    ------
    ValueError
        For K < 1.

    Examples
    --------
    >>> double_softmax_floor(10)
    1.4611501717344748
    """
    read_positive(classes, "classes")

    def tail(bits: int) -> Ball:
        return (Ball.of_ratio(classes - 1, 1, bits) * exp_of_ratio(-1, 1, bits)).log1p()

    return round_sum(Fraction(0), tail)


def _levels(classes: int, epsilon: Exact, smoothing: Smoothing) -> tuple[Fraction, Fraction]:
    """Give the true class's weight and each wrong one's."""
    share = read_probability(epsilon, "epsilon")
    read_positive(classes, "classes")
    if smoothing == "all":
        return 1 - share + share / classes, share / classes
    if smoothing != "others":
        raise ValueError(f"smoothing must be 'all' or 'others', not {smoothing!r}")
    if classes == 1:
        raise ValueError("smoothing over the other classes needs at least 2 classes")
    return 1 - share, share / (classes - 1)
