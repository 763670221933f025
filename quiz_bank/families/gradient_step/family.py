"""One step of gradient descent on the logits themselves, and the loss after it."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.engine.exponentials import gaps_of
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, logsumexp, softmax
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import ClassIndex, Logits, Positive, index_within, one_hot, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream

RATES = {1: ("0.5", "2"), 2: ("0.4", "0.5", "0.8", "1.5", "2", "2.5"), 3: ("0.6", "0.75", "1.25", "1.8", "3")}
SMALLEST = 0.2
"""Of the gradient's largest component: below it the step hardly moves anything."""


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex
    learning_rate: Positive

    @property
    def gradient(self) -> Vector:
        return tuple(q - (k == self.target) for k, q in enumerate(softmax(self.logits)))

    @property
    def rate(self) -> float:
        return float(self.learning_rate)

    def moved(self, factor: float) -> Vector:
        """Return the logits plus so many times the gradient."""
        return tuple(float(z) + factor * g for z, g in zip(self.logits, self.gradient, strict=True))


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    return Parameters(logits, stream.integer(0, len(logits) - 1), Decimal(stream.choice(RATES[level])))


def truth(p: Parameters) -> Values:
    loss = engine.loss_after_step(p.logits, p.target, learning_rate=p.learning_rate)
    return {"logits_after": logits_after(p), "loss_after": loss}


def logits_after(p: Parameters) -> Vector:
    """Return z + η·y − η·p, each rounded once."""
    gaps, rate = gaps_of(p.logits), Fraction(p.learning_rate)
    return tuple(gaps.nearest_share(k, -rate, Fraction(z) + rate * (k == p.target)) for k, z in enumerate(p.logits))


def ascent(p: Parameters) -> Vector:
    return p.moved(p.rate)


def learning_rate_forgotten(p: Parameters) -> Vector | list[float]:
    return p.moved(-1) if p.rate != 1 else []


def learning_rate_twice(p: Parameters) -> Vector | list[float]:
    return p.moved(-(p.rate**2)) if p.rate != 1 else []


def target_forgotten(p: Parameters) -> Vector:
    return tuple(float(z) - p.rate * q for z, q in zip(p.logits, softmax(p.logits), strict=True))


def update_only(p: Parameters) -> Vector:
    return tuple(-p.rate * g for g in p.gradient)


def step_on_probabilities(p: Parameters) -> Vector:
    return tuple(q - p.rate * g for q, g in zip(softmax(p.logits), p.gradient, strict=True))


def loss_at(p: Parameters, logits: Vector | list[float]) -> float:
    return logsumexp(logits) - logits[p.target]


def loss_before(p: Parameters) -> float:
    return loss_at(p, p.moved(0))


def loss_of_ascent(p: Parameters) -> float:
    return loss_at(p, ascent(p))


def loss_without_rate(p: Parameters) -> list[float]:
    return [loss_at(p, p.moved(-1))] if p.rate != 1 else []


def loss_of_rate_twice(p: Parameters) -> list[float]:
    return [loss_at(p, p.moved(-(p.rate**2)))] if p.rate != 1 else []


def linear_estimate(p: Parameters) -> float:
    return loss_before(p) - p.rate * math.fsum(g * g for g in p.gradient)


def loss_of_own(p: Parameters, own: Values) -> float:
    return loss_at(p, components(own["logits_after"]))


def change_of_the_sum(p: Parameters, own: Values) -> float:
    return math.fsum(components(own["logits_after"])) - math.fsum(map(float, p.logits))


def working(p: Parameters) -> dict[str, object]:
    return {
        "softmax": softmax(p.logits),
        "one_hot": one_hot(p.target, len(p.logits)),
        "gradient": p.gradient,
        "loss_before": loss_before(p),
    }


def three_routes(learning_rate: str) -> Parameters:
    return read_parameters(Parameters, {"logits": ["2", "1", "0.1"], "target": 0, "learning_rate": learning_rate})


FAMILY = Family(
    slug="gradient-step",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(180), 2: Level(210), 3: Level(270)},
    parameters=Parameters,
    check=lambda p: index_within(p, "target", "logits"),
    draw=draw,
    parts=(PartSpec("logits_after", "vector"), PartSpec("loss_after", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        Misconception("ascent", ascent, "logits_after"),
        Misconception("learning-rate-forgotten", learning_rate_forgotten, "logits_after"),
        Misconception("learning-rate-twice", learning_rate_twice, "logits_after"),
        Misconception("target-forgotten", target_forgotten, "logits_after"),
        Misconception("update-only", update_only, "logits_after"),
        Misconception("step-on-probabilities", step_on_probabilities, "logits_after"),
        replace(WRONG_LOG_BASE, parts=("loss_after",)),
        replace(SIGN_FLIPPED, parts=("loss_after",)),
        Misconception("ascent", loss_of_ascent, "loss_after"),
        Misconception("loss-before-the-step", loss_before, "loss_after"),
        Misconception("learning-rate-forgotten", loss_without_rate, "loss_after"),
        Misconception("learning-rate-twice", loss_of_rate_twice, "loss_after"),
        Misconception("linear-estimate", linear_estimate, "loss_after"),
    ),
    carried=(Carry("loss_after", ("logits_after",), loss_of_own),),
    identities=(Identity("sum-unchanged", ("logits_after",), change_of_the_sum),),
    degenerate=lambda p: max(map(abs, p.gradient)) < SMALLEST,
    working=working,
    fallbacks={1: three_routes("2"), 2: three_routes("2"), 3: three_routes("3")},
    variants=DRAWN_AT_LEAST,
)
