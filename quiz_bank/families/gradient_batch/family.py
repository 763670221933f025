"""The gradient of a batch's cross-entropy by all its logits: p − y in each row, divided by N for a mean."""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import SPREAD, softmax
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import ClassIndices, ParameterError, RealRows, one_of, read_parameters, same_length
from quiz_bank.problem import Convention, Family, Identity, Level, Matrix, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

SHAPES = {2: ((2, 3),), 3: ((3, 2), (2, 4), (3, 3))}


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: RealRows
    targets: ClassIndices
    reduction: Annotated[Literal["mean", "sum"], one_of("mean", "sum")] = "mean"

    @property
    def shape(self) -> tuple[int, int]:
        """The number of samples and of classes."""
        return len(self.logits), len(self.logits[0])

    @property
    def count(self) -> int:
        """What the reduction divides by."""
        return len(self.logits) if self.reduction == "mean" else 1

    def less_targets(self, rows: Matrix, divisor: float) -> Matrix:
        """Return the rows less the one-hot targets, all divided."""
        return tuple(
            tuple((q - (k == target)) / divisor for k, q in enumerate(row))
            for row, target in zip(rows, self.targets, strict=True)
        )


def draw(stream: Stream, level: int) -> Parameters:
    samples, classes = (2, 2) if level == 1 else stream.choice(SHAPES[level])
    targets = tuple(stream.integer(0, classes - 1) for _ in range(samples))
    if level == 1:
        small = read_parameters(Parameters, {"logits": [stream.sample(range(-3, 6), 2) for _ in targets], "targets": targets})
        return Parameters(small.logits, targets)
    rows = tuple(stream.decimals(classes, *SPREAD, places=1) for _ in targets)
    return Parameters(rows, targets, "mean" if level == 2 else stream.choice(("mean", "sum")))


def check(p: Parameters) -> None:
    same_length(p, "logits", "targets")
    _, classes = p.shape
    for n, target in enumerate(p.targets):
        if target >= classes:
            raise ParameterError(f"/targets/{n}", "index-out-of-range", other="logits", last=classes - 1)


def truth(p: Parameters) -> Values:
    return {"gradient": engine.batch_gradient(p.logits, p.targets, reduction=p.reduction)}


def probabilities(p: Parameters) -> Matrix:
    return tuple(softmax(row) for row in p.logits)


def sum_for_mean(p: Parameters) -> Matrix | list[float]:
    return p.less_targets(probabilities(p), 1) if p.reduction == "mean" and p.shape[0] > 1 else []


def mean_for_sum(p: Parameters) -> Matrix | list[float]:
    return p.less_targets(probabilities(p), p.shape[0]) if p.reduction == "sum" and p.shape[0] > 1 else []


def divided_by_classes(p: Parameters) -> Matrix | list[float]:
    samples, classes = p.shape
    return p.less_targets(probabilities(p), classes) if p.reduction == "mean" and samples != classes else []


def divided_by_all_entries(p: Parameters) -> Matrix | list[float]:
    return p.less_targets(probabilities(p), math.prod(p.shape)) if p.reduction == "mean" else []


def probabilities_only(p: Parameters) -> Matrix:
    return tuple(tuple(q / p.count for q in row) for row in probabilities(p))


def softmax_over_samples(p: Parameters) -> Matrix:
    columns = [softmax(column) for column in zip(*p.logits, strict=True)]
    return p.less_targets(tuple(zip(*columns, strict=True)), p.count)


def largest_row_sum(_: Parameters, own: Values) -> float:
    return max((math.fsum(row) for row in own["gradient"]), key=abs)  # type: ignore[union-attr, arg-type]  # a matrix


def working(p: Parameters) -> dict[str, object]:
    _, classes = p.shape
    one_hots = tuple(tuple(int(k == target) for k in range(classes)) for target in p.targets)
    rows = probabilities(p)
    return {
        "probabilities": rows,
        "one_hots": one_hots,
        "differences": p.less_targets(rows, 1),
        "count": len(p.targets),
        "totals": tuple(1 / max(row) for row in rows),
    }


def preset(**given: object) -> Parameters:
    return read_parameters(Parameters, {"logits": [["2", "1", "0.1"], ["0.5", "1", "5"]], "targets": [0, 0], **given})


FAMILY = Family(
    slug="gradient-batch",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(120), 2: Level(180), 3: Level(240)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("gradient", "matrix"),),
    truth=truth,
    convention=lambda p: Convention(log_base="e", reduction=p.reduction),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("sum-for-mean", sum_for_mean, "gradient"),
        Misconception("mean-for-sum", mean_for_sum, "gradient"),
        Misconception("divided-by-classes", divided_by_classes, "gradient"),
        Misconception("divided-by-all-entries", divided_by_all_entries, "gradient"),
        Misconception("probabilities-only", probabilities_only, "gradient"),
        Misconception("softmax-over-samples", softmax_over_samples, "gradient"),
    ),
    identities=(Identity("rows-sum-to-zero", ("gradient",), largest_row_sum),),
    working=working,
    fallbacks={1: preset(logits=[[2, 0], [-1, 1]]), 2: preset(), 3: preset(reduction="sum")},
    variants=(9 * 8) ** 2 * 4,  # those of level 1, the fewest
)
