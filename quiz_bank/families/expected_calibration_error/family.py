"""The expected calibration error of a table of bins: gaps between confidence and accuracy, weighted by the bins' sizes."""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import fmean
from typing import Final

from quiz_bank.families.on_averages import exact_mean, something_counts
from quiz_bank.parameters import Counts, Probabilities, read_parameters, same_length
from quiz_bank.problem import Convention, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

BINS: Final = {1: 2, 2: 3, 3: 5}


@dataclass(frozen=True, slots=True)
class Parameters:
    counts: Counts
    confidences: Probabilities
    accuracies: Probabilities

    @property
    def gaps(self) -> list[float]:
        """Confidence minus accuracy of each bin: positive where the model is too sure."""
        return [float(c) - float(a) for c, a in zip(self.confidences, self.accuracies, strict=True)]

    @property
    def filled(self) -> list[float]:
        """The size of the gap of each bin with samples in it."""
        return [abs(gap) for gap, n in zip(self.gaps, self.counts, strict=True) if n]


def draw(stream: Stream, level: int) -> Parameters:
    bins = BINS[level]
    counts = tuple(100 * stream.integer(1, 4 if level == 1 else 12) for _ in range(bins))
    width = Decimal("0.5") / bins  # the class that a model prefers seldom has less than one half
    confidences = [1 - ((i + stream.decimal(20, 80, 2)) * width).quantize(Decimal("0.01")) for i in range(bins)][::-1]
    gaps = stream.decimals(bins, -12, 28, 2)  # rather too sure than not sure enough
    accuracies = [min(Decimal("0.99"), max(Decimal("0.01"), c - gap)) for c, gap in zip(confidences, gaps, strict=True)]
    return Parameters(counts, tuple(confidences), tuple(accuracies))


def check(p: Parameters) -> None:
    same_length(p, "counts", "confidences")
    same_length(p, "counts", "accuracies")
    something_counts(p, "counts")


def truth(p: Parameters) -> Values:
    exact = [abs(Fraction(c) - Fraction(a)) for c, a in zip(p.confidences, p.accuracies, strict=True)]
    return {"ece": float(exact_mean(exact, p.counts))}


def weighted(p: Parameters, values: list[float]) -> float:
    return sum(n * x for x, n in zip(values, p.counts, strict=True)) / sum(p.counts)


def unweighted_bins(p: Parameters) -> list[float]:
    return [fmean(p.filled)] if len(set(p.counts)) > 1 else []


def sum_for_mean(p: Parameters) -> float:
    return sum(p.filled)


def signed_gaps(p: Parameters) -> list[float]:
    # Gaps of one sign can't cancel: whoever leaves the signs in is right then.
    total = weighted(p, p.gaps)
    return [total, -total] if min(p.gaps) < 0 < max(p.gaps) else []


def largest_gap(p: Parameters) -> float:
    return max(p.filled)


def squared_gaps(p: Parameters) -> list[float]:
    square = weighted(p, [gap**2 for gap in p.gaps])
    return [square, math.sqrt(square)]


def accuracy_itself(p: Parameters) -> float:
    return weighted(p, [float(a) for a in p.accuracies])


def mean_confidence(p: Parameters) -> float:
    return weighted(p, [float(c) for c in p.confidences])


def working(p: Parameters) -> dict[str, object]:
    sizes = [abs(gap) for gap in p.gaps]
    # Exact: gaps that cancel must leave 0, not a rounding error with a sign.
    signed = [Fraction(c) - Fraction(a) for c, a in zip(p.confidences, p.accuracies, strict=True)]
    return {
        "gaps": sizes,
        "total": sum(p.counts),
        "terms": [n * gap for gap, n in zip(sizes, p.counts, strict=True)],
        "net": float(exact_mean(signed, p.counts)),
    }


FALLBACK = read_parameters(
    Parameters, {"counts": [100, 300, 600], "confidences": ["0.2", "0.5", "0.9"], "accuracies": ["0.3", "0.45", "0.7"]}
)

FAMILY = Family(
    slug="expected-calibration-error",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(75), 3: Level(120)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("ece"),),
    truth=truth,
    convention=lambda _: Convention(),
    misconceptions=(
        Misconception("unweighted-bins", unweighted_bins, "ece"),
        Misconception("signed-gaps", signed_gaps, "ece"),
        Misconception("largest-gap", largest_gap, "ece"),
        Misconception("sum-for-mean", sum_for_mean, "ece"),
        Misconception("squared-gaps", squared_gaps, "ece"),
        Misconception("accuracy-itself", accuracy_itself, "ece"),
        Misconception("mean-confidence", mean_confidence, "ece"),
    ),
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=100_000,  # a lower bound: level 1 alone has millions
)
