"""Hinge loss and logistic loss at a margin y·f, with labels of −1 and 1."""

import math
from dataclasses import dataclass, replace

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import sigmoid
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import ParameterError, Real, read_parameters
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

STEPS = {1: (-60, 60, 5), 2: (-400, 400, 1), 3: (300, 1200, 1)}
"""The score at each level: so many steps, from and to, of so many hundredths; at level 3 with either sign."""


@dataclass(frozen=True, slots=True)
class Parameters:
    score: Real
    label: Real

    @property
    def margin(self) -> Exact:
        return self.score if self.label > 0 else -self.score


def draw(stream: Stream, level: int) -> Parameters:
    low, high, hundredths = STEPS[level]
    size = stream.decimal(low, high, 2) * hundredths
    score = stream.choice((-1, 1)) * size if level == 3 else size
    return Parameters(score, stream.decimal(0, 1, 0) * 2 - 1)


def check(p: Parameters) -> None:
    if p.label not in (-1, 1):
        raise ParameterError("/label", "choice-expected", choices="-1, 1")


def truth(p: Parameters) -> Values:
    return {"hinge": engine.hinge_loss(p.margin), "logistic": engine.logistic_loss(p.margin)}


def hinge(margin: float) -> float:
    return max(0.0, 1 - margin)


def logistic(margin: float) -> float:
    return max(0.0, -margin) + math.log1p(math.exp(-abs(margin)))


def zero_one_hinge(p: Parameters) -> list[float]:
    return [hinge(0)] if p.label < 0 else []


def label_ignored_hinge(p: Parameters) -> float:
    return hinge(-float(p.margin))


def clip_forgotten(p: Parameters) -> list[float]:
    return [1 - float(p.margin)] if p.margin > 1 else []


def margin_of_one_forgotten(p: Parameters) -> list[float]:
    return [max(0.0, -float(p.margin))] if p.margin < 1 else []


def squared_hinge(p: Parameters) -> list[float]:
    return [hinge(float(p.margin)) ** 2] if p.margin < 1 else []


def zero_one_logistic(p: Parameters) -> list[float]:
    return [logistic(0)] if p.label < 0 else []


def label_ignored_logistic(p: Parameters) -> float:
    return logistic(-float(p.margin))


def probability_for_loss(p: Parameters) -> list[float]:
    return [sigmoid(p.margin), sigmoid(-p.margin)]


def logarithm_forgotten(p: Parameters) -> list[float]:
    return [1 + math.exp(-p.margin), math.exp(-p.margin)]


def expression(p: Parameters) -> dict[str, str]:
    return {"logistic": f"ln(1+exp(-({p.margin})))"}


def working(p: Parameters) -> dict[str, object]:
    return {"margin": p.margin, "gap": 1 - p.margin, "probability": sigmoid(p.margin)}


FALLBACK = read_parameters(Parameters, {"score": "0.5", "label": "-1"})

FAMILY = Family(
    slug="hinge-and-logistic",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(60), 2: Level(60), 3: Level(60)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("hinge", special=True), PartSpec("logistic", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        replace(WRONG_LOG_BASE, parts=("logistic",)),
        replace(SIGN_FLIPPED, parts=("logistic",)),
        Misconception("zero-one-labels", zero_one_hinge, "hinge"),
        Misconception("sign-of-margin", label_ignored_hinge, "hinge"),
        Misconception("clip-forgotten", clip_forgotten, "hinge"),
        Misconception("margin-of-one-forgotten", margin_of_one_forgotten, "hinge"),
        Misconception("squared-hinge", squared_hinge, "hinge"),
        Misconception("zero-one-labels", zero_one_logistic, "logistic"),
        Misconception("sign-of-margin", label_ignored_logistic, "logistic"),
        Misconception("probability-for-loss", probability_for_loss, "logistic"),
        Misconception("logarithm-forgotten", logarithm_forgotten, "logistic"),
    ),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=1800,  # at the least: level 1 has 242, and a third of the drawings meet it
)
