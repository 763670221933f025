"""Class weights and label smoothing at once, as PyTorch combines them: each class's term has its own weight."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_batches import (
    check_rows,
    check_weights,
    draw_predictions,
    draw_target,
    total,
    weighted_surprisal,
)
from quiz_bank.families.on_smoothing import two_values
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndices, DistributionRows, Probability, Weights, read_parameters
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    predictions: DistributionRows
    targets: ClassIndices
    weights: Weights
    epsilon: Probability

    @property
    def classes(self) -> int:
        return len(self.weights)

    @property
    def total_weight(self) -> Exact:
        return total(self.weights[t] for t in self.targets)

    @property
    def float_weights(self) -> Vector:
        return tuple(map(float, self.weights))


def draw(stream: Stream, level: int) -> Parameters:
    samples, classes = {1: (2, 2), 2: (2, 3), 3: (3, 3)}[level]
    weights = tuple(map(Decimal, stream.sample((1, 2, 3, 4, 5, 6, 8, 10), classes)))
    if level == 3:
        weights = stream.decimals(classes, 5, 80, 1)
    epsilon = Decimal(stream.choice(("0.1", "0.2", "0.3") if level < 3 else ("0.2", "0.3", "0.4")))
    return Parameters(draw_predictions(stream, samples, classes), draw_target(stream, samples, classes), weights, epsilon)


def truth(p: Parameters) -> Values:
    weights = [Fraction(w) for w in p.weights]
    samples = [(exact_factors(p, weights, t), row) for t, row in zip(p.targets, p.predictions, strict=True)]
    whole = Fraction(p.total_weight)
    return {
        "terms": tuple(weighted_surprisal(factors, row) for factors, row in samples),
        "mean": weighted_surprisal(
            [factor / whole for factors, _ in samples for factor in factors], [q for _, row in samples for q in row]
        ),
    }


def exact_factors(p: Parameters, weights: list[Fraction], true_class: int) -> list[Fraction]:
    """Return what stands before −ln q of each class in the loss of a sample."""
    target = engine.smoothed_target(true_class, p.classes, epsilon=p.epsilon)
    return [w * y for w, y in zip(weights, target, strict=True)]


def label(p: Parameters, true_class: int, *, over_all: bool = True) -> Vector:
    """Return a smoothed label in plain floats; its ε goes to all classes, or to the others."""
    epsilon = float(p.epsilon)
    share = epsilon / (p.classes if over_all else p.classes - 1)
    return two_values(true_class, p.classes, 1 - epsilon + (share if over_all else 0), share)


def losses(p: Parameters, factors: Callable[[int], Vector]) -> Vector:
    """Return the loss of each sample, from the factors that belong to its true class."""
    rows = zip(p.targets, p.predictions, strict=True)
    return tuple(-math.fsum(f * ln(q) for f, q in zip(factors(t), row, strict=True) if f) for t, row in rows)


def weighted(p: Parameters, target: Vector) -> Vector:
    return tuple(w * y for w, y in zip(p.float_weights, target, strict=True))


def right_terms(p: Parameters) -> Vector:
    return losses(p, lambda t: weighted(p, label(p, t)))


def weight_of_true_class(p: Parameters) -> Vector:
    return losses(p, lambda t: tuple(p.float_weights[t] * y for y in label(p, t)))


def smoothing_after_weighting(p: Parameters) -> Vector:
    """Weight the hard label's term alone, and add the smoothing without weights."""
    keep, share = 1 - float(p.epsilon), float(p.epsilon) / p.classes
    return losses(p, lambda t: two_values(t, p.classes, keep * p.float_weights[t] + share, share))


def smoothing_forgotten(p: Parameters) -> Vector:
    return losses(p, lambda t: two_values(t, p.classes, p.float_weights[t], 0.0))


def weights_forgotten(p: Parameters) -> Vector:
    return losses(p, lambda t: label(p, t))


def other_definition(p: Parameters) -> Vector:
    return losses(p, lambda t: weighted(p, label(p, t, over_all=False)))


def weighted_mean(p: Parameters, terms: Vector) -> float:
    return math.fsum(terms) / float(p.total_weight)


def divided_by_count(p: Parameters) -> float:
    return math.fsum(right_terms(p)) / len(p.targets)


def divided_by_smoothed_weights(p: Parameters) -> list[float]:
    """Divide by all factors; where each class is as frequent as the others, they add up to the true classes' weights."""
    if len({p.targets.count(k) for k in range(p.classes)}) == 1:
        return []
    return [math.fsum(right_terms(p)) / math.fsum(f for t in p.targets for f in weighted(p, label(p, t)))]


def mean_of_own(p: Parameters, own: Values) -> float:
    return weighted_mean(p, components(own["terms"]))


def check(p: Parameters) -> None:
    check_rows(p.predictions, p.targets, "predictions")
    check_weights(p.weights, p.predictions, "predictions")


def working(p: Parameters) -> dict[str, object]:
    return {
        "classes": p.classes,
        "count": len(p.targets),
        "smoothed": [label(p, t) for t in p.targets],
        "factors": [weighted(p, label(p, t)) for t in p.targets],
        "surprisals": [tuple(-ln(q) for q in row) for row in p.predictions],
        "sum": math.fsum(right_terms(p)),
        "total_weight": p.total_weight,
    }


def preset(predictions: list[list[str]], targets: list[int], weights: list[str], epsilon: str) -> Parameters:
    raw = {"predictions": predictions, "targets": targets, "weights": weights, "epsilon": epsilon}
    return read_parameters(Parameters, raw)


PRESETS = {
    "two-classes": preset([["0.8", "0.2"], ["0.7", "0.3"]], [0, 1], ["1", "4"], "0.1"),
    "three-classes": preset([["0.7", "0.2", "0.1"], ["0.6", "0.1", "0.3"]], [0, 2], ["1", "2", "5"], "0.2"),
}
TERMS = {
    "weight-of-true-class": weight_of_true_class,
    "smoothing-after-weighting": smoothing_after_weighting,
    "smoothing-forgotten": smoothing_forgotten,
    "weights-forgotten": weights_forgotten,
    "other-definition": other_definition,
}

FAMILY = Family(
    slug="weights-and-smoothing",
    version=1,
    topic="logits",
    package=__package__,
    levels={1: Level(240), 2: Level(300), 3: Level(420)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("terms", "vector", in_log_units=True), PartSpec("mean", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e", smoothing="all", weighting="weighted-mean"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        *(Misconception(code, recipe, "terms") for code, recipe in TERMS.items()),
        Misconception("divided-by-count", divided_by_count, "mean"),
        Misconception("divided-by-smoothed-weights", divided_by_smoothed_weights, "mean"),
        Misconception("sum-for-mean", lambda p: math.fsum(right_terms(p)), "mean"),
        Misconception("weight-of-true-class", lambda p: weighted_mean(p, weight_of_true_class(p)), "mean"),
        Misconception("smoothing-forgotten", lambda p: weighted_mean(p, smoothing_forgotten(p)), "mean"),
    ),
    carried=(Carry("mean", ("terms",), mean_of_own),),
    working=working,
    presets=PRESETS,
    preset_levels={"two-classes": 1, "three-classes": 2},
    fallbacks={1: PRESETS["two-classes"], 2: PRESETS["three-classes"], 3: PRESETS["three-classes"]},
    variants=1_000_000,  # a lower bound: level 1 has 97² predictions, two labellings, 56 pairs of weights and three ε
)
