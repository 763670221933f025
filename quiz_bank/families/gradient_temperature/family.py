"""The gradient of the loss by the logits where the softmax has a temperature: (p − y)/T."""

import math
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, softmax
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import ClassIndex, Logits, Positive, index_within, one_hot, read_parameters
from quiz_bank.problem import Convention, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream

TEMPERATURES = {
    1: ("0.5", "2", "4"),
    2: ("0.5", "0.8", "1.5", "2", "2.5", "3", "4", "5"),
    3: ("0.25", "0.4", "0.6", "0.75", "1.25", "1.8", "3.5", "8", "10"),
}
SMALLEST = 0.001
"""Of the largest component: below it the prediction is all but right, and there is nothing to learn."""


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex
    temperature: Positive

    def softened(self, factor: float) -> Vector:
        """Return the softmax of the logits times a factor."""
        return softmax([float(z) * factor for z in self.logits])

    def less_target(self, values: Vector, factor: float = 1) -> Vector:
        """Return the values less the one-hot target, all times a factor."""
        return tuple((v - (k == self.target)) * factor for k, v in enumerate(values))


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    return Parameters(logits, stream.integer(0, len(logits) - 1), Decimal(stream.choice(TEMPERATURES[level])))


def truth(p: Parameters) -> Values:
    return {"gradient": engine.gradient_logits(p.logits, p.target, temperature=p.temperature)}


def temperature_forgotten_outside(p: Parameters) -> Vector:
    return p.less_target(p.softened(1 / float(p.temperature)))


def temperature_multiplied(p: Parameters) -> Vector:
    return p.less_target(p.softened(1 / float(p.temperature)), float(p.temperature))


def temperature_forgotten(p: Parameters) -> Vector:
    return p.less_target(p.softened(1))


def temperature_outside_only(p: Parameters) -> Vector:
    return p.less_target(p.softened(1), 1 / float(p.temperature))


def temperature_inverted(p: Parameters) -> Vector:
    return p.less_target(p.softened(float(p.temperature)), float(p.temperature))


def probabilities_only(p: Parameters) -> Vector:
    return p.softened(1 / float(p.temperature))


def total(_: Parameters, own: Values) -> float:
    return math.fsum(components(own["gradient"]))


def nearly_right(p: Parameters) -> bool:
    return max(map(abs, temperature_forgotten_outside(p))) < SMALLEST


def working(p: Parameters) -> dict[str, object]:
    softened = p.softened(1 / float(p.temperature))
    return {
        "scaled": tuple(float(z) / float(p.temperature) for z in p.logits),
        "softened": softened,
        "one_hot": one_hot(p.target, len(p.logits)),
        "difference": p.less_target(softened),
    }


def three_routes(temperature: str) -> Parameters:
    return read_parameters(Parameters, {"logits": ["2", "1", "0.1"], "target": 0, "temperature": temperature})


FAMILY = Family(
    slug="gradient-temperature",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(210)},
    parameters=Parameters,
    check=lambda p: index_within(p, "target", "logits"),
    draw=draw,
    parts=(PartSpec("gradient", "vector"),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("temperature-forgotten-outside", temperature_forgotten_outside, "gradient"),
        Misconception("temperature-multiplied", temperature_multiplied, "gradient"),
        Misconception("temperature-forgotten", temperature_forgotten, "gradient"),
        Misconception("temperature-outside-only", temperature_outside_only, "gradient"),
        Misconception("temperature-inverted", temperature_inverted, "gradient"),
        Misconception("probabilities-only", probabilities_only, "gradient"),
    ),
    identities=(Identity("sum-to-zero", ("gradient",), total),),
    degenerate=nearly_right,
    working=working,
    fallbacks={1: three_routes("2"), 2: three_routes("2"), 3: three_routes("0.4")},
    variants=DRAWN_AT_LEAST,
)
