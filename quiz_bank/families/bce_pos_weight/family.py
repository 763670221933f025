"""Binary cross-entropy with a weight on the positive term: each sample's loss, and the mean over the samples."""

import math
from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_logits import sigmoid
from quiz_bank.families.on_one_logit import softplus
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import BinaryLogits, Labels, Positive, read_parameters, same_length
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, Misconception, PartSpec, Values, Vector, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    logits: BinaryLogits
    labels: Labels
    pos_weight: Positive

    @property
    def hits(self) -> Vector:
        """The probability that the model gives to each label as it is."""
        return tuple(sigmoid(z if y else -z) for y, z in zip(self.labels, self.logits, strict=True))

    @property
    def exponents(self) -> tuple[Exact, ...]:
        """The s of each loss ln(1 + e^s)."""
        return tuple(-z if y else z for y, z in zip(self.labels, self.logits, strict=True))

    def weighted(self, on_positive: float, on_negative: float) -> Vector:
        """Return the losses with a weight for either label."""
        pairs = zip(self.labels, self.exponents, strict=True)
        return tuple((on_positive if y else on_negative) * softplus(s) for y, s in pairs)


def draw(stream: Stream, level: int) -> Parameters:
    count = {1: 2, 2: 3, 3: 4}[level]
    present = stream.sample(range(count), stream.integer(1, count - 1))  # both kinds of label occur
    labels = tuple(int(k in present) for k in range(count))
    weight = stream.decimal(15, 95, 1) if level == 3 else Decimal(stream.choice((2, 3, 4, 5, 8, 9, 10)))
    return Parameters(stream.decimals(count, -30, 30, 1) if level < 3 else stream.decimals(count, -300, 300, 2), labels, weight)


def truth(p: Parameters) -> Values:
    weights = [p.pos_weight] * len(p.labels)
    return {
        "terms": engine.multi_label_bce(p.labels, p.logits, pos_weights=weights),
        "mean": engine.multi_label_bce(p.labels, p.logits, pos_weights=weights, reduction="mean"),
    }


def right_terms(p: Parameters) -> Vector:
    return p.weighted(float(p.pos_weight), 1)


def weight_forgotten(p: Parameters) -> Vector:
    return p.weighted(1, 1)


def weight_on_both(p: Parameters) -> Vector:
    return p.weighted(float(p.pos_weight), float(p.pos_weight))


def weight_on_the_negative(p: Parameters) -> Vector:
    return p.weighted(1, float(p.pos_weight))


def weight_inside_the_log(p: Parameters) -> Vector:
    pairs = zip(p.labels, p.exponents, strict=True)
    return tuple(softplus(s) - (ln(p.pos_weight) if y else 0) for y, s in pairs)


def label_flipped(p: Parameters) -> Vector:
    """Take σ(z) for label 0 and 1 − σ(z) for label 1."""
    return tuple((float(p.pos_weight) if y else 1) * softplus(-s) for y, s in zip(p.labels, p.exponents, strict=True))


def mean(terms: Vector) -> float:
    return math.fsum(terms) / len(terms)


def divided_by_the_weights(p: Parameters) -> float:
    return math.fsum(right_terms(p)) / sum(float(p.pos_weight) if y else 1 for y in p.labels)


def mean_of_own(_: Parameters, own: Values) -> float:
    return mean(components(own["terms"]))


def working(p: Parameters) -> dict[str, object]:
    return {
        "hits": p.hits,
        "exponents": p.exponents,
        "unweighted": weight_forgotten(p),
        "count": len(p.labels),
        "sum": math.fsum(right_terms(p)),
    }


def preset(logits: list[str], labels: list[int], pos_weight: str) -> Parameters:
    return read_parameters(Parameters, {"logits": logits, "labels": labels, "pos_weight": pos_weight})


PRESETS = {"one-in-four": preset(["0.5", "-1", "-2", "0.3"], [1, 0, 0, 0], "3")}
TERMS = {
    "weight-forgotten": weight_forgotten,
    "weight-on-both": weight_on_both,
    "weight-on-the-negative": weight_on_the_negative,
    "weight-inside-the-log": weight_inside_the_log,
    "label-flipped": label_flipped,
}

FAMILY = Family(
    slug="bce-pos-weight",
    version=1,
    topic="binary-and-multi-label",
    package=__package__,
    levels={1: Level(120), 2: Level(180), 3: Level(240)},
    parameters=Parameters,
    check=lambda p: same_length(p, "logits", "labels"),
    draw=draw,
    parts=(PartSpec("terms", "vector", in_log_units=True), PartSpec("mean", in_log_units=True)),
    truth=truth,
    convention=lambda _: Convention(log_base="e", weighting="positive-term"),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        *(Misconception(code, recipe, "terms") for code, recipe in TERMS.items()),
        Misconception("weight-forgotten", lambda p: mean(weight_forgotten(p)), "mean"),
        Misconception("weight-on-both", lambda p: mean(weight_on_both(p)), "mean"),
        Misconception("weight-on-the-negative", lambda p: mean(weight_on_the_negative(p)), "mean"),
        Misconception("divided-by-the-weights", divided_by_the_weights, "mean"),
        Misconception("sum-for-mean", lambda p: math.fsum(right_terms(p)), "mean"),
    ),
    carried=(Carry("mean", ("terms",), mean_of_own),),
    working=working,
    presets=PRESETS,
    preset_levels={"one-in-four": 3},
    fallbacks=dict.fromkeys((1, 2, 3), PRESETS["one-in-four"]),
    variants=50_000,  # level 1 has two logits of 61, the label that is 1, and seven weights: 52,094
)
