"""Three scores of the same yes-or-no predictions: log loss, Brier score and accuracy."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import fmean
from typing import Final

from quiz_bank.families.on_averages import exact_mean, log_sum, reduced_loss
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Labels, Probabilities, read_parameters, same_length
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

SAMPLES: Final = {1: 3, 2: 4, 3: 6}


@dataclass(frozen=True, slots=True)
class Parameters:
    probabilities: Probabilities
    labels: Labels

    @property
    def hits(self) -> list[Exact]:
        """The probability that each label got."""
        return [q if y else 1 - q for q, y in zip(self.probabilities, self.labels, strict=True)]

    @property
    def gaps(self) -> list[float]:
        return [float(1 - hit) for hit in self.hits]

    @property
    def decided_right(self) -> list[int]:
        return [int((2 * q >= 1) == y) for q, y in zip(self.probabilities, self.labels, strict=True)]


def draw(stream: Stream, level: int) -> Parameters:
    count = SAMPLES[level]
    hits = list(stream.decimals(count, 6, 9, 1) if level == 1 else stream.decimals(count, 52, 97, 2))
    for i in stream.sample(range(count), stream.integer(1, count // 2)):
        hits[i] = 1 - hits[i]  # a sample on the wrong side of 1/2
    positives = stream.sample(range(count), stream.integer(1, count - 1))
    labels = tuple(int(i in positives) for i in range(count))
    return Parameters(tuple(hit if y else 1 - hit for hit, y in zip(hits, labels, strict=True)), labels)


def truth(p: Parameters) -> Values:
    return {
        "log_loss": reduced_loss(p.hits),
        "brier": float(exact_mean([(1 - Fraction(hit)) ** 2 for hit in p.hits])),
        "accuracy": float(Fraction(sum(p.decided_right), len(p.labels))),
    }


def sum_of_losses(p: Parameters) -> float:
    return -sum(map(ln, p.hits))


def label_flipped(p: Parameters) -> float:
    return -fmean(map(ln, p.gaps))


def positives_only(p: Parameters) -> list[float]:
    total = -sum(ln(hit) for hit, y in zip(p.hits, p.labels, strict=True) if y)
    return [total / len(p.labels), total / max(1, sum(p.labels))]


def mean_gap(p: Parameters) -> float:
    return fmean(p.gaps)


def sum_of_squares(p: Parameters) -> float:
    return sum(gap**2 for gap in p.gaps)


def wrong_gap(p: Parameters) -> float:
    return fmean(float(hit) ** 2 for hit in p.hits)


def both_classes(p: Parameters) -> float:
    return 2 * sum_of_squares(p) / len(p.labels)


def halved(p: Parameters) -> float:
    return sum_of_squares(p) / (2 * len(p.labels))


def root_taken(p: Parameters) -> float:
    return math.sqrt(sum_of_squares(p) / len(p.labels))


def error_rate(p: Parameters) -> list[float]:
    wrong, right = len(p.labels) - sum(p.decided_right), sum(p.decided_right)
    return [wrong / len(p.labels)] if wrong != right else []


def mean_probability(p: Parameters) -> float:
    return fmean(p.hits)


def count_for_share(p: Parameters) -> float:
    return float(sum(p.decided_right))


def expression(p: Parameters) -> dict[str, str]:
    squares = "+".join(f"({1 - hit})^2" for hit in p.hits)
    count = len(p.labels)
    right = sum(p.decided_right)
    return {"log_loss": f"{log_sum(p.hits)}/{count}", "brier": f"({squares})/{count}", "accuracy": f"{right}/{count}"}


def working(p: Parameters) -> dict[str, object]:
    return {
        "hits": p.hits,
        "gaps": [1 - hit for hit in p.hits],
        "losses": [-ln(hit) for hit in p.hits],
        "squares": [gap**2 for gap in p.gaps],
        "decided_right": p.decided_right,
        "right": sum(p.decided_right),
        "count": len(p.labels),
    }


FALLBACK = read_parameters(Parameters, {"probabilities": ["0.9", "0.4", "0.2"], "labels": [1, 1, 0]})

FAMILY = Family(
    slug="log-loss-vs-brier-vs-accuracy",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(120), 2: Level(180), 3: Level(240)},
    parameters=Parameters,
    check=lambda p: same_length(p, "probabilities", "labels"),
    draw=draw,
    parts=(PartSpec("log_loss", in_log_units=True), PartSpec("brier"), PartSpec("accuracy")),
    truth=truth,
    convention=lambda _: Convention(log_base="e", reduction="mean"),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("log_loss",)),
        Misconception("sum-for-mean", sum_of_losses, "log_loss"),
        Misconception("label-flipped", label_flipped, "log_loss"),
        Misconception("positives-only", positives_only, "log_loss"),
        Misconception("complement", mean_gap, "log_loss"),
        Misconception("sum-for-mean", sum_of_squares, "brier"),
        Misconception("wrong-gap-squared", wrong_gap, "brier"),
        Misconception("square-forgotten", mean_gap, "brier"),
        Misconception("both-classes-added", both_classes, "brier"),
        Misconception("halved", halved, "brier"),
        Misconception("root-taken", root_taken, "brier"),
        Misconception("error-rate", error_rate, "accuracy"),
        Misconception("mean-probability", mean_probability, "accuracy"),
        Misconception("count-for-share", count_for_share, "accuracy"),
    ),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=10_000,  # a lower bound for the whole; level 1 alone has 3 · 6 · 4³
)
