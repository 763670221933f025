"""What a loss says: the probability that the true class had, and how many equal choices that would be."""

import math
from dataclasses import dataclass
from typing import Final

from quiz_bank.engine import reference as engine
from quiz_bank.parameters import Base, NonNegative, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, LogBase, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream

NUMBER: Final[dict[LogBase, float]] = {"e": math.e, "2": 2.0, "10": 10.0}
MOST: Final[dict[LogBase, int]] = {"e": 12, "2": 16, "10": 5}
"""The largest loss drawn in each unit: a probability of about 1e-5."""


@dataclass(frozen=True, slots=True)
class Parameters:
    loss: NonNegative
    log_base: Base = "e"

    def power(self, base: LogBase, sign: int) -> float:
        return float(NUMBER[base] ** (sign * float(self.loss)))

    @property
    def other_bases(self) -> list[LogBase]:
        return [base for base in NUMBER if base != self.log_base]


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        return Parameters(stream.decimal(5, 600, 2))
    base: LogBase = stream.choice(["2", "10"] if level == 2 else ["e", "2", "10"])
    return Parameters(stream.decimal(10 ** (level - 1), MOST[base] * 10**level, places=level), base)


def truth(p: Parameters) -> Values:
    return {
        "probability": engine.probability_from_surprisal(p.loss, log_base=p.log_base),
        "perplexity": engine.perplexity_from_loss(p.loss, log_base=p.log_base),
    }


def one_minus_loss(p: Parameters) -> float:
    return 1 - float(p.loss)


def reciprocal(p: Parameters) -> float:
    return 1 / float(p.loss)


def probability_to_another_base(p: Parameters) -> list[float]:
    return [p.power(base, -1) for base in p.other_bases]


def perplexity_to_another_base(p: Parameters) -> list[float]:
    return [p.power(base, 1) for base in p.other_bases]


def perplexity_for_probability(p: Parameters) -> float:
    return p.power(p.log_base, 1)


def probability_for_perplexity(p: Parameters) -> float:
    return p.power(p.log_base, -1)


def complement(p: Parameters) -> float:
    return 1 - p.power(p.log_base, -1)


def loss_for_perplexity(p: Parameters) -> float:
    return float(p.loss)


def reciprocal_of_own(_: Parameters, own: Values) -> float:
    (probability,) = components(own["probability"])
    return 1 / probability


def expression(p: Parameters) -> dict[str, str]:
    return {"probability": f"{p.log_base}^(-{p.loss})", "perplexity": f"{p.log_base}^{p.loss}"}


PRESETS = {
    "half": read_parameters(Parameters, {"loss": "0.6931"}),
    "three-bits": read_parameters(Parameters, {"loss": "3", "log_base": "2"}),
}

FAMILY = Family(
    slug="loss-to-probability",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(60), 2: Level(60), 3: Level(75)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("probability"), PartSpec("perplexity")),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base),
    misconceptions=(
        Misconception("power-of-another-base", probability_to_another_base, "probability"),
        Misconception("perplexity-for-probability", perplexity_for_probability, "probability"),
        Misconception("one-minus-loss", one_minus_loss, "probability"),
        Misconception("reciprocal-of-the-loss", reciprocal, "probability"),
        Misconception("complement", complement, "probability"),
        Misconception("power-of-another-base", perplexity_to_another_base, "perplexity"),
        Misconception("probability-for-perplexity", probability_for_perplexity, "perplexity"),
        Misconception("loss-for-perplexity", loss_for_perplexity, "perplexity"),
    ),
    carried=(Carry("perplexity", ("probability",), reciprocal_of_own),),
    expression=expression,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["three-bits"]),
    variants=32_000,  # a lower bound: level 3 alone has 32,703 losses
)
