"""A soft label's binary cross-entropy has its entropy as a floor; what a prediction loses above it is a KL divergence."""

import math
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Probability, read_parameters
from quiz_bank.problem import (
    Carry,
    Convention,
    Exact,
    Family,
    Identity,
    Level,
    LogBase,
    Misconception,
    PartSpec,
    Values,
    components,
)
from quiz_bank.sampling import Stream

HALF = Decimal("0.5")
CLOSEST = 0.08
"""Of the prediction to the target: nearer, hardly anything is left above the floor."""


@dataclass(frozen=True, slots=True)
class Parameters:
    target: Probability
    probability: Probability
    log_base: Base = "e"

    def cross(self, target: Exact, probability: Exact) -> float:
        """Return the binary cross-entropy in plain floats."""
        y, q = float(target), float(probability)
        terms = ((y, q), (1 - y, 1 - q))
        return -sum(weight * log(share, self.log_base) for weight, share in terms if weight)


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        return Parameters(stream.decimal(1, 9, 1), stream.decimal(5, 95, 2))
    base: LogBase = "e" if level == 2 else stream.choice(("2", "10"))
    return Parameters(stream.decimal(3, 97, 2), stream.decimal(30, 970, 3), base)


def truth(p: Parameters) -> Values:
    soft, given = (p.target, 1 - p.target), (p.probability, 1 - p.probability)
    return {
        "loss": engine.binary_cross_entropy(p.target, p.probability, log_base=p.log_base),
        "floor": engine.binary_entropy(p.target, log_base=p.log_base),
        "excess": engine.kl_divergence(soft, given, log_base=p.log_base),
    }


def degenerate(p: Parameters) -> bool:
    return gap_of_the_probabilities(p) < CLOSEST


def loss(p: Parameters) -> float:
    return p.cross(p.target, p.probability)


def floor(p: Parameters) -> float:
    return p.cross(p.target, p.target)


def label_flipped(p: Parameters) -> list[float]:
    return [p.cross(1 - p.target, p.probability)] if p.target != HALF and p.probability != HALF else []


def arguments_swapped(p: Parameters) -> float:
    return p.cross(p.probability, p.target)


def positive_term_only(p: Parameters) -> float:
    return -float(p.target) * log(p.probability, p.log_base)


def zero(_: Parameters) -> float:
    return 0.0


def entropy_of_the_prediction(p: Parameters) -> float:
    return p.cross(p.probability, p.probability)


def loss_at_one_half(p: Parameters) -> list[float]:
    return [-log(0.5, p.log_base)] if p.target != HALF else []


def one_term_of_the_floor(p: Parameters) -> list[float]:
    y = float(p.target)
    return [-y * log(y, p.log_base), -(1 - y) * log(1 - y, p.log_base)]


def divergence_swapped(p: Parameters) -> list[float]:
    mirrored = p.target == 1 - p.probability  # there both divergences are the same
    return [] if mirrored else [arguments_swapped(p) - entropy_of_the_prediction(p)]


def gap_of_the_probabilities(p: Parameters) -> float:
    return abs(float(p.target) - float(p.probability))


def difference_of_own(_: Parameters, own: Values) -> float:
    (own_loss,), (own_floor,) = components(own["loss"]), components(own["floor"])
    return own_loss - own_floor


def broken_sum(_: Parameters, own: Values) -> float:
    (own_excess,) = components(own["excess"])
    return difference_of_own(_, own) - own_excess


def working(p: Parameters) -> dict[str, object]:
    y = float(p.target)
    return {
        "not_target": 1 - p.target,
        "not_probability": 1 - p.probability,
        "best_logit": math.log(y / (1 - y)) if 0 < y < 1 else math.copysign(math.inf, y - 0.5),
    }


def preset(target: str, probability: str, log_base: str = "e") -> Parameters:
    return read_parameters(Parameters, {"target": target, "probability": probability, "log_base": log_base})


SMOOTHED = preset("0.9", "0.7")

FAMILY = Family(
    slug="soft-label-bce-floor",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(180)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True), PartSpec("floor", in_log_units=True), PartSpec("excess", in_log_units=True)),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base, zero_log_zero="0" if p.target in (0, 1) else None),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("label-flipped", label_flipped, "loss"),
        Misconception("arguments-swapped", arguments_swapped, "loss"),
        Misconception("one-term-only", positive_term_only, "loss"),
        Misconception("zero-floor", zero, "floor"),
        Misconception("entropy-of-the-prediction", entropy_of_the_prediction, "floor"),
        Misconception("maximum-entropy", loss_at_one_half, "floor"),
        Misconception("one-term-only", one_term_of_the_floor, "floor"),
        Misconception("zero-floor", loss, "excess"),
        Misconception("arguments-swapped", divergence_swapped, "excess"),
        Misconception("difference-of-probabilities", gap_of_the_probabilities, "excess"),
    ),
    carried=(Carry("excess", ("loss", "floor"), difference_of_own),),
    identities=(Identity("loss-is-floor-and-excess", ("excess", "floor", "loss"), broken_sum),),
    degenerate=degenerate,
    working=working,
    fallbacks={1: SMOOTHED, 2: SMOOTHED, 3: preset("0.9", "0.7", "2")},
    variants=95 * 900,  # a lower bound: the pairs of level 2, without those that are too close
)
