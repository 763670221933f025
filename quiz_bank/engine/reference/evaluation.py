"""What evaluations add to losses: the perplexity of a pooled corpus, and the gain over the best constant forecast.

Every result is the nearest float64 to the exact value.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.exact import (
    Exact,
    check_same_length,
    check_size,
    read_non_negative,
    read_non_negatives,
    read_positive,
    read_probability,
)
from quiz_bank.engine.logforms import LogForm


def pooled_perplexity(perplexities: Sequence[Exact], counts: Sequence[Exact]) -> float:
    """Give the perplexity of documents taken together, Π PPL_i^(n_i/N): e to the mean loss over all tokens.

    Parameters
    ----------
    perplexities
        At most 64 numbers above 0, one for each document.
    counts
        n_i ≥ 0, the number of tokens of each document; N is their sum.

    Returns
    -------
    float
        Between the smallest and the largest of the perplexities.

    Raises
    ------
    ValueError
        For perplexities that are not positive, negative counts, counts that are all 0, or vectors of different lengths.

    Examples
    --------
    The product of these powers overflows in float64:

    >>> pooled_perplexity([1e200, 1e200], [2, 2])
    1e+200
    """
    check_size(perplexities, "perplexities")
    check_same_length(perplexities, counts, "perplexities and counts")
    values = [read_positive(value, f"perplexities[{index}]") for index, value in enumerate(perplexities)]
    weights = read_non_negatives(counts, "counts")
    total = sum(weights, Fraction(0))
    if total == 0:
        raise ValueError("counts must not all be 0")
    terms = ((weight / total, value) for weight, value in zip(weights, values, strict=True))
    return LogForm(tuple((share, value) for share, value in terms if share and value != 1)).nearest_exponential()


def gain_over_base_rate(base_rate: Exact, loss: Exact) -> float:
    """Give H(p) − L: by how much a mean loss of L nats is below that of the best constant prediction, p itself.

    Parameters
    ----------
    base_rate
        p in [0, 1], the share of positives.
    loss
        L ≥ 0, in nats.

    Returns
    -------
    float
        In nats; negative for a model that is worse than the constant.

    Raises
    ------
    ValueError
        For a base rate outside [0, 1], a negative loss, or nan.

    Examples
    --------
    A loss that agrees with ln 2 in all its float64 digits leaves nothing in float64 arithmetic:

    >>> from decimal import Decimal
    >>> gain_over_base_rate(Decimal("0.5"), Decimal("0.6931471805599453094172"))
    3.2121458176568073e-23
    """
    p, amount = read_probability(base_rate, "base_rate"), read_non_negative(loss, "loss")
    terms = tuple((-share, share) for share in (p, 1 - p) if share not in (0, 1))
    return LogForm(terms, -amount).nearest("e")
