"""From logits to probabilities: exponentials, divided by their sum."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families import on_logits
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, sigmoid, stable_steps
from quiz_bank.parameters import Logits, read_parameters
from quiz_bank.problem import Convention, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits


def draw(stream: Stream, level: int) -> Parameters:
    return Parameters(draw_logits(stream, level))


def truth(p: Parameters) -> Values:
    return {"probabilities": engine.softmax(p.logits)}


def normalised_logits(p: Parameters) -> Vector:
    total = math.fsum(map(float, p.logits))
    return tuple(float(z) / total for z in p.logits)


def sigmoid_each(p: Parameters) -> Vector:
    return tuple(sigmoid(z) for z in p.logits)


def unnormalised_exponentials(p: Parameters) -> Vector:
    return tuple(math.exp(z) for z in p.logits)


def powers_of_ten(p: Parameters) -> Vector:
    return on_logits.softmax([float(z) * math.log(10) for z in p.logits])


def softmax_twice(p: Parameters) -> Vector:
    return on_logits.softmax(on_logits.softmax(p.logits))


def distance_from_one(_: Parameters, own: Values) -> float:
    return math.fsum(components(own["probabilities"])) - 1


THREE_ROUTES = read_parameters(Parameters, {"logits": ["2", "1", "0.1"]})

FAMILY = Family(
    slug="softmax",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(90), 2: Level(120), 3: Level(180), 4: Level(150)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("probabilities", "vector"),),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        Misconception("unnormalised-exponentials", unnormalised_exponentials, "probabilities"),
        Misconception("normalised-logits", normalised_logits, "probabilities"),
        Misconception("sigmoid-each", sigmoid_each, "probabilities"),
        Misconception("softmax-twice", softmax_twice, "probabilities"),
        Misconception("powers-of-ten", powers_of_ten, "probabilities"),
    ),
    identities=(Identity("sum-to-one", ("probabilities",), distance_from_one),),
    degenerate=lambda p: sum(p.logits) == 0,  # what divides the logits by their sum would lead nowhere
    working=lambda p: stable_steps(p.logits),
    presets={"three-routes": THREE_ROUTES},
    preset_levels={"three-routes": 2},
    fallbacks=dict.fromkeys((1, 2, 3, 4), THREE_ROUTES),
    variants=DRAWN_AT_LEAST,
)
