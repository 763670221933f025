"""Cross-entropy and mean squared error of the same output: of probabilities, or of logits taken as they are."""

import math
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from quiz_bank.engine import reference as engine
from quiz_bank.families import on_logits
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, less, stable_steps
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, Distribution, Logits, index_within, one_hot, one_of, read_parameters, show
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values, Vector
from quiz_bank.sampling import Stream

Given = Literal["probabilities", "logits"]


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What a prediction must be, unless it is given as logits."""

    prediction: Distribution


@dataclass(frozen=True, slots=True)
class Parameters:
    prediction: Logits
    target: ClassIndex
    given: Annotated[Given, one_of("probabilities", "logits")] = "probabilities"

    @property
    def probabilities(self) -> Vector:
        return on_logits.softmax(self.prediction) if self.given == "logits" else tuple(map(float, self.prediction))

    @property
    def differences(self) -> list[float]:
        return [float(q) - (k == self.target) for k, q in enumerate(self.prediction)]


def draw(stream: Stream, level: int) -> Parameters:
    if level == 3:
        return Parameters(draw_logits(stream, 2), stream.integer(0, 2), "logits")
    classes = 3 if level == 1 else stream.integer(4, 5)
    return Parameters(stream.distribution(classes, places=2, minimum=2), stream.integer(0, classes - 1))


def truth(p: Parameters) -> Values:
    target = one_hot(p.target, len(p.prediction))
    loss = engine.cross_entropy_from_logits if p.given == "logits" else cross_entropy_of_probabilities
    return {"cross_entropy": loss(p.prediction, p.target), "squared_error": engine.squared_error(target, p.prediction)}


def cross_entropy_of_probabilities(prediction: tuple[Exact, ...], target: int) -> float:
    return engine.surprisal(prediction[target])


def wrong_class(p: Parameters) -> list[float]:
    return [-ln(q) for k, q in enumerate(p.probabilities) if k != p.target]


def softmax_twice(p: Parameters) -> float:
    return -ln(on_logits.softmax(p.probabilities)[p.target])


def logit_as_log_probability(p: Parameters) -> list[float]:
    return [-float(p.prediction[p.target])] if p.given == "logits" else []


def mean_over_classes(p: Parameters) -> float:
    return -ln(p.probabilities[p.target]) / len(p.prediction)


def complement(p: Parameters) -> float:
    return 1 - p.probabilities[p.target]


def sum_of_squares(p: Parameters) -> float:
    return math.fsum(d**2 for d in p.differences)


def mean_of_squares(p: Parameters) -> float:
    return sum_of_squares(p) / len(p.prediction)


def half_the_mean(p: Parameters) -> float:
    return mean_of_squares(p) / 2


def root_of_the_mean(p: Parameters) -> float:
    return math.sqrt(mean_of_squares(p))


def true_class_only(p: Parameters) -> list[float]:
    square = p.differences[p.target] ** 2
    return [square, square / len(p.prediction)]


def mean_of_sizes(p: Parameters) -> float:
    return math.fsum(map(abs, p.differences)) / len(p.prediction)


def softmax_before_the_squares(p: Parameters) -> list[float]:
    squares = ((q - (k == p.target)) ** 2 for k, q in enumerate(p.probabilities))
    return [math.fsum(squares) / len(p.prediction)] if p.given == "logits" else []


def check(p: Parameters) -> None:
    index_within(p, "target", "prediction")
    if p.given == "probabilities":
        read_parameters(Probabilities, {"prediction": show(p.prediction)})


def working(p: Parameters) -> dict[str, object]:
    target = one_hot(p.target, len(p.prediction))
    return {
        **stable_steps(p.prediction),
        "one_hot": target,
        "classes": len(p.prediction),
        "gap": less(max(p.prediction), p.prediction[p.target]),
        "exact_differences": tuple(less(q, y) for q, y in zip(p.prediction, target, strict=True)),
        "squares": tuple(d**2 for d in p.differences),
        "square_sum": sum_of_squares(p),
    }


def preset(*logits: str) -> Parameters:
    return read_parameters(Parameters, {"prediction": logits, "target": 0, "given": "logits"})


PRESETS = {
    "article-correct": preset("5", "1", "0.5"),
    "article-close": preset("2", "1.8", "0.5"),
    "article-wrong": preset("0.5", "1", "5"),
}
MOCK_QUESTION = read_parameters(Parameters, {"prediction": ["0.7", "0.2", "0.1"], "target": 0})

FAMILY = Family(
    slug="ce-vs-mse",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(90), 2: Level(150), 3: Level(180)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("cross_entropy", in_log_units=True), PartSpec("squared_error")),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("cross_entropy",)),
        Misconception("logit-as-log-probability", logit_as_log_probability, "cross_entropy"),
        Misconception("softmax-twice", softmax_twice, "cross_entropy"),
        Misconception("wrong-class", wrong_class, "cross_entropy"),
        Misconception("mean-for-sum", mean_over_classes, "cross_entropy"),
        Misconception("complement", complement, "cross_entropy"),
        Misconception("sum-for-mean", sum_of_squares, "squared_error"),
        Misconception("factor-one-half", half_the_mean, "squared_error"),
        Misconception("root-taken", root_of_the_mean, "squared_error"),
        Misconception("true-class-only", true_class_only, "squared_error"),
        Misconception("sizes-not-squared", mean_of_sizes, "squared_error"),
        Misconception("softmax-before-the-squares", softmax_before_the_squares, "squared_error"),
    ),
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 3),
    fallbacks={1: MOCK_QUESTION, 2: MOCK_QUESTION, 3: PRESETS["article-close"]},
    variants=DRAWN_AT_LEAST,
)
