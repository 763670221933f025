"""From an enclosure to the nearest float64: Ziv's strategy, with ties decided by a sign.

References
----------
A. Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded last bit", ACM Transactions on
Mathematical Software 17 (1991), 410-423.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from quiz_bank.engine.enclosure import FIRST_BITS, Ball, ImpreciseError

# The last entry is beyond what any accepted input needs; it turns a mistake in a proof into an error rather than an endless
# loop.
PRECISIONS = tuple(FIRST_BITS << doubling for doubling in range(12))

# The largest float64 plus half its unit: from here on the nearest float64 is infinite.
_OVERFLOW = Fraction((1 << 54) - 1) * (1 << 970)

Tail = Callable[[int], Ball]


def nearest_float(value: Fraction) -> float:
    """Give the nearest float64 of a rational number, for quantities that need no more than arithmetic.

    Parameters
    ----------
    value
        The exact value.

    Returns
    -------
    float
        Ties go to even, zero is always +0.0, and what is beyond the largest float64 is infinite.

    Raises
    ------
    TypeError
        For anything but a Fraction or an int.

    Examples
    --------
    >>> nearest_float(Fraction(1, 10) + Fraction(2, 10))
    0.3
    """
    try:
        return value.numerator / value.denominator + 0.0
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def round_sum(head: Fraction, tail: Tail, rational_value: Callable[[], Fraction | None] | None = None) -> float:
    """Round head + tail to the nearest float64.

    Where the enclosure straddles the border between two neighbouring floats, the sign of (head − border) + tail
    decides: head − border is exact, so a border plus e^(−2000) costs no more digits than any other value.

    Parameters
    ----------
    head
        The exact part.
    tail
        Encloses the rest at a given number of bits, relative to its own size.
    rational_value
        The exact value of head + tail where it is rational, else None; asked for only once an enclosure does not
        decide. May be left out where a tail that is not exactly 0 is irrational.

    Raises
    ------
    ArithmeticError
        When the highest precision does not decide either.
    """
    for bits in PRECISIONS:
        try:
            rest = tail(bits)
        except ImpreciseError:
            continue
        if (decided := _decide(head, rest)) is not None:
            return decided
        if rational_value is not None:
            if (value := rational_value()) is not None:
                return nearest_float(value)
            rational_value = None
    raise ArithmeticError(f"the rounding is not decided at {PRECISIONS[-1]} bits")


def _decide(head: Fraction, rest: Ball) -> float | None:
    if rest.sign == 0:
        return nearest_float(head)
    low, high = _ends(Ball.of_ratio(head.numerator, head.denominator, rest.bits) + rest if head else rest)
    return low if low == high else _by_sign(head, rest, low, high)


def _ends(ball: Ball) -> tuple[float, float]:
    return (
        _nearest_dyadic(ball.middle - ball.radius, ball.exponent),
        _nearest_dyadic(ball.middle + ball.radius, ball.exponent),
    )


def _nearest_dyadic(mantissa: int, exponent: int) -> float:
    """Round mantissa·2^exponent to the nearest float64, ties to even."""
    size = mantissa.bit_length()
    if size + exponent > 1100:
        return math.inf if mantissa > 0 else -math.inf
    if size + exponent < -1100:
        return 0.0
    drop = max(size - 53, -1074 - exponent)
    if drop > 0:
        kept = mantissa >> drop
        twice_lost = (mantissa - (kept << drop)) << 1
        mantissa = kept + (twice_lost > (1 << drop) or (twice_lost == 1 << drop and kept & 1))
        exponent += drop
    try:
        return math.ldexp(mantissa, exponent)
    except OverflowError:
        return math.inf if mantissa > 0 else -math.inf


def _by_sign(head: Fraction, rest: Ball, low: float, high: float) -> float | None:
    """Decide between neighbouring floats by the side of their border on which head + rest lies."""
    if math.nextafter(low, math.inf) != high:
        return None
    border = _border(low, high)
    offset = head - border
    side = (Ball.of_ratio(offset.numerator, offset.denominator, rest.bits) + rest).sign
    if side is None:
        return None
    if side == 0:
        return nearest_float(border)
    return high if side > 0 else low


def _border(low: float, high: float) -> Fraction:
    if math.isinf(high):
        return _OVERFLOW
    if math.isinf(low):
        return -_OVERFLOW
    return (Fraction(low) + Fraction(high)) / 2
