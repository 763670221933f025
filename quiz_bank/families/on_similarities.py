"""What the contrastive families share: similarities that a temperature divides before they are logits."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from quiz_bank.families.on_logits import logsumexp
from quiz_bank.problem import Exact
from quiz_bank.sampling import Stream


def draw_temperature(stream: Stream, level: int) -> Decimal:
    """Return a temperature below 1, lower at higher levels; CLIP's first one is 0.07."""
    temperatures = {1: ("0.5", "0.25"), 2: ("0.2", "0.4", "0.5"), 3: ("0.07", "0.1", "0.15")}
    return Decimal(stream.choice(temperatures[level]))


def scaled(similarities: Sequence[Exact], temperature: Exact) -> tuple[Fraction, ...]:
    """Return the logits s/T, exactly."""
    return tuple(Fraction(s) / Fraction(temperature) for s in similarities)


def loss_of(logits: Sequence[Exact | float], positive: int) -> float:
    """Return −ln of the positive's share of the softmax, in plain floats."""
    return logsumexp(logits) - float(logits[positive])
