"""The gradient of softmax and cross-entropy by the logits: the probabilities, less one at the true class."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, softmax, stable_steps
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import ClassIndex, Logits, index_within, one_hot, read_parameters
from quiz_bank.problem import Convention, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex

    def less_target(self, prediction: Vector) -> Vector:
        return tuple(q - (k == self.target) for k, q in enumerate(prediction))

    def at_target(self, value: float) -> Vector:
        return tuple(value if k == self.target else 0.0 for k in range(len(self.logits)))


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    return Parameters(logits, stream.integer(0, len(logits) - 1))


def truth(p: Parameters) -> Values:
    return {"gradient": engine.gradient_logits(p.logits, p.target)}


def ratio_of_target_and_probability(p: Parameters) -> Vector:
    return p.at_target(-1 / softmax(p.logits)[p.target])


def probabilities_only(p: Parameters) -> Vector:
    return softmax(p.logits)


def jacobian_diagonal_only(p: Parameters) -> Vector:
    return p.at_target(softmax(p.logits)[p.target] - 1)


def logits_minus_target(p: Parameters) -> Vector:
    return p.less_target(tuple(map(float, p.logits)))


def softmax_twice(p: Parameters) -> Vector:
    return p.less_target(softmax(softmax(p.logits)))


def total(_: Parameters, own: Values) -> float:
    return math.fsum(components(own["gradient"]))


def working(p: Parameters) -> dict[str, object]:
    classes = len(p.logits)
    return {**stable_steps(p.logits), "softmax": softmax(p.logits), "one_hot": one_hot(p.target, classes)}


THREE_ROUTES = read_parameters(Parameters, {"logits": ["2", "1", "0.1"], "target": 0})

FAMILY = Family(
    slug="gradient-logits",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(90), 2: Level(120), 3: Level(180), 4: Level(150)},
    parameters=Parameters,
    check=lambda p: index_within(p, "target", "logits"),
    draw=draw,
    parts=(PartSpec("gradient", "vector"),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("probabilities-only", probabilities_only, "gradient"),
        Misconception("ratio-of-target-and-probability", ratio_of_target_and_probability, "gradient"),
        Misconception("jacobian-diagonal-only", jacobian_diagonal_only, "gradient"),
        Misconception("logits-minus-target", logits_minus_target, "gradient"),
        Misconception("softmax-twice", softmax_twice, "gradient"),
    ),
    identities=(Identity("sum-to-zero", ("gradient",), total),),
    working=working,
    presets={"three-routes": THREE_ROUTES},
    preset_levels={"three-routes": 2},
    fallbacks=dict.fromkeys((1, 2, 3, 4), THREE_ROUTES),
    variants=DRAWN_AT_LEAST,
)
