"""The perplexity of a text: e to the mean loss of its tokens, or 2 to the mean in bits, which is the same number."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import fmean

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_averages import log_sum, reduced_loss
from quiz_bank.misconceptions import NATS_PER, SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Probabilities, read_parameters
from quiz_bank.problem import (
    UNIT_OF_BASE,
    Carry,
    Convention,
    Family,
    Level,
    LogBase,
    Misconception,
    PartSpec,
    Values,
    components,
)
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    probabilities: Probabilities
    log_base: Base = "e"

    @property
    def losses(self) -> list[float]:
        return [-log(q, self.log_base) for q in self.probabilities]

    @property
    def nats(self) -> float:
        """How many nats the unit of the losses has."""
        return NATS_PER[UNIT_OF_BASE[self.log_base]]


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:  # bits that need no calculator
        return Parameters(halves(stream), "2")
    base: LogBase = stream.choice(("2", "10")) if level == 3 else "e"
    return Parameters(stream.decimals(stream.integer(*{2: (3, 4), 3: (4, 6)}[level]), 2, 95, places=2), base)


def halves(stream: Stream) -> tuple[Fraction, ...]:
    """Return four powers of 1/2 whose mean loss is a whole number of bits."""
    bits = [stream.integer(1, 6) for _ in range(3)]
    bits.append(stream.choice([k for k in range(1, 7) if (sum(bits) + k) % 4 == 0]))
    return tuple(Fraction(1, 2**k) for k in bits)


def uniform(p: Parameters) -> bool:
    """Say whether all tokens are equally likely, so that no average can go wrong."""
    return len(set(p.probabilities)) == 1


def truth(p: Parameters) -> Values:
    return {
        "loss": reduced_loss(p.probabilities, "mean", p.log_base),
        "perplexity": engine.sequence_perplexity(p.probabilities),
    }


def sum_for_mean(p: Parameters) -> float:
    return sum(p.losses)


def log_of_mean(p: Parameters) -> float:
    return -log(fmean(p.probabilities), p.log_base)


def mean_of_perplexities(p: Parameters) -> float:
    return fmean(1 / float(q) for q in p.probabilities)


def perplexity_of_mean_probability(p: Parameters) -> float:
    return 1 / fmean(p.probabilities)


def root_forgotten(p: Parameters) -> float:
    return 1 / math.prod(map(float, p.probabilities))


def mean_probability(p: Parameters) -> float:
    return math.exp(fmean(math.log(q) for q in p.probabilities))


def base_mismatched(p: Parameters) -> list[float]:
    mean = fmean(p.losses)
    return [base**mean for other, base in (("e", math.e), ("2", 2.0), ("10", 10.0)) if other != p.log_base]


def perplexity_of_own(p: Parameters, own: Values) -> float:
    (mean,) = components(own["loss"])
    return math.exp(mean * p.nats)


def expression(p: Parameters) -> dict[str, str]:
    mean = f"{log_sum(p.probabilities, p.log_base)}/{len(p.probabilities)}"
    return {"loss": mean, "perplexity": f"{p.log_base}^({mean})"}


def working(p: Parameters) -> dict[str, object]:
    return {"losses": p.losses, "count": len(p.probabilities), "total": sum(p.losses)}


FALLBACK = read_parameters(Parameters, {"probabilities": ["0.5", "0.2", "0.05"]})

FAMILY = Family(
    slug="token-perplexity",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(90), 3: Level(120)},
    parameters=Parameters,
    draw=draw,
    degenerate=uniform,
    parts=(PartSpec("loss", in_log_units=True), PartSpec("perplexity")),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("loss",)),
        Misconception("sum-for-mean", sum_for_mean, "loss"),
        Misconception("log-of-mean", log_of_mean, "loss"),
        Misconception("mean-of-perplexities", mean_of_perplexities, "perplexity"),
        Misconception("base-mismatched", base_mismatched, "perplexity"),
        Misconception("root-forgotten", root_forgotten, "perplexity"),
        Misconception("mean-probability", mean_probability, "perplexity"),
        Misconception("perplexity-of-mean-probability", perplexity_of_mean_probability, "perplexity"),
    ),
    carried=(Carry("perplexity", ("loss",), perplexity_of_own),),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=3000,  # at the least: level 1 has only some 300, and a third of the drawings meet it
)
