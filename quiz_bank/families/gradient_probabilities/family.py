"""The gradient of cross-entropy by the predicted probabilities: minus the target over the prediction."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, ln
from quiz_bank.parameters import Distribution, one_hot, read_parameters, same_length
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values, Vector
from quiz_bank.sampling import Stream

RECOGNISABLE = ("0.5", "0.25", "0.2", "0.1", "0.05", "0.04", "0.02", "0.01")
"""Probabilities of the true class whose reciprocal is a whole number."""


@dataclass(frozen=True, slots=True)
class Parameters:
    target: Distribution
    prediction: Distribution

    def by_class(self, slope: Callable[[float, float], float]) -> Vector:
        """Return a function of the target and the prediction for each class."""
        pairs = zip(self.target, self.prediction, strict=True)
        return tuple(slope(float(y), float(q)) for y, q in pairs)


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        return recognisable(stream)
    classes = stream.integer(3, 5)
    prediction = stream.distribution(classes, places=2, minimum=2)
    if level == 2:
        return Parameters(one_hot(stream.integer(0, classes - 1), classes), prediction)
    return Parameters(stream.distribution(classes, places=1), prediction)


def recognisable(stream: Stream) -> Parameters:
    """Return a prediction of three or four classes whose true one has a probability like 1/4."""
    true = Decimal(stream.choice(RECOGNISABLE))
    others = stream.integer(2, 3)
    rest = [((1 - true) * share).normalize() for share in stream.distribution(others, places=1)]
    position = stream.integer(0, others)
    return Parameters(one_hot(position, others + 1), (*rest[:position], true, *rest[position:]))


def truth(p: Parameters) -> Values:
    return {"gradient": engine.gradient_probabilities(p.target, p.prediction)}


def gradient_by_logits(p: Parameters) -> Vector:
    return p.by_class(lambda y, q: q - y)


def loss_for_gradient(p: Parameters) -> Vector:
    return p.by_class(lambda y, q: -y * ln(q) if y else 0.0)


def target_forgotten(p: Parameters) -> Vector:
    return p.by_class(lambda _, q: -1 / q)


def binary_slope(p: Parameters) -> Vector:
    return p.by_class(lambda y, q: (q - y) / (q * (1 - q)))


def arguments_swapped(p: Parameters) -> Vector:
    return p.by_class(lambda y, q: -q / y)


def weighted_by_prediction(p: Parameters) -> Vector:
    return p.by_class(lambda y, q: -y * q)


MOCK_QUESTION = read_parameters(Parameters, {"target": [1, 0, 0], "prediction": ["0.7", "0.2", "0.1"]})
QUARTER = read_parameters(Parameters, {"target": [0, 1, 0], "prediction": ["0.6", "0.25", "0.15"]})

FAMILY = Family(
    slug="gradient-probabilities",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(45, "mental"), 2: Level(60), 3: Level(120)},
    parameters=Parameters,
    check=lambda p: same_length(p, "target", "prediction"),
    draw=draw,
    parts=(PartSpec("gradient", "vector", special=True),),  # zero at the classes that are not the target
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("gradient-by-logits", gradient_by_logits, "gradient"),
        Misconception("loss-for-gradient", loss_for_gradient, "gradient"),
        Misconception("target-forgotten", target_forgotten, "gradient"),
        Misconception("binary-slope", binary_slope, "gradient"),
        Misconception("arguments-swapped", arguments_swapped, "gradient"),
        Misconception("weighted-by-prediction", weighted_by_prediction, "gradient"),
    ),
    presets={"mock-question": MOCK_QUESTION, "quarter": QUARTER},
    preset_levels={"mock-question": 2, "quarter": 1},
    fallbacks={1: QUARTER, 2: MOCK_QUESTION, 3: MOCK_QUESTION},
    variants=100_000,  # a lower bound: the predictions of five classes alone are millions
)
