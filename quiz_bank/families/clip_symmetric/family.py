"""CLIP's symmetric loss: each row and each column of a similarity matrix picks its diagonal; the mean of both ways."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_similarities import draw_temperature, loss_of, scaled
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import ParameterError, Positive, RealRows, read_parameters
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream

Rows = tuple[tuple[Exact, ...], ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    similarities: RealRows
    temperature: Positive

    @property
    def columns(self) -> Rows:
        return tuple(zip(*self.similarities, strict=True))

    @property
    def count(self) -> int:
        return len(self.similarities)


def draw(stream: Stream, level: int) -> Parameters:
    count = 2 if level < 3 else 3
    low, high = (20, 80) if level == 1 else (-10, 80)
    rows = tuple(
        tuple(stream.decimal(30, 90, 2) if i == j else stream.decimal(low, high, 2) for j in range(count)) for i in range(count)
    )
    return Parameters(rows, draw_temperature(stream, level))


def truth(p: Parameters) -> Values:
    return {
        "rows": one_way(p.similarities, p),
        "columns": one_way(p.columns, p),
        "loss": engine.clip_symmetric(p.similarities, temperature=p.temperature),
    }


def one_way(rows: Rows, p: Parameters) -> float:
    """Return the mean cross-entropy of the rows, the float64 nearest to the exact value."""
    return engine.batch_cross_entropy([scaled(row, p.temperature) for row in rows], range(len(rows)))


def losses(rows: Rows, p: Parameters) -> tuple[float, ...]:
    return tuple(loss_of(scaled(row, p.temperature), i) for i, row in enumerate(rows))


def mean_at(rows: Rows, factor: float) -> float:
    """Return the mean loss of the rows with every similarity multiplied."""
    return math.fsum(loss_of([float(s) * factor for s in row], i) for i, row in enumerate(rows)) / len(rows)


def both_at(p: Parameters, factor: float) -> float:
    return (mean_at(p.similarities, factor) + mean_at(p.columns, factor)) / 2


def sharpness(p: Parameters) -> float:
    return 1 / float(p.temperature)


def one_direction(p: Parameters) -> list[float]:
    return [mean_at(p.similarities, sharpness(p)), mean_at(p.columns, sharpness(p))]


def sum_for_mean(p: Parameters) -> list[float]:
    directions = sum(one_direction(p))
    return [directions, p.count * directions, p.count * directions / 2]


def mean_of_own(_: Parameters, own: Values) -> float:
    return (components(own["rows"])[0] + components(own["columns"])[0]) / 2


def check(p: Parameters) -> None:
    rows, columns = len(p.similarities), len(p.similarities[0])
    if rows != columns:
        raise ParameterError("/similarities", "square-expected", rows=rows, columns=columns)
    if rows == 1:
        raise ParameterError("/similarities", "list-length", length=1, least=2, most=10)


def working(p: Parameters) -> dict[str, object]:
    return {
        "count": p.count,
        "logits": [tuple(map(float, scaled(row, p.temperature))) for row in p.similarities],
        "row_losses": losses(p.similarities, p),
        "column_losses": losses(p.columns, p),
    }


def preset(rows: list[list[str]], temperature: str) -> Parameters:
    return read_parameters(Parameters, {"similarities": rows, "temperature": temperature})


PRESETS = {
    "two-pairs": preset([["0.8", "0.3"], ["0.5", "0.6"]], "0.5"),
    "three-pairs": preset([["0.7", "0.2", "0.4"], ["0.5", "0.6", "0.1"], ["0.3", "0.35", "0.55"]], "0.1"),
}

FAMILY = Family(
    slug="clip-symmetric",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(180), 2: Level(210), 3: Level(330)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(
        PartSpec("rows", in_log_units=True),
        PartSpec("columns", in_log_units=True),
        PartSpec("loss", in_log_units=True),
    ),
    truth=truth,
    convention=lambda _: Convention(log_base="e", reduction="mean"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("directions-swapped", lambda p: mean_at(p.columns, sharpness(p)), "rows"),
        Misconception("sum-for-mean", lambda p: p.count * mean_at(p.similarities, sharpness(p)), "rows"),
        Misconception("temperature-inverted", lambda p: mean_at(p.similarities, float(p.temperature)), "rows"),
        Misconception("temperature-forgotten", lambda p: mean_at(p.similarities, 1), "rows"),
        Misconception("directions-swapped", lambda p: mean_at(p.similarities, sharpness(p)), "columns"),
        Misconception("sum-for-mean", lambda p: p.count * mean_at(p.columns, sharpness(p)), "columns"),
        Misconception("temperature-inverted", lambda p: mean_at(p.columns, float(p.temperature)), "columns"),
        Misconception("temperature-forgotten", lambda p: mean_at(p.columns, 1), "columns"),
        Misconception("one-direction", one_direction, "loss"),
        Misconception("sum-for-mean", sum_for_mean, "loss"),
        Misconception("temperature-inverted", lambda p: both_at(p, float(p.temperature)), "loss"),
        Misconception("temperature-forgotten", lambda p: both_at(p, 1), "loss"),
    ),
    carried=(Carry("loss", ("rows", "columns"), mean_of_own),),
    working=working,
    presets=PRESETS,
    preset_levels={"two-pairs": 1, "three-pairs": 3},
    fallbacks={1: PRESETS["two-pairs"], 2: PRESETS["two-pairs"], 3: PRESETS["three-pairs"]},
    variants=10_000_000,  # a lower bound: at level 1 two similarities of 61 on the diagonal and two of 61 beside it
)
