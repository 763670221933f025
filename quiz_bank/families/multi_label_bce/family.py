"""A binary cross-entropy for each label, then their sum and their mean."""

import math
from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import DRAWN_AT_LEAST, draw_logits, sigmoid, softmax
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import BinaryLogits, Labels, read_parameters, same_length
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: BinaryLogits
    labels: Labels

    @property
    def exponents(self) -> tuple[Exact, ...]:
        """The s of each label's loss ln(1 + e^s)."""
        return tuple(-z if y else z for y, z in zip(self.labels, self.logits, strict=True))

    @property
    def hits(self) -> Vector:
        """The probability that the model gives to each label as it is."""
        return tuple(sigmoid(-s) for s in self.exponents)


def draw(stream: Stream, level: int) -> Parameters:
    logits = draw_logits(stream, level)
    count = len(logits)
    present = stream.sample(range(count), stream.integer(1, count - 1))  # both kinds of label occur
    return Parameters(logits, tuple(int(k in present) for k in range(count)))


def truth(p: Parameters) -> Values:
    return {
        "terms": engine.multi_label_bce(p.labels, p.logits, reduction="none"),
        "sum": engine.multi_label_bce(p.labels, p.logits, reduction="sum"),
        "mean": engine.multi_label_bce(p.labels, p.logits, reduction="mean"),
    }


def softmax_for_sigmoid(p: Parameters) -> Vector:
    return tuple(-ln(q if y else 1 - q) for y, q in zip(p.labels, softmax(p.logits), strict=True))


def positives_only(p: Parameters) -> Vector:
    return tuple(-ln(hit) if y else 0.0 for y, hit in zip(p.labels, p.hits, strict=True))


def label_flipped(p: Parameters) -> Vector:
    return tuple(-ln(sigmoid(s)) for s in p.exponents)


def complement(p: Parameters) -> Vector:
    return tuple(sigmoid(s) for s in p.exponents)


def softmax_sums(p: Parameters) -> list[float]:
    over_all = sum(softmax_for_sigmoid(p))
    over_positives = sum(-ln(q) for y, q in zip(p.labels, softmax(p.logits), strict=True) if y)
    return [over_all, over_positives]


def softmax_means(p: Parameters) -> list[float]:
    return [total / len(p.labels) for total in softmax_sums(p)]


def sum_of_positives(p: Parameters) -> float:
    return sum(positives_only(p))


def mean_of_positives(p: Parameters) -> list[float]:
    total = sum_of_positives(p)
    return [total / len(p.labels), total / sum(p.labels)]


def sum_of_all(p: Parameters) -> float:
    return -sum(ln(hit) for hit in p.hits)


def mean_of_all(p: Parameters) -> float:
    return sum_of_all(p) / len(p.labels)


def total_of_own(_: Parameters, own: Values) -> float:
    return math.fsum(components(own["terms"]))


def mean_from_terms(p: Parameters, own: Values) -> float:
    return total_of_own(p, own) / len(p.labels)


def mean_from_sum(p: Parameters, own: Values) -> float:
    return math.fsum(components(own["sum"])) / len(p.labels)


def working(p: Parameters) -> dict[str, object]:
    return {"exponents": p.exponents, "hits": p.hits, "count": len(p.labels)}


MULTI_LABEL = read_parameters(Parameters, {"logits": ["2", "1.5", "-1"], "labels": [1, 1, 0]})

FAMILY = Family(
    slug="multi-label-bce",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(150), 2: Level(180), 3: Level(300)},
    parameters=Parameters,
    check=lambda p: same_length(p, "logits", "labels"),
    draw=draw,
    parts=(
        PartSpec("terms", "vector", in_log_units=True),
        PartSpec("sum", in_log_units=True),
        PartSpec("mean", in_log_units=True),
    ),
    truth=truth,
    convention=lambda _: Convention(log_base="e"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("softmax-for-sigmoid", softmax_for_sigmoid, "terms"),
        Misconception("positives-only", positives_only, "terms"),
        Misconception("label-flipped", label_flipped, "terms"),
        Misconception("complement", complement, "terms"),
        Misconception("mean-for-sum", mean_of_all, "sum"),
        Misconception("softmax-for-sigmoid", softmax_sums, "sum"),
        Misconception("positives-only", sum_of_positives, "sum"),
        Misconception("sum-for-mean", sum_of_all, "mean"),
        Misconception("softmax-for-sigmoid", softmax_means, "mean"),
        Misconception("positives-only", mean_of_positives, "mean"),
    ),
    carried=(
        Carry("sum", ("terms",), total_of_own),
        Carry("mean", ("sum",), mean_from_sum),
        Carry("mean", ("terms",), mean_from_terms),
    ),
    working=working,
    presets={"multi-label": MULTI_LABEL},
    preset_levels={"multi-label": 2},
    fallbacks=dict.fromkeys((1, 2, 3), MULTI_LABEL),
    variants=DRAWN_AT_LEAST,
)
