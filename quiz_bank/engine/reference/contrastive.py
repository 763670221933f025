"""Contrastive losses: a softmax over similarities, divided by a temperature.

References
----------
A. van den Oord, Y. Li, O. Vinyals, "Representation learning with contrastive predictive coding", arXiv 1807.03748.
A. Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021, figure 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.exact import Exact, check_same_length, check_size
from quiz_bank.engine.exponentials import gaps_of
from quiz_bank.engine.losses import hard_loss, total_loss
from quiz_bank.engine.reference.logits import cross_entropy_from_logits


def info_nce(similarities: Sequence[Exact], positive: int, *, temperature: Exact = 1) -> float:
    """Give −ln(e^(s_+/T) / Σ e^(s_j/T)): one positive among its negatives.

    Parameters
    ----------
    similarities
        At most 64 similarities, the positive's among them.
    positive
        The positive's index.
    temperature
        T > 0.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`.

    Examples
    --------
    At a low temperature the positive's probability rounds to 1 and its naive loss is 0:

    >>> info_nce([0.9, 0.1], 0, temperature=0.01)
    1.8048513878454153e-35
    """
    return cross_entropy_from_logits(similarities, positive, temperature=temperature)


def clip_symmetric(similarities: Sequence[Sequence[Exact]], *, temperature: Exact = 1) -> float:
    """Give the mean of the two cross-entropies of a square matrix: each row's and each column's diagonal is the positive.

    Parameters
    ----------
    similarities
        A square matrix with at most 64 rows.
    temperature
        T > 0.

    Returns
    -------
    float
        In nats: half the mean over the rows and half the mean over the columns.

    Raises
    ------
    ValueError
        As `softmax`; also for a matrix that is not square.

    Examples
    --------
    >>> clip_symmetric([[40, 0], [0, 40]])
    4.248354255291589e-18
    """
    check_size(similarities, "similarities")
    for row in similarities:
        check_same_length(row, similarities, "rows and columns")
    columns = list(zip(*similarities, strict=True))
    rows = [*enumerate(similarities), *enumerate(columns)]
    losses = (hard_loss(gaps_of(row, temperature), index) for index, row in rows)
    return total_loss(losses).times(Fraction(1, len(rows))).nearest()
