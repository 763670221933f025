"""A batch's loss with a weight for each class: each sample's, their sum, and the weighted mean."""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from quiz_bank.families.on_batches import (
    check_rows,
    check_weights,
    chosen,
    draw_predictions,
    draw_target,
    predicted_classes,
    surprisals,
    total,
    weighted_surprisal,
)
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndices, DistributionRows, Weights, read_parameters
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    predictions: DistributionRows
    targets: ClassIndices
    weights: Weights

    @property
    def own_weights(self) -> tuple[Exact, ...]:
        return tuple(self.weights[t] for t in self.targets)

    @property
    def count(self) -> int:
        return len(self.targets)


def draw(stream: Stream, level: int) -> Parameters:
    samples, classes = {1: (2, 2), 2: (3, 3), 3: (stream.integer(3, 4), 4)}[level]
    if level == 3:
        weights = stream.decimals(classes, 25, 600, 2)
    else:
        weights = tuple(map(Decimal, stream.sample((1, 2, 3, 4, 5, 6, 8, 10), classes)))
    return Parameters(draw_predictions(stream, samples, classes), draw_target(stream, samples, classes), weights)


def truth(p: Parameters) -> Values:
    probabilities = chosen(p.predictions, p.targets)
    whole = Fraction(total(p.own_weights))
    return {
        "terms": tuple(weighted_surprisal([w], [q]) for w, q in zip(p.own_weights, probabilities, strict=True)),
        "sum": weighted_surprisal(p.own_weights, probabilities),
        "mean": weighted_surprisal([Fraction(w) / whole for w in p.own_weights], probabilities),
    }


def weighted(p: Parameters, weights: tuple[Exact, ...]) -> Vector:
    return tuple(float(w) * loss for w, loss in zip(weights, surprisals(p.predictions, p.targets), strict=True))


def weights_forgotten(p: Parameters) -> Vector:
    return surprisals(p.predictions, p.targets)


def weights_of_predicted_classes(p: Parameters) -> tuple[Exact, ...]:
    return tuple(p.weights[k] for k in predicted_classes(p.predictions))


def weight_of_predicted_class(p: Parameters) -> Vector:
    return weighted(p, weights_of_predicted_classes(p))


def mean_of_predicted(p: Parameters) -> float:
    return math.fsum(weight_of_predicted_class(p)) / float(total(weights_of_predicted_classes(p)))


def weight_inside_the_log(p: Parameters) -> Vector:
    pairs = zip(p.own_weights, chosen(p.predictions, p.targets), strict=True)
    return tuple(-ln(float(w) * float(q)) for w, q in pairs)


def sum_of_all(p: Parameters) -> float:
    return math.fsum(weighted(p, p.own_weights))


def mean_from_terms(p: Parameters, own: Values) -> float:
    return math.fsum(components(own["terms"])) / float(total(p.own_weights))


def mean_from_sum(p: Parameters, own: Values) -> float:
    return math.fsum(components(own["sum"])) / float(total(p.own_weights))


def check(p: Parameters) -> None:
    check_rows(p.predictions, p.targets, "predictions")
    check_weights(p.weights, p.predictions, "predictions")


def working(p: Parameters) -> dict[str, object]:
    return {
        "chosen": chosen(p.predictions, p.targets),
        "own_weights": p.own_weights,
        "pairs": list(zip(p.own_weights, chosen(p.predictions, p.targets), strict=True)),
        "surprisals": surprisals(p.predictions, p.targets),
        "total_weight": total(p.own_weights),
        "count": p.count,
        "over_count": sum_of_all(p) / p.count,
    }


ARTICLE = read_parameters(
    Parameters,
    {
        "predictions": [["0.9", "0.08", "0.02"], ["0.3", "0.6", "0.1"], ["0.6", "0.25", "0.15"]],
        "targets": [0, 1, 2],
        "weights": ["1", "10", "100"],
    },
)
TWO = read_parameters(Parameters, {"predictions": [["0.8", "0.2"], ["0.7", "0.3"]], "targets": [0, 1], "weights": ["1", "4"]})

FAMILY = Family(
    slug="class-weighted-ce",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(150), 2: Level(210), 3: Level(270)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(
        PartSpec("terms", "vector", in_log_units=True),
        PartSpec("sum", in_log_units=True),
        PartSpec("mean", in_log_units=True),
    ),
    truth=truth,
    convention=lambda _: Convention(log_base="e", weighting="weighted-mean"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("weights-forgotten", weights_forgotten, "terms"),
        Misconception("weight-of-predicted-class", weight_of_predicted_class, "terms"),
        Misconception("weight-inside-the-log", weight_inside_the_log, "terms"),
        Misconception("weights-forgotten", lambda p: math.fsum(weights_forgotten(p)), "sum"),
        Misconception("mean-for-sum", lambda p: mean_from_terms(p, {"terms": weighted(p, p.own_weights)}), "sum"),
        Misconception("divided-by-count", lambda p: sum_of_all(p) / p.count, "mean"),
        Misconception("sum-for-mean", sum_of_all, "mean"),
        Misconception("weights-forgotten", lambda p: math.fsum(weights_forgotten(p)) / p.count, "mean"),
        Misconception("weight-of-predicted-class", mean_of_predicted, "mean"),
    ),
    carried=(
        Carry("sum", ("terms",), lambda _, own: math.fsum(components(own["terms"]))),
        Carry("mean", ("sum",), mean_from_sum),
        Carry("mean", ("terms",), mean_from_terms),
    ),
    working=working,
    presets={"article-weights": ARTICLE},
    preset_levels={"article-weights": 2},
    fallbacks={1: TWO, 2: ARTICLE, 3: ARTICLE},
    variants=500_000,  # a lower bound: level 1 has 97 predictions for each of two samples, 56 pairs of weights
)
