"""A batch in which some labels are ignored: the mean runs over the rest, and over nothing it is nan."""

import math
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias, get_args

from quiz_bank.families.on_averages import reduced_loss
from quiz_bank.families.on_batches import Rows, check_rows, chosen, draw_predictions, surprisals
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import DistributionRows, Field, ParameterError, Reals, one_of, read_parameters
from quiz_bank.problem import (
    Convention,
    Family,
    Level,
    Misconception,
    Part,
    PartSpec,
    SharedMisconception,
    Value,
    Values,
    components,
)
from quiz_bank.sampling import Stream

IGNORED: Final = -100  # PyTorch's default
_NUMBERS: Final[Field] = get_args(Reals)[-1]
_LABEL: Final = {"type": "integer", "minimum": IGNORED, "description": "a class counted from 0, or -100 for ignored"}

SumOrMean: TypeAlias = Literal["sum", "mean"]


def read_labels(raw: object, pointer: str) -> tuple[int, ...]:
    """Read the class of each sample, or -100 where it is ignored."""
    labels = _NUMBERS.read(raw, pointer)
    for i, label in enumerate(labels):
        if label != int(label) or (label < 0 and label != IGNORED):
            raise ParameterError(f"{pointer}/{i}", "label-or-ignored-expected", ignored=IGNORED)
    return tuple(map(int, labels))


@dataclass(frozen=True, slots=True)
class Parameters:
    predictions: DistributionRows
    targets: Annotated[tuple[int, ...], Field(read_labels, {**_NUMBERS.schema, "items": _LABEL})]
    reduction: Annotated[SumOrMean, one_of("sum", "mean")] = "mean"

    @property
    def kept(self) -> tuple[Rows, tuple[int, ...]]:
        """The rows that count, and their labels."""
        pairs = [(row, label) for row, label in zip(self.predictions, self.targets, strict=True) if label != IGNORED]
        return tuple(row for row, _ in pairs), tuple(label for _, label in pairs)

    @property
    def losses(self) -> tuple[float, ...]:
        return surprisals(*self.kept)


def draw(stream: Stream, level: int) -> Parameters:
    samples, classes = {1: (3, 2), 2: (4, 3), 3: (stream.integer(4, 5), stream.integer(3, 4))}[level]
    ignored = {1: 1, 2: stream.integer(1, 2), 3: samples if stream.integer(0, 1) else stream.integer(1, 2)}[level]
    without = stream.sample(range(samples), ignored)
    target = tuple(IGNORED if n in without else stream.integer(0, classes - 1) for n in range(samples))
    reduction: SumOrMean = "mean" if level == 1 else stream.choice(("mean", "mean", "sum"))
    return Parameters(draw_predictions(stream, samples, classes), target, reduction)


def truth(p: Parameters) -> Values:
    probabilities = chosen(*p.kept)
    nothing = math.nan if p.reduction == "mean" else 0.0
    return {"loss": reduced_loss(probabilities, p.reduction) if probabilities else nothing}


def divided_by_all(p: Parameters) -> list[float]:
    return [math.fsum(p.losses) / len(p.targets)] if p.reduction == "mean" and p.losses else []


def ignored_counted(p: Parameters) -> float:
    losses = surprisals(p.predictions, [max(label, 0) for label in p.targets])
    return math.fsum(losses) / (len(losses) if p.reduction == "mean" else 1)


def sum_for_mean(p: Parameters) -> list[float]:
    return [math.fsum(p.losses)] if p.reduction == "mean" and p.losses else []


def mean_for_sum(p: Parameters) -> list[float]:
    return [math.fsum(p.losses) / len(p.losses)] if p.reduction == "sum" and p.losses else []


def zero_for_nan(p: Parameters) -> list[float]:
    return [0.0] if p.reduction == "mean" and not p.losses else []


def infinity_for_nan(p: Parameters) -> list[float]:
    return [math.inf] if p.reduction == "mean" and not p.losses else []


def nan_for_zero(p: Parameters) -> list[float]:
    return [math.nan] if p.reduction == "sum" and not p.losses else []


def of_an_ordinary_number(shared: SharedMisconception) -> SharedMisconception:
    """Return a mistake that changes no 0 and no nan, for a part that may be either."""

    def recipe(part: Part) -> dict[str, Value]:
        (number,) = components(part.truth)
        return dict(shared.recipe(part)) if number and math.isfinite(number) else {}

    return SharedMisconception(shared.codes, recipe)


def check(p: Parameters) -> None:
    check_rows(p.predictions, p.targets, "predictions")


def working(p: Parameters) -> dict[str, object]:
    return {
        "chosen": chosen(*p.kept),
        "losses": p.losses,
        "kept_sum": math.fsum(p.losses),
        "kept_count": len(p.losses),
        "count": len(p.targets),
    }


def preset(target: list[int], reduction: str) -> Parameters:
    rows = [["0.7", "0.2", "0.1"], ["0.1", "0.6", "0.3"], ["0.25", "0.25", "0.5"], ["0.3", "0.3", "0.4"]]
    return read_parameters(Parameters, {"predictions": rows, "targets": target, "reduction": reduction})


PRESETS = {
    "padded": preset([0, 1, IGNORED, IGNORED], "mean"),
    "all-ignored": preset([IGNORED] * 4, "mean"),
    "all-ignored-sum": preset([IGNORED] * 4, "sum"),
}

FAMILY = Family(
    slug="ignore-index",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(90), 2: Level(120), 3: Level(150)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True, special=True),),
    truth=truth,
    convention=lambda p: Convention(log_base="e", reduction=p.reduction),
    misconceptions=(
        of_an_ordinary_number(WRONG_LOG_BASE),
        of_an_ordinary_number(SIGN_FLIPPED),
        Misconception("zero-for-nan", zero_for_nan, "loss"),
        Misconception("infinity-for-nan", infinity_for_nan, "loss"),
        Misconception("nan-for-zero", nan_for_zero, "loss"),
        Misconception("divided-by-all", divided_by_all, "loss"),
        Misconception("ignored-counted", ignored_counted, "loss"),
        Misconception("sum-for-mean", sum_for_mean, "loss"),
        Misconception("mean-for-sum", mean_for_sum, "loss"),
    ),
    working=working,
    presets=PRESETS,
    preset_levels={"padded": 2, "all-ignored": 3, "all-ignored-sum": 3},
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["padded"]),
    variants=1_000_000,  # a lower bound: three predictions of two classes at level 1 are 97³, times 12 ways to label them
)
