"""What the families on one logit share: how it is drawn, and the loss of a yes-or-no question in plain floats.

The formulas serve wrong routes and the intermediate numbers of a solution; the answer key comes from the engine.
"""

import math
from decimal import Decimal

from quiz_bank.problem import Exact
from quiz_bank.sampling import Stream


def draw_logit(stream: Stream, low: int, high: int, places: int) -> Decimal:
    """Return a logit of either sign whose size lies between low and high units of the last place."""
    return stream.choice((-1, 1)) * stream.decimal(low, high, places)


def softplus(exponent: Exact | float) -> float:
    """Return ln(1 + e^s) in plain floats; it never overflows, and is small but not 0 where s is far below 0."""
    s = float(exponent)
    return max(s, 0.0) + math.log1p(math.exp(-abs(s)))


def bce(target: Exact | float, logit: Exact | float) -> float:
    """Return the binary cross-entropy of σ(z) in plain floats."""
    y, z = float(target), float(logit)
    return y * softplus(-z) + (1 - y) * softplus(z)
