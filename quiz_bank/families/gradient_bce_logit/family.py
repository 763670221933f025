"""The derivative of binary cross-entropy by the logit: σ(z) − y, and with a weight on the positive term."""

from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import sigmoid
from quiz_bank.families.on_one_logit import draw_logit, softplus
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import Positive, Probability, Real, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logit: Real
    target: Probability
    pos_weight: Positive = Decimal(1)

    @property
    def numbers(self) -> tuple[float, float, float]:
        """The probability σ(z), the target and the weight as plain floats."""
        return sigmoid(self.logit), float(self.target), float(self.pos_weight)

    @property
    def slope(self) -> float:
        """σ′(z)."""
        return sigmoid(self.logit) * sigmoid(-self.logit)


def draw(stream: Stream, level: int) -> Parameters:
    hard, soft = Decimal(stream.integer(0, 1)), stream.decimal(5, 95, 2)
    if level == 1:
        return Parameters(draw_logit(stream, 20, 350, 2), hard)
    if level == 2:
        return Parameters(draw_logit(stream, 2, 35, 1), soft)
    weight = stream.choice((Decimal("0.5"), Decimal("1.5"), Decimal("2.5"), *map(Decimal, range(2, 21))))
    return Parameters(draw_logit(stream, 2, 35, 1), hard if level == 3 else soft, weight)


def truth(p: Parameters) -> Values:
    return {"gradient": engine.gradient_bce_logit(p.target, p.logit, pos_weight=p.pos_weight)}


def gradient(p: Parameters) -> float:
    sigma, y, w = p.numbers
    return (w * y + 1 - y) * sigma - w * y


def sigma_prime_left_in(p: Parameters) -> float:
    return gradient(p) * p.slope


def gradient_by_probability(p: Parameters) -> float:
    return gradient(p) / p.slope


def probability_only(p: Parameters) -> list[float]:
    return [sigmoid(p.logit)] if p.target != 0 else []


def logit_minus_target(p: Parameters) -> float:
    return float(p.logit) - float(p.target)


def loss_for_gradient(p: Parameters) -> float:
    _, y, w = p.numbers
    return w * y * softplus(-p.logit) + (1 - y) * softplus(p.logit)


def weight_forgotten(p: Parameters) -> list[float]:
    sigma, y, w = p.numbers
    return [sigma - y] if w != 1 and y != 0 else []


def weight_on_both(p: Parameters) -> list[float]:
    sigma, y, w = p.numbers
    return [w * (sigma - y)] if w != 1 and y != 1 else []


def weight_on_the_negative(p: Parameters) -> list[float]:
    sigma, y, w = p.numbers
    return [(y + w * (1 - y)) * sigma - y] if w != 1 and 0 < y < 1 else []


def working(p: Parameters) -> dict[str, object]:
    sigma, y, w = p.numbers
    return {"sigma": sigma, "negated": -p.logit, "on_positive": w * y, "on_both": w * y + 1 - y}


def fallback(**given: object) -> Parameters:
    return read_parameters(Parameters, {"logit": "1.2", "target": 1, **given})


FAMILY = Family(
    slug="gradient-bce-logit",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(45), 2: Level(60), 3: Level(75), 4: Level(90)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("gradient"),),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("sigma-prime-left-in", sigma_prime_left_in, "gradient"),
        Misconception("gradient-by-probability", gradient_by_probability, "gradient"),
        Misconception("weight-forgotten", weight_forgotten, "gradient"),
        Misconception("weight-on-both", weight_on_both, "gradient"),
        Misconception("weight-on-the-negative", weight_on_the_negative, "gradient"),
        Misconception("probability-only", probability_only, "gradient"),
        Misconception("logit-minus-target", logit_minus_target, "gradient"),
        Misconception("loss-for-gradient", loss_for_gradient, "gradient"),
    ),
    working=working,
    fallbacks={
        1: fallback(),
        2: fallback(target="0.9"),
        3: fallback(pos_weight="3"),
        4: fallback(target="0.9", pos_weight="3"),
    },
    variants=2 * 331 * 2 + 2 * 34 * 91 * 23,  # level 3, some 3,000, is not counted
)
