"""The Jensen-Shannon divergence: how far two distributions lie from the middle between them, and how far they could."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import cross_entropy, entropy, gap
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Distribution, read_parameters, same_length
from quiz_bank.problem import Carry, Convention, Family, Level, LogBase, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    target: Distribution
    prediction: Distribution
    log_base: Base = "e"

    @property
    def mixture(self) -> tuple[float, ...]:
        """The middle between the two."""
        return tuple(float((Fraction(a) + Fraction(b)) / 2) for a, b in zip(self.target, self.prediction, strict=True))


def draw(stream: Stream, level: int) -> Parameters:
    base: LogBase = stream.choice(["2", "10"]) if level == 3 else "e"
    classes = {1: 2, 2: 3, 3: stream.integer(3, 4)}[level]
    target, prediction = (stream.distribution(classes, minimum=2) for _ in range(2))
    return Parameters(target, prediction, base)


def too_close(p: Parameters) -> bool:
    return gap(p.target, p.prediction) < 0.35


def truth(p: Parameters) -> Values:
    return {
        "jsd": engine.jensen_shannon(p.target, p.prediction, log_base=p.log_base),
        "share": engine.jensen_shannon(p.target, p.prediction, log_base="2"),  # the bound is one bit
    }


def to_mixture(p: Parameters) -> list[float]:
    """Return the divergence of each of the two from the mixture."""
    return [cross_entropy(one, p.mixture, p.log_base) - entropy(one, p.log_base) for one in (p.target, p.prediction)]


def right_jsd(p: Parameters) -> float:
    return sum(to_mixture(p)) / 2


def mean_of_kls(p: Parameters) -> float:
    crossed = sum(cross_entropy(a, b, p.log_base) for a, b in ((p.target, p.prediction), (p.prediction, p.target)))
    return (crossed - entropy(p.target, p.log_base) - entropy(p.prediction, p.log_base)) / 2


def mixture_unnormalised(p: Parameters) -> float:
    return right_jsd(p) - log(2, p.log_base)


def sum_of_both(p: Parameters) -> float:
    return sum(to_mixture(p))


def distance(p: Parameters) -> float:
    return math.sqrt(right_jsd(p))


def bound_of_one(p: Parameters) -> list[float]:
    return [] if p.log_base == "2" else [right_jsd(p)]


def bound_by_classes(p: Parameters) -> list[float]:
    classes = len(p.target)
    return [] if classes == 2 else [right_jsd(p) / log(classes, p.log_base)]


def share_inverted(p: Parameters) -> float:
    return log(2, p.log_base) / right_jsd(p)


def share_of_own(p: Parameters, own: Values) -> float:
    return components(own["jsd"])[0] / log(2, p.log_base)


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if 0 in p.target + p.prediction else None)


def working(p: Parameters) -> dict[str, object]:
    first, second = to_mixture(p)
    return {"mixture": p.mixture, "first": first, "second": second, "bound": log(2, p.log_base), "distance": distance(p)}


FALLBACK = read_parameters(Parameters, {"target": ["0.7", "0.2", "0.1"], "prediction": ["0.1", "0.3", "0.6"]})

FAMILY = Family(
    slug="jensen-shannon",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(150), 2: Level(210), 3: Level(270)},
    parameters=Parameters,
    check=lambda p: same_length(p, "target", "prediction"),
    draw=draw,
    parts=(PartSpec("jsd", in_log_units=True), PartSpec("share")),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("jsd",)),
        Misconception("mean-of-the-two-kls", mean_of_kls, "jsd"),
        Misconception("mixture-unnormalised", mixture_unnormalised, "jsd"),
        Misconception("one-side-only", to_mixture, "jsd"),
        Misconception("sum-for-mean", sum_of_both, "jsd"),
        Misconception("distance-for-divergence", distance, "jsd"),
        Misconception("bound-of-one", bound_of_one, "share"),
        Misconception("bound-by-classes", bound_by_classes, "share"),
        Misconception("share-inverted", share_inverted, "share"),
    ),
    carried=(Carry("share", ("jsd",), share_of_own),),
    working=working,
    degenerate=too_close,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=5_000,  # a lower bound: level 1 alone has some 6,000
)
