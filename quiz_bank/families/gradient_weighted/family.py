"""The gradient of a class-weighted batch by its logits: w_t (p − y) in each row, over the total weight."""

import math
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_batches import check_rows, check_weights, draw_target, total
from quiz_bank.families.on_logits import softmax
from quiz_bank.misconceptions import SIGN_FLIPPED
from quiz_bank.parameters import ClassIndices, RealRows, Weights, read_parameters
from quiz_bank.problem import Convention, Family, Identity, Level, Matrix, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: RealRows
    targets: ClassIndices
    weights: Weights

    @property
    def factors(self) -> tuple[float, ...]:
        """The weight of each sample's true class."""
        return tuple(float(self.weights[t]) for t in self.targets)

    @property
    def total_weight(self) -> float:
        return float(total(self.weights[t] for t in self.targets))

    @property
    def differences(self) -> Matrix:
        """Each sample's p − y."""
        return tuple(
            tuple(q - (k == t) for k, q in enumerate(softmax(row))) for row, t in zip(self.logits, self.targets, strict=True)
        )

    def scaled(self, factors: tuple[float, ...], divisor: float) -> Matrix:
        rows = zip(factors, self.differences, strict=True)
        return tuple(tuple(factor * d / divisor for d in row) for factor, row in rows)


def draw(stream: Stream, level: int) -> Parameters:
    samples, classes = {1: (2, 2), 2: (2, 3), 3: (3, 3)}[level]
    if level == 3:
        weights = stream.decimals(classes, 5, 80, 1)
    else:
        weights = tuple(map(Decimal, stream.sample((1, 2, 3, 4, 5, 6, 8, 9), classes)))
    rows = tuple(stream.decimals(classes, -25, 35, 1) for _ in range(samples))
    return Parameters(rows, draw_target(stream, samples, classes), weights)


def truth(p: Parameters) -> Values:
    return {"gradient": engine.batch_gradient(p.logits, p.targets, class_weights=p.weights, reduction="mean")}


def divided_by_count(p: Parameters) -> Matrix:
    return p.scaled(p.factors, len(p.targets))


def not_divided(p: Parameters) -> Matrix:
    return p.scaled(p.factors, 1)


def weights_forgotten(p: Parameters) -> Matrix:
    return p.scaled((1.0,) * len(p.targets), len(p.targets))


def weights_by_component(p: Parameters) -> Matrix:
    """Weight each component with its own class's weight."""
    return tuple(tuple(float(w) * d / p.total_weight for w, d in zip(p.weights, row, strict=True)) for row in p.differences)


def probabilities_only(p: Parameters) -> Matrix:
    rows = zip(p.factors, p.logits, strict=True)
    return tuple(tuple(factor * q / p.total_weight for q in softmax(row)) for factor, row in rows)


def largest_row_sum(_: Parameters, own: Values) -> float:
    return max((math.fsum(row) for row in own["gradient"]), key=abs)  # type: ignore[union-attr, arg-type]  # a matrix


def check(p: Parameters) -> None:
    check_rows(p.logits, p.targets, "logits")
    check_weights(p.weights, p.logits, "logits")


def working(p: Parameters) -> dict[str, object]:
    own_weights = tuple(p.weights[t] for t in p.targets)
    return {
        "probabilities": [softmax(row) for row in p.logits],
        "differences": list(p.differences),
        "own_weights": own_weights,
        "total_weight": total(own_weights),
        "shares": tuple(factor / p.total_weight for factor in p.factors),
    }


def preset(logits: list[list[str]], targets: list[int], *weights: str) -> Parameters:
    return read_parameters(Parameters, {"logits": logits, "targets": targets, "weights": weights})


PRESETS = {
    "two-classes": preset([["2", "0"], ["1", "0"]], [0, 1], "1", "4"),
    "article-weights": preset([["2", "1", "0.1"], ["1", "0.5", "-0.5"]], [0, 2], "1", "10", "100"),
}

FAMILY = Family(
    slug="gradient-weighted",
    version=1,
    topic="gradients",
    package=__package__,
    levels={1: Level(210), 2: Level(270), 3: Level(390)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("gradient", "matrix"),),
    truth=truth,
    convention=lambda _: Convention(log_base="e", weighting="weighted-mean"),
    misconceptions=(
        SIGN_FLIPPED,
        Misconception("divided-by-count", divided_by_count, "gradient"),
        Misconception("not-divided", not_divided, "gradient"),
        Misconception("weights-forgotten", weights_forgotten, "gradient"),
        Misconception("weights-by-component", weights_by_component, "gradient"),
        Misconception("probabilities-only", probabilities_only, "gradient"),
    ),
    identities=(Identity("rows-sum-to-zero", ("gradient",), largest_row_sum),),
    working=working,
    presets=PRESETS,
    preset_levels={"two-classes": 1, "article-weights": 2},
    fallbacks={1: PRESETS["two-classes"], 2: PRESETS["article-weights"], 3: PRESETS["article-weights"]},
    variants=61**4,  # a lower bound: the logits of level 1 alone
)
