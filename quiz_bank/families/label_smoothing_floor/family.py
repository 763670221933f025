"""The least loss against a smoothed target, which is its entropy, and the gap between the logits that reaches it."""

import math
from dataclasses import dataclass
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_classes import Classes
from quiz_bank.families.on_smoothing import OTHER, SmoothingField
from quiz_bank.misconceptions import WRONG_LOG_BASE, ln
from quiz_bank.parameters import Probability, read_parameters
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

CLASSES = (3, 40)  # with many more the two definitions give the same three digits


@dataclass(frozen=True, slots=True)
class Parameters:
    classes: Classes
    epsilon: Probability
    smoothing: SmoothingField = "all"

    @property
    def weights(self) -> tuple[float, float]:
        """The weight of the true class and of each other one."""
        return weights(self.classes, self.epsilon, self.smoothing)


def weights(classes: int, epsilon: Exact, smoothing: engine.Smoothing) -> tuple[float, float]:
    wrong = Fraction(epsilon) / (classes if smoothing == "all" else classes - 1)
    return float(1 - (classes - 1) * wrong), float(wrong)


def draw(stream: Stream, level: int) -> Parameters:
    classes = stream.integer(*CLASSES)
    epsilon = stream.decimal(60, 350, 3) if level == 3 else stream.decimal(2, 35, 2)
    return Parameters(classes, epsilon, "all" if level == 1 else stream.choice(("all", "others")))


def truth(p: Parameters) -> Values:
    return {
        "floor": engine.label_smoothing_floor(p.classes, epsilon=p.epsilon, smoothing=p.smoothing),
        "gap": engine.label_smoothing_gap(p.classes, epsilon=p.epsilon, smoothing=p.smoothing),
    }


def term(weight: float) -> float:
    return -weight * ln(weight) if weight else 0.0


def entropy(classes: int, correct: float, wrong: float) -> float:
    return term(correct) + (classes - 1) * term(wrong)


def log_ratio(correct: float, wrong: float) -> float:
    return ln(correct / wrong) if wrong else math.inf


def other_weights(p: Parameters) -> tuple[float, float]:
    return weights(p.classes, p.epsilon, OTHER[p.smoothing])


def true_class_alone(p: Parameters) -> float:
    return -ln(p.weights[0])


def wrong_classes_once(p: Parameters) -> float:
    return entropy(2, *p.weights)


def wrong_classes_together(p: Parameters) -> float:
    correct, _ = p.weights
    return log_ratio(correct, 1 - correct)


def working(p: Parameters) -> dict[str, object]:
    correct, wrong = p.weights
    return {
        "others": p.classes - 1,
        "share_of": p.classes if p.smoothing == "all" else p.classes - 1,
        "correct": correct,
        "wrong": wrong,
        "true_part": term(correct),
        "wrong_part": (p.classes - 1) * term(wrong),
        "ratio": correct / wrong if wrong else math.inf,
    }


def preset(classes: int, smoothing: str) -> Parameters:
    return read_parameters(Parameters, {"classes": classes, "epsilon": "0.1", "smoothing": smoothing})


PRESETS = {"ten-classes": preset(10, "all"), "three-classes-others": preset(3, "others")}

FAMILY = Family(
    slug="label-smoothing-floor",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(150), 2: Level(150), 3: Level(180)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("floor", in_log_units=True), PartSpec("gap", special=True)),
    truth=truth,
    convention=lambda p: Convention(log_base="e", smoothing=p.smoothing),
    misconceptions=(
        WRONG_LOG_BASE,
        Misconception("zero-floor", lambda _: 0.0, "floor"),
        Misconception("other-definition", lambda p: entropy(p.classes, *other_weights(p)), "floor"),
        Misconception("true-class-alone", true_class_alone, "floor"),
        Misconception("wrong-classes-once", wrong_classes_once, "floor"),
        Misconception("maximum-entropy", lambda p: ln(p.classes), "floor"),
        Misconception("infinite-gap", lambda _: math.inf, "gap"),
        Misconception("other-definition", lambda p: log_ratio(*other_weights(p)), "gap"),
        Misconception("wrong-classes-together", wrong_classes_together, "gap"),
        Misconception("true-class-alone", lambda p: ln(p.weights[0]), "gap"),
    ),
    working=working,
    presets=PRESETS,
    preset_levels={"ten-classes": 1, "three-classes-others": 2},
    fallbacks={1: PRESETS["ten-classes"], 2: PRESETS["three-classes-others"], 3: PRESETS["three-classes-others"]},
    variants=38 * 34,  # a lower bound: the classes and ε of level 1 alone
)
