"""Sums of many enclosures with one rounding for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quiz_bank.engine.enclosure import Ball


def weighted_sum(terms: Sequence[tuple[Fraction, Ball]], bits: int) -> Ball:
    """Enclose Σ weight·x: over a common denominator N of the weights (Σ n·x)/N with integers n, which rounds but twice."""
    exponents = [x.exponent for _, x in terms]
    lowest = min(exponents, default=0)
    if max(exponents, default=0) - lowest > 4 * bits:  # too far apart to be brought to one exponent
        far_apart = (Ball.of_ratio(weight.numerator, weight.denominator, bits) * x for weight, x in terms)
        return sum(far_apart, Ball(0, 0, 0, bits))
    denominator = math.lcm(*(weight.denominator for weight, _ in terms))
    middle = radius = 0
    for weight, x in terms:
        factor = weight.numerator * (denominator // weight.denominator) << (x.exponent - lowest)
        middle += factor * x.middle
        radius += abs(factor) * x.radius
    total = Ball(middle, radius, lowest, bits)
    return total if denominator == 1 else total / Ball(denominator, 0, 0, bits)
