"""The lowest loss that a model with a stray extra softmax can reach: probabilities make poor logits."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_classes import DRAWN_AT_LEAST, Classes, draw_classes
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    classes: Classes


def draw(stream: Stream, level: int) -> Parameters:
    return Parameters(draw_classes(stream, level))


def truth(p: Parameters) -> Values:
    return {"floor": engine.double_softmax_floor(p.classes)}


def best_probability(p: Parameters) -> float:
    return math.e / (math.e + p.classes - 1)


def loss_of_one_softmax(_: Parameters) -> float:
    return 0.0


def loss_at_initialisation(p: Parameters) -> float:
    return math.log(p.classes)


def logsumexp_alone(p: Parameters) -> float:
    return math.log(math.e + p.classes - 1)


def other_classes_left_out(p: Parameters) -> list[float]:
    """Return ln(1 + 1/e), the floor of two classes, where there are more."""
    return [math.log1p(1 / math.e)] if p.classes > 2 else []


def complement(p: Parameters) -> float:
    return 1 - best_probability(p)


def working(p: Parameters) -> dict[str, object]:
    return {
        "others": p.classes - 1,
        "total": math.e + p.classes - 1,
        "best": best_probability(p),
        "start": loss_at_initialisation(p),
    }


PRESETS = {
    "digits": read_parameters(Parameters, {"classes": 10}),
    "imagenet": read_parameters(Parameters, {"classes": 1000}),
    "vocabulary": read_parameters(Parameters, {"classes": 50257}),
}

FAMILY = Family(
    slug="double-softmax-floor",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(90), 2: Level(90), 3: Level(90)},
    parameters=Parameters,
    draw=draw,
    # Five digits: among many classes the floor comes close to the loss at initialisation.
    parts=(PartSpec("floor", in_log_units=True, significant_digits=5),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("loss-of-one-softmax", loss_of_one_softmax, "floor"),
        Misconception("loss-at-initialisation", loss_at_initialisation, "floor"),
        Misconception("logsumexp-alone", logsumexp_alone, "floor"),
        Misconception("other-classes-left-out", other_classes_left_out, "floor"),
        Misconception("complement", complement, "floor"),
    ),
    expression=lambda p: {"floor": f"ln(1+{p.classes - 1}/e)"},
    working=working,
    presets=PRESETS,
    preset_levels={"digits": 1, "imagenet": 2, "vocabulary": 3},
    fallbacks={1: PRESETS["digits"], 2: PRESETS["imagenet"], 3: PRESETS["vocabulary"]},
    variants=DRAWN_AT_LEAST,
)
