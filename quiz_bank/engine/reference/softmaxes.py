"""The softmax, its logarithm, its Jacobian and logsumexp: the nearest float64 to the exact value.

A logit of −inf is a mask: its probability is exactly 0. A logit of +inf or nan is refused, and so are logits that are
all masked (save for logsumexp, which is −inf there).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.enclosure import Ball
from quiz_bank.engine.exact import Exact
from quiz_bank.engine.exponentials import Gaps, gaps_of, read_logits
from quiz_bank.engine.losses import hard_loss
from quiz_bank.engine.rounding import round_sum

_ZERO = Fraction(0)
_ONE = Fraction(1)


def logsumexp(logits: Sequence[Exact]) -> float:
    """Give ln Σ e^(z_j).

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask.

    Returns
    -------
    float
        In nats; −inf when every logit is −inf.

    Raises
    ------
    ValueError
        For nan, +inf, no or more than 64 logits.

    Examples
    --------
    Two large logits overflow the formula as it is written; two small ones leave it nothing:

    >>> logsumexp([1000, 1000])
    1000.6931471805599
    >>> logsumexp([-1000, -1000])
    -999.3068528194401
    """
    ratios = [pair for pair in read_logits(logits) if pair is not None]
    if not ratios:
        return -math.inf
    gaps = gaps_of(logits)
    return round_sum(max(Fraction(*pair) for pair in ratios), lambda bits: gaps.sums(bits).log_total)


def softmax(logits: Sequence[Exact], *, temperature: Exact = 1) -> tuple[float, ...]:
    """Give e^(z_j/T) / Σ e^(z_k/T) for each j.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask, whose probability is exactly 0.
    temperature
        T > 0.

    Returns
    -------
    tuple of float
        One probability for each logit. Each is rounded by itself, so their sum may differ from 1 in the last place.

    Raises
    ------
    ValueError
        For nan, +inf, only −inf, no or more than 64 logits, and for a temperature that is not positive.

    Examples
    --------
    e^1000 is beyond a float64; the probabilities are not:

    >>> softmax([1000, 1001])
    (0.2689414213699951, 0.7310585786300049)
    """
    gaps = gaps_of(logits, temperature)
    return tuple(gaps.nearest_share(index, _ONE, _ZERO) for index in range(len(gaps.gaps)))


def log_softmax(logits: Sequence[Exact], *, temperature: Exact = 1) -> tuple[float, ...]:
    """Give z_j/T − ln Σ e^(z_k/T) for each j.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask, whose log-probability is −inf.
    temperature
        T > 0.

    Returns
    -------
    tuple of float
        One log-probability in nats for each logit.

    Raises
    ------
    ValueError
        As `softmax`.

    Examples
    --------
    The logarithm of the rounded probability 1 would be 0:

    >>> log_softmax([40, 0])
    (-4.248354255291589e-18, -40.0)
    """
    gaps = gaps_of(logits, temperature)
    return tuple(-hard_loss(gaps, index).nearest() + 0.0 for index in range(len(gaps.gaps)))


def softmax_jacobian(logits: Sequence[Exact], *, temperature: Exact = 1) -> tuple[tuple[float, ...], ...]:
    """Give ∂p_i/∂z_j = p_i·(δ_ij − p_j)/T, the matrix (diag(p) − p·pᵀ)/T.

    Parameters
    ----------
    logits
        At most 64 numbers; −inf is a mask, whose row and column are 0.
    temperature
        T > 0.

    Returns
    -------
    tuple of tuple of float
        A symmetric square matrix, row by row.

    Raises
    ------
    ValueError
        As `softmax`.

    Examples
    --------
    p·(1 − p) is 0 in float64 where p rounds to 1:

    >>> softmax_jacobian([40, 0])[0]
    (4.248354255291589e-18, -4.248354255291589e-18)
    """
    gaps = gaps_of(logits, temperature)
    classes = range(len(gaps.gaps))
    return tuple(tuple(_jacobian_entry(gaps, min(i, j), max(i, j)) for j in classes) for i in classes)


def _jacobian_entry(gaps: Gaps, row: int, column: int) -> float:
    """Round p_i·(δ_ij − p_j)/T with p_i = a + x and p_j = a' + y: their bases and deviations.

    p_i·p_j is rational only where all unmasked logits are equal, or one is masked: there every x is exactly 0.
    Otherwise E_i·E_j − q·D², and E_i·(D − E_i) − q·D² on the diagonal, keep an exponential that nothing cancels: the
    exponents 0 and twice the least one occur in D² and are not both in the other product.
    """
    a, b = gaps.base(row), int(row == column) - gaps.base(column)

    def tail(bits: int) -> Ball:
        x, y = gaps.deviation(row, bits), gaps.deviation(column, bits)
        # (a + x)·(b − y) − a·b; y is x on the diagonal
        left, right = Ball.of_ratio(*a.as_integer_ratio(), bits), Ball.of_ratio(*b.as_integer_ratio(), bits)
        change = x * (right - left - x) if row == column else x * right - y * left - x * y
        return change * Ball.of_ratio(*(1 / gaps.temperature).as_integer_ratio(), bits)

    return round_sum(a * b / gaps.temperature, tail)
