"""A one-hot target smoothed by the definition that is stated, and the loss of logits against it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, logsumexp, stable_steps
from quiz_bank.families.on_smoothing import (
    LOSS_SIGN_FLIPPED,
    OTHER,
    SmoothingField,
    draw_smoothing,
    smoothed,
    two_values,
)
from quiz_bank.misconceptions import WRONG_LOG_BASE
from quiz_bank.parameters import ClassIndex, Logits, Probability, index_within, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex
    epsilon: Probability
    smoothing: SmoothingField = "all"

    @property
    def classes(self) -> int:
        return len(self.logits)

    @property
    def log_probabilities(self) -> Vector:
        return tuple(float(z) - logsumexp(self.logits) for z in self.logits)

    def loss_against(self, target: Vector) -> float:
        return -math.fsum(t * q for t, q in zip(target, self.log_probabilities, strict=True))


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    return Parameters(logits, stream.integer(0, len(logits) - 1), *draw_smoothing(stream, level))


def truth(p: Parameters) -> Values:
    loss = engine.smoothed_cross_entropy(p.logits, p.target, epsilon=p.epsilon, smoothing=p.smoothing)
    return {"smoothed": smoothed(p.target, p.classes, p.epsilon, p.smoothing), "loss": loss}


def other_definition(p: Parameters) -> Vector:
    return smoothed(p.target, p.classes, p.epsilon, OTHER[p.smoothing])


def smoothing_forgotten(p: Parameters) -> Vector:
    return two_values(p.target, p.classes, 1.0, 0.0)


def epsilon_for_the_true_class(p: Parameters) -> Vector:
    epsilon = float(p.epsilon)
    return two_values(p.target, p.classes, epsilon, (1 - epsilon) / (p.classes - 1))


def definitions_mixed(p: Parameters) -> Vector:
    epsilon = float(p.epsilon)
    return two_values(p.target, p.classes, 1 - epsilon, epsilon / p.classes)


def loss_against(recipe: Callable[[Parameters], Vector]) -> Callable[[Parameters], float]:
    return lambda p: p.loss_against(recipe(p))


def loss_from_own_target(p: Parameters, own: Values) -> float:
    return p.loss_against(components(own["smoothed"]))


def working(p: Parameters) -> dict[str, object]:
    share_of = {"all": p.classes, "others": p.classes - 1}[p.smoothing]
    return {
        **stable_steps(p.logits),
        "classes": p.classes,
        "share_of": share_of,
        "share": float(p.epsilon) / share_of,
        "losses": tuple(-q for q in p.log_probabilities),
        "hard_loss": p.loss_against(smoothing_forgotten(p)),
    }


def preset(smoothing: str) -> Parameters:
    raw = {"logits": ["2", "1", "0.1"], "target": 0, "epsilon": "0.1", "smoothing": smoothing}
    return read_parameters(Parameters, raw)


PRESETS = {"article-smoothing": preset("all"), "article-as-printed": preset("others")}
TARGETS = {
    "other-definition": other_definition,
    "smoothing-forgotten": smoothing_forgotten,
    "epsilon-for-the-true-class": epsilon_for_the_true_class,
    "definitions-mixed": definitions_mixed,
}

FAMILY = Family(
    slug="label-smoothing",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(150), 2: Level(180), 3: Level(240)},
    parameters=Parameters,
    check=lambda p: index_within(p, "target", "logits"),
    draw=draw,
    parts=(PartSpec("smoothed", "vector"), PartSpec("loss", in_log_units=True)),
    truth=truth,
    convention=lambda p: Convention(log_base="e", smoothing=p.smoothing),
    misconceptions=(
        WRONG_LOG_BASE,
        LOSS_SIGN_FLIPPED,
        *(Misconception(code, recipe, "smoothed") for code, recipe in TARGETS.items()),
        *(Misconception(code, loss_against(recipe), "loss") for code, recipe in TARGETS.items()),
    ),
    carried=(Carry("loss", ("smoothed",), loss_from_own_target),),
    identities=(Identity("sum-to-one", ("smoothed",), lambda _, own: math.fsum(components(own["smoothed"])) - 1),),
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["article-smoothing"]),
    variants=DRAWN_AT_LEAST,
)
