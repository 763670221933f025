"""Softmax at a temperature: the logits are divided by it first, so a high one flattens and a low one sharpens."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, less, softmax
from quiz_bank.parameters import Logits, Positive, read_parameters
from quiz_bank.problem import Convention, Family, Identity, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream

STEPS = {1: (1, 8, 5), 2: (4, 40, 1), 3: (20, 500, 1)}
"""The temperature at each level: so many steps, from and to, of so many units in the last place."""
SUREST = 0.99
"""Beyond this one class has it all, whatever is done with the temperature."""


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits
    temperature: Positive

    @property
    def scaled(self) -> list[float]:
        return [float(z) / float(self.temperature) for z in self.logits]


def draw(stream: Stream, level: int) -> Parameters:
    low, high, step = STEPS[level]
    temperature = stream.decimal(low, high, 2 if level == 3 else 1) * step
    return Parameters(draw_logits(stream, level), temperature)


def truth(p: Parameters) -> Values:
    return {"probabilities": engine.softmax(p.logits, temperature=p.temperature)}


def temperature_multiplied(p: Parameters) -> Vector:
    return softmax([float(z) * float(p.temperature) for z in p.logits])


def temperature_ignored(p: Parameters) -> Vector:
    return softmax(p.logits)


def temperature_after_the_softmax(p: Parameters) -> Vector:
    return tuple(q / float(p.temperature) for q in softmax(p.logits))


def softmax_twice(p: Parameters) -> Vector:
    return softmax(temperature_after_the_softmax(p))


def unnormalised_exponentials(p: Parameters) -> Vector:
    return tuple(map(math.exp, p.scaled))


def distance_from_one(_: Parameters, own: Values) -> float:
    return math.fsum(components(own["probabilities"])) - 1


def working(p: Parameters) -> dict[str, object]:
    scaled = tuple(float(less(z, max(p.logits))) / float(p.temperature) for z in p.logits)
    exponentials = tuple(map(math.exp, scaled))
    return {
        "largest": max(p.logits),
        "scaled": scaled,
        "exponentials": exponentials,
        "total": sum(exponentials),
        "at_one": softmax(p.logits),
    }


THREE_ROUTES = read_parameters(Parameters, {"logits": ["2", "1", "0.1"], "temperature": "2"})

FAMILY = Family(
    slug="softmax-temperature",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(210)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("probabilities", "vector"),),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        Misconception("temperature-multiplied", temperature_multiplied, "probabilities"),
        Misconception("temperature-ignored", temperature_ignored, "probabilities"),
        Misconception("temperature-after-the-softmax", temperature_after_the_softmax, "probabilities"),
        Misconception("softmax-twice", softmax_twice, "probabilities"),
        Misconception("unnormalised-exponentials", unnormalised_exponentials, "probabilities"),
    ),
    identities=(Identity("sum-to-one", ("probabilities",), distance_from_one),),
    degenerate=lambda p: max(softmax(p.scaled)) > SUREST,
    working=working,
    presets={"three-routes": THREE_ROUTES},
    preset_levels={"three-routes": 1},
    fallbacks=dict.fromkeys((1, 2, 3), THREE_ROUTES),
    variants=DRAWN_AT_LEAST,
)
