"""InfoNCE: the cross-entropy that picks the one positive among negatives, at a temperature."""

import math
from dataclasses import dataclass
from typing import Final

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import less, logsumexp
from quiz_bank.families.on_similarities import draw_temperature, loss_of, scaled
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import ClassIndex, Logits, Positive, index_within, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

LARGEST_EXPONENT: Final = 700  # e^z overflows a little above


@dataclass(frozen=True, slots=True)
class Parameters:
    similarities: Logits
    positive: ClassIndex
    temperature: Positive

    @property
    def logits(self) -> tuple[float, ...]:
        return tuple(map(float, scaled(self.similarities, self.temperature)))

    @property
    def negatives(self) -> tuple[float, ...]:
        return tuple(z for j, z in enumerate(self.logits) if j != self.positive)


def draw(stream: Stream, level: int) -> Parameters:
    count = {1: 3, 2: 4, 3: stream.integer(4, 6)}[level]
    positive = stream.integer(0, count - 1)
    similarities = [stream.decimal(-20, 70, 2) for _ in range(count)]
    similarities[positive] = stream.decimal(30, 80, 2)
    return Parameters(tuple(similarities), positive, draw_temperature(stream, level))


def truth(p: Parameters) -> Values:
    return {"loss": engine.info_nce(p.similarities, p.positive, temperature=p.temperature)}


def positive_left_out_below(p: Parameters) -> float:
    return logsumexp(p.negatives) - p.logits[p.positive]


def temperature_inverted(p: Parameters) -> float:
    return loss_of([float(s) * float(p.temperature) for s in p.similarities], p.positive)


def temperature_forgotten(p: Parameters) -> float:
    return loss_of(p.similarities, p.positive)


def wrong_positive(p: Parameters) -> list[float]:
    return [loss_of(p.logits, j) for j in range(len(p.logits)) if j != p.positive]


def similarity_alone(p: Parameters) -> float:
    return -p.logits[p.positive]


def expression(p: Parameters) -> dict[str, str]:
    gaps = [less(s, p.similarities[p.positive]) for s in p.similarities]
    return {"loss": "ln(" + "+".join(f"exp({gap}/({p.temperature}))" for gap in gaps) + ")"}


def working(p: Parameters) -> dict[str, object]:
    gaps = tuple(z - p.logits[p.positive] for z in p.negatives)
    return {
        "logits": p.logits,
        "own_logit": p.logits[p.positive],
        "gaps": gaps,
        "largest_gap": max(gaps),
        "rest": math.fsum(map(math.exp, gaps)) if max(gaps) < LARGEST_EXPONENT else None,
        "count": len(p.logits),
    }


def preset(similarities: list[str], temperature: str) -> Parameters:
    return read_parameters(Parameters, {"similarities": similarities, "positive": 0, "temperature": temperature})


PRESETS = {"three": preset(["0.8", "0.5", "0.1"], "0.5"), "moco": preset(["0.61", "0.55", "0.2", "-0.1"], "0.07")}

FAMILY = Family(
    slug="info-nce",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(90), 2: Level(120), 3: Level(150)},
    parameters=Parameters,
    check=lambda p: index_within(p, "positive", "similarities"),
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("positive-left-out-below", positive_left_out_below, "loss"),
        Misconception("temperature-inverted", temperature_inverted, "loss"),
        Misconception("temperature-forgotten", temperature_forgotten, "loss"),
        Misconception("wrong-positive", wrong_positive, "loss"),
        Misconception("similarity-alone", similarity_alone, "loss"),
    ),
    expression=expression,
    working=working,
    presets=PRESETS,
    preset_levels={"three": 1, "moco": 3},
    fallbacks={1: PRESETS["three"], 2: PRESETS["three"], 3: PRESETS["moco"]},
    variants=500_000,  # a lower bound: level 1 has 51 similarities of the positive and 91 of each of two negatives
)
