"""What the families on distributions share: how one is drawn, and the textbook sums in plain floats.

The sums serve wrong routes and the intermediate numbers of a solution; the answer key comes from the engine.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from quiz_bank.misconceptions import log
from quiz_bank.problem import Exact, LogBase
from quiz_bank.sampling import Stream

FUNCTION: Final[dict[LogBase, str]] = {"e": "ln", "2": "log2", "10": "log10"}
"""The logarithm to each base, as an answer writes it."""

NUMBER: Final[dict[LogBase, float]] = {"e": math.e, "2": 2.0, "10": 10.0}
"""Each base itself."""


def other_bases(base: LogBase) -> list[LogBase]:
    """Return the bases that a problem does not use."""
    return [other for other in NUMBER if other != base]


def power(base: LogBase, exponent: Exact | float) -> float:
    """Return a base to the power of an exponent, what undoes its logarithm; inf where no float is large enough."""
    try:
        return math.pow(NUMBER[base], exponent)
    except OverflowError:
        return math.inf


def halved(stream: Stream, count: int) -> tuple[Fraction, ...]:
    """Return a distribution of powers of 1/2, whose entropy needs no calculator: the whole, cut in half again and again."""
    pieces = [Fraction(1)]
    while len(pieces) < count:
        piece = pieces.pop(stream.integer(0, len(pieces) - 1)) / 2
        pieces += [piece, piece]
    return tuple(stream.sample(pieces, count))


def surprisals(probabilities: Sequence[Exact], base: LogBase) -> list[float]:
    """Return −log p of each."""
    return [-log(q, base) for q in probabilities]


def cross_entropy(target: Sequence[Exact | float], prediction: Sequence[Exact | float], base: LogBase) -> float:
    """Return H(p, q) in plain floats; what the target rules out adds nothing."""
    return -sum(float(y) * log(q, base) for y, q in zip(target, prediction, strict=True) if y > 0)


def entropy(probabilities: Sequence[Exact | float], base: LogBase) -> float:
    """Return H(p) in plain floats."""
    return cross_entropy(probabilities, probabilities, base)


def gap(first: Sequence[Exact], second: Sequence[Exact]) -> float:
    """Return the absolute differences of two distributions, added up: near 0 where divergences cancel nearly to nothing."""
    return float(sum(abs(float(a) - float(b)) for a, b in zip(first, second, strict=True)))
