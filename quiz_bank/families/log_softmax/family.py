"""Log-probabilities straight from the logits: each logit, less the logsumexp of all."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families import on_logits
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, less, sigmoid, stable_steps
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Logits, read_parameters
from quiz_bank.problem import Convention, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits


def draw(stream: Stream, level: int) -> Parameters:
    return Parameters(draw_logits(stream, level))


def truth(p: Parameters) -> Values:
    return {"log_probabilities": engine.log_softmax(p.logits)}


def log_of_unnormalised(p: Parameters) -> Vector:
    return tuple(map(float, p.logits))


def largest_subtracted_only(p: Parameters) -> Vector:
    return tuple(float(less(z, max(p.logits))) for z in p.logits)


def probabilities_for_logarithms(p: Parameters) -> Vector:
    return on_logits.softmax(p.logits)


def sigmoid_each(p: Parameters) -> Vector:
    return tuple(ln(sigmoid(z)) for z in p.logits)


def softmax_twice(p: Parameters) -> Vector:
    return tuple(map(ln, on_logits.softmax(on_logits.softmax(p.logits))))


def distance_from_one(_: Parameters, own: Values) -> float:
    return math.fsum(map(math.exp, components(own["log_probabilities"]))) - 1


THREE_ROUTES = read_parameters(Parameters, {"logits": ["2", "1", "0.1"]})

FAMILY = Family(
    slug="log-softmax",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(90), 2: Level(120), 3: Level(180), 4: Level(150)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("log_probabilities", "vector", in_log_units=True),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("log-of-unnormalised", log_of_unnormalised, "log_probabilities"),
        Misconception("largest-subtracted-only", largest_subtracted_only, "log_probabilities"),
        Misconception("probabilities-for-logarithms", probabilities_for_logarithms, "log_probabilities"),
        Misconception("sigmoid-each", sigmoid_each, "log_probabilities"),
        Misconception("softmax-twice", softmax_twice, "log_probabilities"),
    ),
    identities=(Identity("exponentials-sum-to-one", ("log_probabilities",), distance_from_one),),
    working=lambda p: stable_steps(p.logits),
    presets={"three-routes": THREE_ROUTES},
    preset_levels={"three-routes": 2},
    fallbacks=dict.fromkeys((1, 2, 3, 4), THREE_ROUTES),
    variants=DRAWN_AT_LEAST,
)
