"""Sums, differences, products and quotients that keep their rounding error, without a fused multiply-add.

References
----------
T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971).
T. Ogita, S. M. Rump, S. Oishi, "Accurate sum and dot product", SIAM Journal on Scientific Computing 26 (2005).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

_SPLITTER = 2.0**27 + 1


def two_sum(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Give fl(a + b) and what it lacks of a + b."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def two_difference(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Give fl(a − b) and what it lacks of a − b."""
    return two_sum(a, -b)


def two_product(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Give fl(a·b) and what it lacks of a·b; the latter is nan where a factor is beyond 2^996."""
    product = a * b
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def sum_with_error(values: Floats) -> tuple[Floats, Floats]:
    """Add along the last axis; give the rounded sum and what it lacks of the exact one, to first order."""
    error = np.zeros(values.shape[:-1])
    while (count := values.shape[-1]) > 1:
        half = count // 2
        sums, lost = two_sum(values[..., :half], values[..., half : 2 * half])
        error += lost.sum(axis=-1)
        values = np.concatenate([sums, values[..., 2 * half :]], axis=-1)
    return two_sum(values[..., 0], error)


def _split(value: Floats) -> tuple[Floats, Floats]:
    scaled = _SPLITTER * value
    high = scaled - (scaled - value)
    return high, value - high
