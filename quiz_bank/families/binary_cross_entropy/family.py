"""The loss of a yes-or-no prediction: minus the logarithm of the probability of what happened, weighted where y is soft."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Probability
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

_HUNDREDTHS = (1, 2, 4, 5, 10, 20, 25, 30, 40, 60, 70, 75, 80, 90, 95, 96, 98, 99)
RECOGNISABLE: Final[tuple[Exact, ...]] = (
    *(Decimal(n).scaleb(-2).normalize() for n in _HUNDREDTHS),
    *(Fraction(n, d) for n, d in ((1, 3), (2, 3), (1, 8), (7, 8))),
)
"""Probabilities whose logarithms are made of ln 2, ln 3, ln 5 and ln 10, or that are near 1."""


@dataclass(frozen=True, slots=True)
class Parameters:
    probability: Probability
    target: Probability

    @property
    def weighted(self) -> tuple[tuple[float, float], ...]:
        """Each outcome's weight and predicted probability, 1 first."""
        y, q = float(self.target), float(self.probability)
        return (y, q), (1 - y, 1 - q)


def draw(stream: Stream, level: int) -> Parameters:
    if level == 3:
        return Parameters(stream.decimal(3, 97, 2), stream.decimal(5, 95, 2))
    probability = stream.choice(RECOGNISABLE) if level == 1 else stream.decimal(20, 980, 3)
    return Parameters(probability, Decimal(stream.integer(0, 1)))


def truth(p: Parameters) -> Values:
    return {"loss": engine.binary_cross_entropy(p.target, p.probability)}


def one_term_only(p: Parameters) -> list[float]:
    # The single term of a hard label is the whole loss, so there only the vanishing one is a mistake.
    return [-weight * ln(q) for weight, q in p.weighted if weight != 1]


def label_flipped(p: Parameters) -> float:
    (y, q), (not_y, not_q) = p.weighted
    return -(y * ln(not_q) + not_y * ln(q))


def complement(p: Parameters) -> float:
    return sum(weight * (1 - q) for weight, q in p.weighted)


def arguments_swapped(p: Parameters) -> float:
    # A hard label leads to log 0; whoever gets so far leaves that term out.
    return -sum(q * ln(weight) for weight, q in p.weighted if weight != 0)


def expression(p: Parameters) -> dict[str, str]:
    y, q = p.target, p.probability
    not_y, not_q = 1 - y, 1 - q
    return {"loss": f"-({y}*ln({q})+{not_y}*ln({not_q}))" if 0 < y < 1 else f"-ln({q if y else not_q})"}


def working(p: Parameters) -> dict[str, object]:
    return {"not_target": 1 - p.target, "not_probability": 1 - p.probability, "logs": [ln(q) for _, q in p.weighted]}


FALLBACK = Parameters(Decimal("0.9"), Decimal(0))

FAMILY = Family(
    slug="binary-cross-entropy",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(45, "mental"), 2: Level(45), 3: Level(90)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=lambda p: Convention(log_base="e", zero_log_zero="0" if p.probability in (0, 1) else None),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("one-term-only", one_term_only, "loss"),
        Misconception("label-flipped", label_flipped, "loss"),
        Misconception("complement", complement, "loss"),
        Misconception("arguments-swapped", arguments_swapped, "loss"),
    ),
    degenerate=lambda p: p.probability == p.target,
    expression=expression,
    working=working,
    fallbacks={1: FALLBACK, 2: FALLBACK, 3: Parameters(Decimal("0.7"), Decimal("0.9"))},
    variants=1400,  # at the least: level 1 has only some forty, and 1,000 drawings meet a third of them there
)
