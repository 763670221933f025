"""The logarithm of the sum of exponentials, for logits of ordinary size and for those that overflow."""

import math
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families import on_logits
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, less, stable_steps
from quiz_bank.misconceptions import WRONG_LOG_BASE
from quiz_bank.parameters import Logits, read_parameters
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: Logits


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        return Parameters(tuple(map(Decimal, stream.sample(range(-4, 8), stream.integer(2, 3)))))
    if level < 4:
        places = level - 1
        return Parameters(stream.decimals(stream.integer(2 * level - 1, 2 * level), -2 * 10**places, 4 * 10**places, places))
    offset = stream.choice((-1, 1)) * stream.integer(760, 2000)
    return Parameters(tuple(offset + small for small in stream.decimals(3, -10, 10, places=1)))


def truth(p: Parameters) -> Values:
    return {"logsumexp": engine.logsumexp(p.logits)}


def largest_logit_only(p: Parameters) -> float:
    return float(max(p.logits))


def sum_of_logits(p: Parameters) -> float:
    return math.fsum(map(float, p.logits))


def log_of_the_sum_of_logits(p: Parameters) -> float:
    return math.log(sum_of_logits(p))


def logarithm_forgotten(p: Parameters) -> float:
    return sum(math.exp(z) for z in p.logits)


def largest_not_added_back(p: Parameters) -> float:
    return on_logits.logsumexp([less(z, max(p.logits)) for z in p.logits])


def mean_for_sum(p: Parameters) -> float:
    return on_logits.logsumexp(p.logits) - math.log(len(p.logits))


def overflow(p: Parameters) -> list[float]:
    """Return what float64 gives where the exponentials leave its range: nothing has happened where they don't."""
    try:
        total = logarithm_forgotten(p)
    except OverflowError:
        return [math.inf]
    return [] if total else [-math.inf]


def expression(p: Parameters) -> dict[str, str]:
    terms = "+".join(f"exp({less(z, max(p.logits))})" for z in p.logits)
    return {"logsumexp": f"{max(p.logits)}+ln({terms})"}


PRESETS = {
    "three-routes": read_parameters(Parameters, {"logits": ["2", "1", "0.1"]}),
    "thousand": read_parameters(Parameters, {"logits": ["1000", "1000"]}),
}

FAMILY = Family(
    slug="logsumexp",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(60), 2: Level(90), 3: Level(150), 4: Level(90)},
    parameters=Parameters,
    draw=draw,
    # Special, for the mistake may be an infinity; five digits, for the largest logit is most of the value.
    parts=(PartSpec("logsumexp", in_log_units=True, significant_digits=5, special=True),),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        Misconception("largest-logit-only", largest_logit_only, "logsumexp"),
        Misconception("overflow", overflow, "logsumexp"),
        Misconception("largest-not-added-back", largest_not_added_back, "logsumexp"),
        Misconception("sum-of-logits", sum_of_logits, "logsumexp"),
        Misconception("log-of-the-sum-of-logits", log_of_the_sum_of_logits, "logsumexp"),
        Misconception("logarithm-forgotten", logarithm_forgotten, "logsumexp"),
        Misconception("mean-for-sum", mean_for_sum, "logsumexp"),
    ),
    expression=expression,
    working=lambda p: stable_steps(p.logits),
    presets=PRESETS,
    preset_levels={"three-routes": 2, "thousand": 4},
    fallbacks={level: PRESETS["thousand" if level == 4 else "three-routes"] for level in (1, 2, 3, 4)},
    variants=DRAWN_AT_LEAST,
)
