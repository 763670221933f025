"""The cross-entropy of logits and its gradient: the nearest float64 to the exact value.

A logit of −inf is a mask: its probability is exactly 0. A logit of +inf or nan is refused, and so are logits that are
all masked. A target is a class index or a vector of weights in [0, 1], taken as given: it is never renormalised.
"""

from __future__ import annotations

from collections.abc import Sequence

from quiz_bank.engine.exact import Exact
from quiz_bank.engine.exponentials import gaps_of
from quiz_bank.engine.losses import Target, loss_of, read_target, slopes


def cross_entropy_from_logits(logits: Sequence[Exact], target: Target, *, temperature: Exact = 1) -> float:
    """Give the cross-entropy −Σ y_j·ln softmax(z/T)_j.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class, taken as given.
    temperature
        T > 0.

    Returns
    -------
    float
        In nats; inf where the target puts weight on a masked class.

    Raises
    ------
    ValueError
        As `softmax`; also for an index out of range, weights outside [0, 1] or of another length.

    Examples
    --------
    −ln(softmax) loses a confident prediction's loss altogether, as 1 + e^(−40) is 1 in float64:

    >>> cross_entropy_from_logits([40, 0], 0)
    4.248354255291589e-18
    >>> cross_entropy_from_logits([2, 1, 0.1], 0)
    0.4170300162778335
    """
    gaps = gaps_of(logits, temperature)
    return loss_of(gaps, read_target(target, len(logits))).nearest()


def gradient_logits(logits: Sequence[Exact], target: Target, *, temperature: Exact = 1) -> tuple[float, ...]:
    """Give the cross-entropy's derivative by each logit, (Y·p_j − y_j)/T with Y = Σ y: p − y for a hard target.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class, taken as given.
    temperature
        T > 0.

    Returns
    -------
    tuple of float
        One derivative for each logit, in nats.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`.

    Examples
    --------
    p − y in float64 is 0 at the target, where the true slope still pushes:

    >>> gradient_logits([40, 0], 0)
    (-4.248354255291589e-18, 4.248354255291589e-18)
    """
    gaps = gaps_of(logits, temperature)
    return slopes(gaps, read_target(target, len(logits)), gaps.temperature)


def cross_entropy_with_gradient(
    logits: Sequence[Exact], target: Target, *, temperature: Exact = 1
) -> tuple[float, tuple[float, ...]]:
    """Give `cross_entropy_from_logits` and `gradient_logits` together, from the same exponentials.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.
    target
        The true class's index, or a weight y_j in [0, 1] for each class, taken as given.
    temperature
        T > 0.

    Returns
    -------
    tuple of float and tuple of float
        The loss in nats and its derivative by each logit.

    Raises
    ------
    ValueError
        As `cross_entropy_from_logits`.

    Examples
    --------
    >>> cross_entropy_with_gradient([1000, 0], 1)
    (1000.0, (1.0, -1.0))
    """
    gaps = gaps_of(logits, temperature)
    weights = read_target(target, len(logits))
    return loss_of(gaps, weights).nearest(), slopes(gaps, weights, gaps.temperature)
