"""The loss of a batch: the losses of its samples, added or averaged, without those whose label is ignored."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean
from typing import Annotated, Literal

from quiz_bank.families.on_averages import log_sum, reduced_loss
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import (
    Base,
    ClassIndices,
    DistributionRows,
    ParameterError,
    Real,
    one_of,
    read_parameters,
    same_length,
)
from quiz_bank.problem import Convention, Exact, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

NONE_IGNORED = Decimal(-100)  # PyTorch's default: a label that no sample has


@dataclass(frozen=True, slots=True)
class Parameters:
    predictions: DistributionRows
    targets: ClassIndices
    reduction: Annotated[Literal["mean", "sum"], one_of("mean", "sum")] = "mean"
    ignore_index: Real = NONE_IGNORED
    log_base: Base = "e"

    @property
    def all_hits(self) -> list[Exact]:
        """The probability that each sample's label got, ignored or not."""
        return [row[label] for row, label in zip(self.predictions, self.targets, strict=True)]

    @property
    def counted(self) -> list[int]:
        """The places of the samples that count."""
        return [i for i, label in enumerate(self.targets) if label != self.ignore_index]

    @property
    def hits(self) -> list[Exact]:
        return [self.all_hits[i] for i in self.counted]


def draw(stream: Stream, level: int) -> Parameters:
    samples, classes = {1: (2, stream.integer(2, 3)), 2: (3, 4), 3: (4, 3)}[level]
    predictions = tuple(stream.distribution(classes, minimum=4) for _ in range(samples))
    targets = [stream.integer(int(level == 3), classes - 1) for _ in range(samples)]
    if level == 3:  # class 0 is padding
        for i in stream.sample(range(samples), stream.integer(1, 2)):
            targets[i] = 0
    base: LogBase = stream.choice(["e", "2"]) if level == 3 else "e"
    ignored = Decimal(0) if level == 3 else NONE_IGNORED
    return Parameters(predictions, tuple(targets), stream.choice(("mean", "sum")), ignored, base)


def check(p: Parameters) -> None:
    same_length(p, "predictions", "targets")
    for i, (row, label) in enumerate(zip(p.predictions, p.targets, strict=True)):
        if label >= len(row):
            raise ParameterError(f"/targets/{i}", "index-out-of-range", other=f"predictions/{i}", last=len(row) - 1)
    if not p.counted:
        raise ParameterError("/targets", "nothing-counted")


def truth(p: Parameters) -> Values:
    return {"loss": reduced_loss(p.hits, p.reduction, p.log_base)}


def losses(p: Parameters, hits: list[Exact]) -> list[float]:
    return [-log(q, p.log_base) for q in hits]


def reduced(p: Parameters, values: list[float]) -> float:
    return fmean(values) if p.reduction == "mean" else sum(values)


def mean_for_sum(p: Parameters) -> list[float]:
    return [fmean(losses(p, p.hits))] if p.reduction == "sum" else []


def sum_for_mean(p: Parameters) -> list[float]:
    return [sum(losses(p, p.hits))] if p.reduction == "mean" else []


def divides_by_classes(p: Parameters) -> float:
    return reduced(p, losses(p, p.hits)) / len(p.predictions[0])


def ignored_counted(p: Parameters) -> list[float]:
    return [reduced(p, losses(p, p.all_hits))] if len(p.hits) < len(p.targets) else []


def ignored_in_divisor(p: Parameters) -> list[float]:
    left_out = p.reduction == "mean" and len(p.hits) < len(p.targets)
    return [sum(losses(p, p.hits)) / len(p.targets)] if left_out else []


def log_of_mean(p: Parameters) -> float:
    return -log(fmean(p.hits), p.log_base)


def predicted_class(p: Parameters) -> list[float]:
    largest = [max(p.predictions[i]) for i in p.counted]
    return [reduced(p, losses(p, largest))] if largest != p.hits else []


def complement(p: Parameters) -> float:
    return reduced(p, [1 - float(q) for q in p.hits])


def expression(p: Parameters) -> dict[str, str]:
    total = log_sum(p.hits, p.log_base)
    return {"loss": f"{total}/{len(p.hits)}" if p.reduction == "mean" else total}


def working(p: Parameters) -> dict[str, object]:
    each = losses(p, p.hits)
    return {
        "counted": [i + 1 for i in p.counted],
        "hits": p.hits,
        "losses": each,
        "size": len(p.targets),
        "count": len(p.hits),
        "total": sum(each),
        "nats": reduced(p, [-log(q, "e") for q in p.hits]),
    }


FALLBACK = read_parameters(Parameters, {"predictions": [["0.9", "0.1"], ["0.4", "0.6"]], "targets": [0, 0]})

FAMILY = Family(
    slug="batch-cross-entropy",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(60), 2: Level(90), 3: Level(120)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base, reduction=p.reduction),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("mean-for-sum", mean_for_sum, "loss"),
        Misconception("sum-for-mean", sum_for_mean, "loss"),
        Misconception("ignored-counted", ignored_counted, "loss"),
        Misconception("ignored-in-divisor", ignored_in_divisor, "loss"),
        Misconception("divides-by-classes", divides_by_classes, "loss"),
        Misconception("predicted-class", predicted_class, "loss"),
        Misconception("log-of-mean", log_of_mean, "loss"),
        Misconception("complement", complement, "loss"),
    ),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=100_000,  # a lower bound: two predictions of three classes alone are millions
)
