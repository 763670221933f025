"""One loss by three routes: softmax and a logarithm, log-softmax, and logsumexp less the true class's logit."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, logsumexp, sigmoid, softmax, stable_steps
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, Logits, index_within, read_parameters
from quiz_bank.problem import Carry, Convention, Exact, Family, Identity, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    target: ClassIndex

    @property
    def true_logit(self) -> float:
        return float(self.logits[self.target])

    @property
    def others(self) -> list[Exact]:
        return [z for k, z in enumerate(self.logits) if k != self.target]


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    return Parameters(logits, stream.integer(0, len(logits) - 1))


def truth(p: Parameters) -> Values:
    return {
        "probability": engine.softmax(p.logits)[p.target],
        "log_probability": engine.log_softmax(p.logits)[p.target],
        "logsumexp": engine.logsumexp(p.logits),
        "loss": engine.cross_entropy_from_logits(p.logits, p.target),
    }


def sigmoid_each(p: Parameters) -> float:
    return sigmoid(p.true_logit)


def unnormalised_exponential(p: Parameters) -> float:
    return math.exp(p.true_logit)


def normalised_logit(p: Parameters) -> float:
    return p.true_logit / math.fsum(map(float, p.logits))


def softmax_twice(p: Parameters) -> list[float]:
    return [softmax(softmax(p.logits))[p.target]]


def wrong_class(p: Parameters) -> list[float]:
    return [math.exp(float(z) - logsumexp(p.logits)) for z in p.others]


def largest_logit_only(p: Parameters) -> float:
    return float(max(p.logits))


def sum_of_logits(p: Parameters) -> float:
    return math.fsum(map(float, p.logits))


def true_class_left_out(p: Parameters) -> float:
    return logsumexp(p.others)


def complement(p: Parameters) -> float:
    return 1 - softmax(p.logits)[p.target]


def logarithm(recipe: Callable[[Parameters], list[float]]) -> Callable[[Parameters], list[float]]:
    """Return what a wrong probability leads to as a log-probability."""
    return lambda p: [ln(q) for q in recipe(p)]


def loss(recipe: Callable[[Parameters], list[float]]) -> Callable[[Parameters], list[float]]:
    """Return what a wrong probability leads to as a loss."""
    return lambda p: [-ln(q) for q in recipe(p)]


def number(own: Values, part: str) -> float:
    (given,) = components(own[part])
    return given


def loss_from_logsumexp(p: Parameters, own: Values) -> float:
    return number(own, "logsumexp") - p.true_logit


THREE_ROUTES = read_parameters(Parameters, {"logits": ["2", "1", "0.1"], "target": 0})

FAMILY = Family(
    slug="ce-three-routes",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(150), 2: Level(180), 3: Level(270)},
    parameters=Parameters,
    check=lambda p: index_within(p, "target", "logits"),
    draw=draw,
    parts=(
        PartSpec("probability"),
        PartSpec("log_probability", in_log_units=True),
        PartSpec("logsumexp", in_log_units=True),
        PartSpec("loss", in_log_units=True),
    ),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("log_probability", "loss")),
        Misconception("sigmoid-each", sigmoid_each, "probability"),
        Misconception("unnormalised-exponentials", unnormalised_exponential, "probability"),
        Misconception("normalised-logits", normalised_logit, "probability"),
        Misconception("softmax-twice", softmax_twice, "probability"),
        Misconception("wrong-class", wrong_class, "probability"),
        Misconception("logit-as-log-probability", lambda p: p.true_logit, "log_probability"),
        Misconception("softmax-twice", logarithm(softmax_twice), "log_probability"),
        Misconception("wrong-class", logarithm(wrong_class), "log_probability"),
        Misconception("largest-logit-only", largest_logit_only, "logsumexp"),
        Misconception("sum-of-logits", sum_of_logits, "logsumexp"),
        Misconception("true-class-left-out", true_class_left_out, "logsumexp"),
        Misconception("softmax-twice", loss(softmax_twice), "loss"),
        Misconception("logit-as-log-probability", lambda p: -p.true_logit, "loss"),
        Misconception("wrong-class", loss(wrong_class), "loss"),
        Misconception("complement", complement, "loss"),
    ),
    carried=(
        Carry("log_probability", ("probability",), lambda _, own: math.log(number(own, "probability"))),
        Carry("loss", ("probability",), lambda _, own: -math.log(number(own, "probability"))),
        Carry("loss", ("log_probability",), lambda _, own: -number(own, "log_probability")),
        Carry("loss", ("logsumexp",), loss_from_logsumexp),
    ),
    identities=(
        Identity(
            "second-route", ("log_probability", "loss"), lambda _, own: number(own, "loss") + number(own, "log_probability")
        ),
        Identity("third-route", ("logsumexp", "loss"), lambda p, own: number(own, "loss") - loss_from_logsumexp(p, own)),
    ),
    working=lambda p: {**stable_steps(p.logits), "true_logit": p.logits[p.target]},
    presets={"three-routes": THREE_ROUTES},
    preset_levels={"three-routes": 2},
    fallbacks=dict.fromkeys((1, 2, 3), THREE_ROUTES),
    variants=DRAWN_AT_LEAST,
)
