"""What the families on logits share: how logits are drawn, and the textbook formulas in plain floats.

The formulas serve wrong routes and the intermediate numbers of a solution; the answer key comes from the engine.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from quiz_bank.problem import Exact
from quiz_bank.sampling import Stream

SPREAD: Final = (-25, 35)
DRAWN_AT_LEAST: Final = (SPREAD[1] - SPREAD[0] + 1) ** 3
"""How many sets of three logits with one decimal there are: the smallest case of level 2."""


def draw_logits(stream: Stream, level: int) -> tuple[Decimal, ...]:
    """Return small integers (level 1), then more logits with more decimals; at level 4 a calculator's e^z overflows."""
    if level == 1:
        return tuple(map(Decimal, stream.sample(range(-3, 6), 3)))
    if level == 2:
        return stream.decimals(stream.integer(3, 4), *SPREAD, places=1)
    if level == 3:
        return stream.decimals(stream.integer(4, 5), -250, 350, places=2)
    offset = stream.choice((-1, 1)) * stream.integer(240, 640)
    return tuple(offset + small for small in stream.decimals(3, *SPREAD, places=1))


def less(first: Exact, second: Exact) -> Exact:
    """Return a difference as it is displayed: a decimal of decimals, a fraction where one of the two is a fraction."""
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return first - second
    return Fraction(first) - Fraction(second)


def plus(first: Exact, second: Exact) -> Exact:
    """Return a sum as it is displayed, as `less` does a difference."""
    return less(first, -second)


def stable_steps(logits: tuple[Exact, ...]) -> dict[str, object]:
    """Return the steps of a stable softmax, for hints and solutions.

    The exponentials sum to `total`, which is 1 + `rest`: the rest keeps its digits where one logit outweighs all others.
    """
    largest = max(logits)
    shifted = tuple(less(z, largest) for z in logits)
    exponentials = tuple(math.exp(z) for z in shifted)
    return {
        "largest": largest,
        "shifted": shifted,
        "exponentials": exponentials,
        "total": sum(exponentials),
        "rest": math.fsum(sorted(exponentials)[:-1]),
    }


def softmax(logits: Sequence[Exact | float]) -> tuple[float, ...]:
    """Return the softmax in plain floats."""
    largest = max(map(float, logits))
    exponentials = [math.exp(float(z) - largest) for z in logits]
    total = sum(exponentials)
    return tuple(e / total for e in exponentials)


def logsumexp(logits: Sequence[Exact | float]) -> float:
    """Return the logarithm of the sum of exponentials in plain floats."""
    largest = max(map(float, logits))
    return largest + math.log(sum(math.exp(float(z) - largest) for z in logits))


def sigmoid(logit: Exact | float) -> float:
    """Return the sigmoid in plain floats; `sigmoid(-z)` is the accurate form of `1 - sigmoid(z)`."""
    z = float(logit)
    small = math.exp(-abs(z))
    return 1 / (1 + small) if z >= 0 else small / (1 + small)
