"""What a threshold costs, which threshold the costs ask for, and the log loss, which knows neither."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Labels, Positive, Probabilities, Probability, read_parameters, same_length
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Parameters:
    probabilities: Probabilities
    labels: Labels
    threshold: Probability
    cost_false_positive: Positive
    cost_false_negative: Positive

    @property
    def hits(self) -> tuple[Exact, ...]:
        """The probability that each label got."""
        return tuple(q if y else 1 - q for q, y in zip(self.probabilities, self.labels, strict=True))

    @property
    def false_positives(self) -> int:
        return self._mistakes(0, lambda q: q >= self.threshold)

    @property
    def false_negatives(self) -> int:
        return self._mistakes(1, lambda q: q < self.threshold)

    def _mistakes(self, label: int, decided: Callable[[Exact], bool]) -> int:
        return sum(y == label and decided(q) for q, y in zip(self.probabilities, self.labels, strict=True))

    @property
    def costs(self) -> tuple[Fraction, Fraction]:
        """What all false positives and all false negatives cost."""
        false_positive, false_negative = Fraction(self.cost_false_positive), Fraction(self.cost_false_negative)
        return self.false_positives * false_positive, self.false_negatives * false_negative


def draw(stream: Stream, level: int) -> Parameters:
    count = level + 3
    probabilities = stream.decimals(count, 5, 95, 2)
    # Half of the labels follow the prediction and half a coin: a model that is useful and still makes mistakes.
    labels = tuple(int(stream.integer(0, 199) < 100 * q + 50) for q in probabilities)
    threshold = HALF if level == 1 else stream.decimal(2, 8, 1) if level == 2 else stream.decimal(15, 85, 2)
    false_positive, false_negative = stream.sample(range(2, 21), 2)
    return Parameters(probabilities, labels, threshold, Decimal(false_positive), Decimal(false_negative))


def truth(p: Parameters) -> Values:
    share = Fraction(1, len(p.labels))
    return {
        "cost": float(sum(p.costs) * share),
        "best_threshold": float(best_threshold(p)),
        "log_loss": engine.cross_entropy([share] * len(p.labels), p.hits),
    }


def best_threshold(p: Parameters) -> Fraction:
    false_positive, false_negative = Fraction(p.cost_false_positive), Fraction(p.cost_false_negative)
    return false_positive / (false_positive + false_negative)


def costs_swapped(p: Parameters) -> list[float]:
    if p.false_positives == p.false_negatives:
        return []
    of_positives, of_negatives = float(p.cost_false_negative), float(p.cost_false_positive)
    return [(p.false_positives * of_positives + p.false_negatives * of_negatives) / len(p.labels)]


def error_rate(p: Parameters) -> float:
    return (p.false_positives + p.false_negatives) / len(p.labels)


def total_cost(p: Parameters) -> float:
    return float(sum(p.costs))


def one_kind_only(p: Parameters) -> list[float]:
    of_positives, of_negatives = map(float, p.costs)
    return [cost / len(p.labels) for cost in (of_positives, of_negatives)] if of_positives and of_negatives else []


def best_threshold_swapped(p: Parameters) -> float:
    return 1 - float(best_threshold(p))


def ratio_of_costs(p: Parameters) -> float:
    return float(p.cost_false_positive) / float(p.cost_false_negative)


def one_half(_: Parameters) -> float:
    return 0.5


def total_log_loss(p: Parameters) -> float:
    return -sum(map(ln, p.hits))


def mistakes_only(p: Parameters) -> float:
    decided = [(q >= p.threshold) == (y == 1) for q, y in zip(p.probabilities, p.labels, strict=True)]
    return -sum(ln(hit) for hit, right in zip(p.hits, decided, strict=True) if not right) / len(p.labels)


def label_flipped(p: Parameters) -> float:
    return -sum(ln(1 - hit) for hit in p.hits) / len(p.labels)


def working(p: Parameters) -> dict[str, object]:
    return {
        "decisions": tuple(int(q >= p.threshold) for q in p.probabilities),
        "false_positives": p.false_positives,
        "false_negatives": p.false_negatives,
        "total_cost": total_cost(p),
        "both_costs": float(p.cost_false_positive) + float(p.cost_false_negative),
        "losses": tuple(-ln(hit) for hit in p.hits),
        "count": len(p.labels),
    }


FALLBACK = read_parameters(
    Parameters,
    {
        "probabilities": ["0.9", "0.6", "0.3", "0.2"],
        "labels": [1, 0, 1, 0],
        "threshold": "0.5",
        "cost_false_positive": "2",
        "cost_false_negative": "10",
    },
)

FAMILY = Family(
    slug="threshold-cost",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(150), 2: Level(180), 3: Level(210)},
    parameters=Parameters,
    check=lambda p: same_length(p, "probabilities", "labels"),
    draw=draw,
    parts=(PartSpec("cost"), PartSpec("best_threshold"), PartSpec("log_loss", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        Misconception("costs-swapped", costs_swapped, "cost"),
        Misconception("errors-unweighted", error_rate, "cost"),
        Misconception("sum-for-mean", total_cost, "cost"),
        Misconception("one-kind-of-error-only", one_kind_only, "cost"),
        Misconception("costs-swapped", best_threshold_swapped, "best_threshold"),
        Misconception("ratio-of-costs", ratio_of_costs, "best_threshold"),
        Misconception("one-half", one_half, "best_threshold"),
        replace(WRONG_LOG_BASE, parts=("log_loss",)),
        replace(SIGN_FLIPPED, parts=("log_loss",)),
        Misconception("sum-for-mean", total_log_loss, "log_loss"),
        Misconception("wrong-decisions-only", mistakes_only, "log_loss"),
        Misconception("label-flipped", label_flipped, "log_loss"),
    ),
    degenerate=lambda p: sum(p.costs) == 0,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=91**4,  # a lower bound: the probabilities of level 1 alone
)
