"""Where binary cross-entropy comes from: the likelihood of a sample, its negative logarithm, in total and on average."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Labels, Probabilities, read_parameters, same_length
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream

RECOGNISABLE = tuple(map(Decimal, ("0.1", "0.2", "0.25", "0.3", "0.4", "0.5", "0.6", "0.7", "0.75", "0.8", "0.9")))


@dataclass(frozen=True, slots=True)
class Parameters:
    probabilities: Probabilities
    labels: Labels

    @property
    def hits(self) -> tuple[Exact, ...]:
        """The probability that each label got."""
        return tuple(q if y else 1 - q for q, y in zip(self.probabilities, self.labels, strict=True))


def draw(stream: Stream, level: int) -> Parameters:
    count = {1: 3, 2: 4, 3: stream.integer(5, 6)}[level]
    easy = tuple(stream.choice(RECOGNISABLE) for _ in range(count))
    probabilities = easy if level == 1 else stream.decimals(count, 5, 95, 2)
    ones = stream.sample(range(count), stream.integer(1, count - 1))  # both labels occur
    return Parameters(probabilities, tuple(int(n in ones) for n in range(count)))


def truth(p: Parameters) -> Values:
    likelihood = math.prod((Fraction(q) for q in p.hits), start=Fraction(1))
    share = Fraction(1, len(p.hits))
    return {
        "likelihood": float(likelihood),
        "total": engine.surprisal(likelihood),
        "mean": engine.cross_entropy([share] * len(p.hits), p.hits),
    }


def hits_added(p: Parameters) -> float:
    return math.fsum(map(float, p.hits))


def labels_ignored(p: Parameters) -> float:
    return math.prod(map(float, p.probabilities))


def positives_only(p: Parameters) -> float:
    return math.prod(float(q) for q, y in zip(p.hits, p.labels, strict=True) if y)


def geometric_mean(p: Parameters) -> float:
    return math.pow(likelihood(p), 1 / len(p.hits))


def likelihood(p: Parameters) -> float:
    return math.prod(map(float, p.hits))


def total(p: Parameters) -> float:
    return -sum(map(ln, p.hits))


def mean(p: Parameters) -> float:
    return total(p) / len(p.hits)


def losses_multiplied(p: Parameters) -> float:
    return math.prod(-ln(q) for q in p.hits)


def loss_of_positives(p: Parameters) -> float:
    return -ln(positives_only(p))


def logarithm_of_the_sum(p: Parameters) -> float:
    return -ln(hits_added(p))


def logarithm_of_the_mean(p: Parameters) -> float:
    return -ln(hits_added(p) / len(p.hits))


def total_of_own(_: Parameters, own: Values) -> float:
    (given,) = components(own["likelihood"])
    return -math.log(given)


def mean_of_own(p: Parameters, own: Values) -> float:
    (given,) = components(own["total"])
    return given / len(p.hits)


def working(p: Parameters) -> dict[str, object]:
    return {"hits": p.hits, "losses": tuple(-ln(q) for q in p.hits), "count": len(p.hits)}


def preset(probabilities: list[str], labels: list[int]) -> Parameters:
    return read_parameters(Parameters, {"probabilities": probabilities, "labels": labels})


FALLBACK = preset(["0.9", "0.2", "0.6"], [1, 0, 1])

FAMILY = Family(
    slug="bernoulli-likelihood",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(120), 2: Level(150), 3: Level(210)},
    parameters=Parameters,
    check=lambda p: same_length(p, "probabilities", "labels"),
    draw=draw,
    parts=(PartSpec("likelihood"), PartSpec("total", in_log_units=True), PartSpec("mean", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        Misconception("sum-for-product", hits_added, "likelihood"),
        Misconception("labels-ignored", labels_ignored, "likelihood"),
        Misconception("positives-only", positives_only, "likelihood"),
        Misconception("geometric-mean", geometric_mean, "likelihood"),
        Misconception("logarithm-for-likelihood", total, "likelihood"),
        replace(WRONG_LOG_BASE, parts=("total", "mean")),
        replace(SIGN_FLIPPED, parts=("total", "mean")),
        Misconception("mean-for-sum", mean, "total"),
        Misconception("product-for-sum", losses_multiplied, "total"),
        Misconception("positives-only", loss_of_positives, "total"),
        Misconception("logarithm-of-the-sum", logarithm_of_the_sum, "total"),
        Misconception("sum-for-mean", total, "mean"),
        Misconception("logarithm-of-the-mean", logarithm_of_the_mean, "mean"),
    ),
    carried=(Carry("total", ("likelihood",), total_of_own), Carry("mean", ("total",), mean_of_own)),
    working=working,
    fallbacks={1: FALLBACK, 2: FALLBACK, 3: FALLBACK},
    variants=11**3 * 6,  # those of level 1, the fewest
)
