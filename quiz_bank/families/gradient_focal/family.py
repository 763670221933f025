"""The derivative of the binary focal loss by the logit: the modulating factor is differentiated too."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import sigmoid
from quiz_bank.families.on_one_logit import draw_logit, softplus
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import Label, NonNegative, Real, exact, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

GAMMAS = {1: ("2",), 2: ("0.5", "1", "1.5", "2", "3", "5"), 3: ("0.5", "1", "2", "3")}


@dataclass(frozen=True, slots=True)
class Parameters:
    logit: Real
    target: Label
    gamma: NonNegative

    @property
    def sign(self) -> int:
        """A larger logit lowers the loss of label 1 and raises that of label 0."""
        return -1 if self.target else 1

    @property
    def hit(self) -> float:
        """The probability p_t that the label gets."""
        return sigmoid(-self.sign * self.logit)

    @property
    def miss(self) -> float:
        """1 − p_t, without the cancellation."""
        return sigmoid(self.sign * self.logit)

    @property
    def surprisal(self) -> float:
        return softplus(self.sign * self.logit)

    @property
    def factor(self) -> float:
        """The modulating factor (1 − p_t)^γ."""
        return math.pow(self.miss, self.gamma)

    @property
    def gamma_term(self) -> float:
        return float(self.gamma) * self.hit * self.surprisal


def draw(stream: Stream, level: int) -> Parameters:
    label, gamma = stream.integer(0, 1), exact(stream.choice(GAMMAS[level]))
    if level == 3:  # an easy sample, which the focal loss all but ignores
        size = stream.decimal(300, 600, 2)
        return Parameters(size if label else -size, label, gamma)
    return Parameters(draw_logit(stream, 20, 250, 2), label, gamma)


def truth(p: Parameters) -> Values:
    return {"gradient": engine.gradient_focal_logit(p.target, p.logit, gamma=p.gamma)}


def gamma_term_left_out(p: Parameters) -> float:
    return p.sign * p.factor * p.miss


def gamma_term_only(p: Parameters) -> float:
    return p.sign * p.factor * p.gamma_term


def gamma_term_subtracted(p: Parameters) -> float:
    return p.sign * p.factor * (p.miss - p.gamma_term)


def factor_forgotten(p: Parameters) -> float:
    return p.sign * p.miss


def factor_of_the_hit(p: Parameters) -> float:
    gamma = float(p.gamma)
    return p.sign * math.pow(p.hit, gamma) * p.miss * (1 - gamma * p.surprisal)


def gradient_by_probability(p: Parameters) -> float:
    return p.sign * p.factor * (p.gamma_term + p.miss) / (p.hit * p.miss)


def loss_for_gradient(p: Parameters) -> float:
    return p.factor * p.surprisal


def working(p: Parameters) -> dict[str, object]:
    return {"hit": p.hit, "miss": p.miss, "surprisal": p.surprisal, "factor": p.factor, "gamma_term": p.gamma_term}


def fallback(logit: str) -> Parameters:
    return read_parameters(Parameters, {"logit": logit, "target": 1, "gamma": "2"})


FAMILY = Family(
    slug="gradient-focal",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(150), 2: Level(180), 3: Level(180)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("gradient"),),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("gamma-term-left-out", gamma_term_left_out, "gradient"),
        Misconception("gamma-term-only", gamma_term_only, "gradient"),
        Misconception("gamma-term-subtracted", gamma_term_subtracted, "gradient"),
        Misconception("factor-forgotten", factor_forgotten, "gradient"),
        Misconception("factor-of-the-hit", factor_of_the_hit, "gradient"),
        Misconception("gradient-by-probability", gradient_by_probability, "gradient"),
        Misconception("loss-for-gradient", loss_for_gradient, "gradient"),
    ),
    working=working,
    fallbacks={1: fallback("0.8"), 2: fallback("-1.2"), 3: fallback("4")},
    variants=2 * 231 * 2 + 2 * 231 * 2 * 6,  # level 3, some 2,400, is not counted
)
