"""The loss of a yes-or-no prediction, from its logit, in the form that neither overflows nor rounds to zero."""

from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import sigmoid
from quiz_bank.families.on_one_logit import bce, draw_logit, softplus
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Probability, Real, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

SAME_AT_THREE_DIGITS = 0.04
"""Below it, q and ln(1 + q) agree at the digits that are asked for."""
CALCULATOR_REACH = 6
"""Beyond such a logit, 1 + e^(−z) swallows digits of e^(−z)."""


@dataclass(frozen=True, slots=True)
class Parameters:
    logit: Real
    target: Probability

    @property
    def hard(self) -> bool:
        return self.target in (0, 1)


def draw(stream: Stream, level: int) -> Parameters:
    if level == 3:
        return Parameters(draw_logit(stream, 2, 50, 1), stream.decimal(5, 95, 2))
    if level == 4:  # confident and right: where a naive formula loses all digits
        size, label = stream.decimal(80, 400, 1), stream.integer(0, 1)
        return Parameters(size if label else -size, Decimal(label))
    logit = draw_logit(stream, 2, 40, 1) if level == 1 else draw_logit(stream, 20, 600, 2)
    return Parameters(logit, Decimal(stream.integer(0, 1)))


def truth(p: Parameters) -> Values:
    return {"loss": engine.binary_cross_entropy_from_logits(p.target, p.logit)}


def sigmoid_twice(p: Parameters) -> float:
    return bce(p.target, sigmoid(p.logit))


def logit_as_probability(p: Parameters) -> list[float]:
    y, z = float(p.target), float(p.logit)
    counted = [(weight, q) for weight, q in ((y, z), (1 - y, 1 - z)) if weight]
    return [-sum(weight * ln(q) for weight, q in counted)] if all(q > 0 for _, q in counted) else []


def label_flipped(p: Parameters) -> float:
    return bce(1 - p.target, p.logit)


def complement(p: Parameters) -> list[float]:
    y = float(p.target)
    missed = y * sigmoid(-p.logit) + (1 - y) * sigmoid(p.logit)
    return [missed] if missed > SAME_AT_THREE_DIGITS else []


def linear_part(p: Parameters) -> float:
    z = float(p.logit)
    return max(z, 0.0) - z * float(p.target)


def linear_part_only(p: Parameters) -> list[float]:
    lost = softplus(-abs(float(p.logit)))
    return [linear_part(p)] if linear_part(p) == 0 or lost > SAME_AT_THREE_DIGITS else []


def one_term_only(p: Parameters) -> list[float]:
    y = float(p.target)
    return [] if p.hard else [y * softplus(-p.logit), (1 - y) * softplus(p.logit)]


def expression(p: Parameters) -> dict[str, str]:
    if not -CALCULATOR_REACH <= p.logit <= CALCULATOR_REACH:
        return {}
    on_one, on_zero = f"ln(1+exp({-p.logit}))", f"ln(1+exp({p.logit}))"
    return {"loss": f"({p.target})*{on_one}+({1 - p.target})*{on_zero}"}


def working(p: Parameters) -> dict[str, object]:
    return {
        "sigma": sigmoid(p.logit),
        "not_sigma": sigmoid(-p.logit),
        "exponent": -p.logit if p.target == 1 else p.logit,
        "size": max(p.logit, -p.logit),
        "linear": linear_part(p),
        "correction": softplus(-abs(float(p.logit))),
    }


CONFIDENT = read_parameters(Parameters, {"logit": "-10", "target": "0"})
FALLBACK = read_parameters(Parameters, {"logit": "1.5", "target": "0"})

FAMILY = Family(
    slug="bce-from-logits",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(60), 2: Level(75), 3: Level(120), 4: Level(90)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("label-flipped", label_flipped, "loss"),
        Misconception("sigmoid-twice", sigmoid_twice, "loss"),
        Misconception("logit-as-probability", logit_as_probability, "loss"),
        Misconception("complement", complement, "loss"),
        Misconception("one-term-only", one_term_only, "loss"),
        Misconception("linear-part-only", linear_part_only, "loss"),
    ),
    expression=expression,
    working=working,
    fallbacks={1: FALLBACK, 2: FALLBACK, 3: read_parameters(Parameters, {"logit": "1.5", "target": "0.9"}), 4: CONFIDENT},
    variants=2 * 2 * 581,  # those of level 2; the other levels have 156, 8,918 and 642
)
