"""The correctly rounded float64 by an independent road: the plain formula in mpmath's interval arithmetic.

Nothing is rearranged here. The precision is doubled until both ends of the interval, which is proven to hold the exact
value, round to the same float64; Python divides integers correctly rounded.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mpmath import iv

from quiz_bank.engine.reference import Exact

Interval = Any  # mpmath ships no types

_SMALL = Fraction(1, 1 << 1200)


def exactly(value: Exact) -> Interval:
    numerator, denominator = Fraction(value).as_integer_ratio()
    return iv.mpf(numerator) / denominator


def nearest(formula: Callable[..., Interval], *arguments: object) -> float:
    """Round the formula's value for the arguments, evaluated at ever higher precision."""
    for doubling in range(9):
        iv.prec = 200 << doubling
        low, high = (_to_float(end) for end in formula(*arguments)._mpi_)
        if low == high:
            return low
    raise AssertionError("the oracle cannot decide; the exact value lies on a border between two floats")


def _to_float(raw: tuple[int, int, int, int]) -> float:
    sign, mantissa, exponent, size = raw
    if mantissa == 0:
        return 0.0
    if exponent + size > 1200:
        return -math.inf if sign else math.inf
    magnitude = _SMALL if exponent + size < -1200 else Fraction(mantissa) * Fraction(2) ** exponent
    try:
        rounded = magnitude.numerator / magnitude.denominator
    except OverflowError:
        rounded = math.inf
    return -rounded + 0.0 if sign else rounded
