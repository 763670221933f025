"""The best constant prediction is the base rate; its loss is the entropy of the labels, and what a model must beat."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Count, NonNegative, ParameterError, read_parameters
from quiz_bank.problem import Carry, Convention, Family, Level, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    positives: Count
    total: Count
    loss: NonNegative

    @property
    def base_rate(self) -> Fraction:
        return Fraction(self.positives, self.total)

    @property
    def shares(self) -> tuple[float, float]:
        return float(self.base_rate), float(1 - self.base_rate)

    @property
    def entropy(self) -> float:
        return -sum(share * ln(share) for share in self.shares if share > 0)


def draw(stream: Stream, level: int) -> Parameters:
    if level == 1:
        total = 100 * stream.integer(1, 20)
        positives = total * stream.choice((1, 2, 5, 10, 20, 25, 75, 80, 90)) // 100
    else:
        total = 50 * stream.integer(4, 40) if level == 2 else stream.integer(400, 9000)
        positives = total * stream.integer(8, 45) // 100 if level == 2 else stream.integer(4, total // 12)
    variance = Fraction(positives, total) * Fraction(total - positives, total)
    # The entropy is at least 2.77 times the variance: at level 3 a model may be worse than the constant.
    share = Fraction(stream.integer(120, 260 if level < 3 else 420), 100)
    return Parameters(positives, total, Decimal(int(1000 * share * variance) + 1).scaleb(-3))


def check(p: Parameters) -> None:
    if not p.total:
        raise ParameterError("/total", "positive-expected", number=0)
    if p.positives > p.total:
        raise ParameterError("/positives", "probability-range", number=p.base_rate)


def truth(p: Parameters) -> Values:
    return {
        "best": float(p.base_rate),
        "baseline": engine.binary_entropy(p.base_rate),
        "gain": engine.gain_over_base_rate(p.base_rate, p.loss),
    }


def majority_class(p: Parameters) -> float:
    return float(p.base_rate > Fraction(1, 2))


def undecided(_: Parameters) -> float:
    return 0.5


def odds(p: Parameters) -> float:
    return p.positives / (p.total - p.positives)


def accuracy_of_majority(p: Parameters) -> list[float]:
    return [max(p.shares), min(p.shares)]


def one_term_only(p: Parameters) -> list[float]:
    return [-share * ln(share) for share in p.shares]


def unweighted(p: Parameters) -> list[float]:
    return [-ln(p.shares[0]), -sum(map(ln, p.shares))]


def loss_of_undecided(_: Parameters) -> float:
    return math.log(2)


def relative_gain(p: Parameters) -> float:
    return 1 - float(p.loss) / p.entropy


def gain_over_undecided(p: Parameters) -> float:
    return math.log(2) - float(p.loss)


def gain_of_own(p: Parameters, own: Values) -> float:
    (baseline,) = components(own["baseline"])
    return baseline - float(p.loss)


def expression(p: Parameters) -> dict[str, str]:
    rate, rest = p.base_rate, 1 - p.base_rate
    entropy = "-(" + "+".join(f"({share})*ln({share})" for share in (rate, rest) if share) + ")"
    return {"best": f"{p.positives}/{p.total}", "baseline": entropy, "gain": f"{entropy}-{p.loss}"}


def working(p: Parameters) -> dict[str, object]:
    rate, rest = p.shares
    return {
        "rate": rate,
        "rest": rest,
        "relative": relative_gain(p) if p.entropy else 0.0,
        "terms": [-s * ln(s) if s else 0.0 for s in p.shares],
    }


FALLBACK = read_parameters(Parameters, {"positives": 100, "total": 1000, "loss": "0.2"})

FAMILY = Family(
    slug="calibration-log-loss",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(90), 2: Level(90), 3: Level(120)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("best"), PartSpec("baseline", in_log_units=True), PartSpec("gain", in_log_units=True)),
    truth=truth,
    convention=lambda p: Convention(log_base="e", zero_log_zero="0" if p.base_rate in (0, 1) else None),
    misconceptions=(
        replace(WRONG_LOG_BASE, parts=("baseline",)),
        replace(SIGN_FLIPPED, parts=("baseline", "gain")),
        Misconception("majority-class", majority_class, "best"),
        Misconception("undecided", undecided, "best"),
        Misconception("odds", odds, "best"),
        Misconception("accuracy-of-majority", accuracy_of_majority, "baseline"),
        Misconception("one-term-only", one_term_only, "baseline"),
        Misconception("unweighted", unweighted, "baseline"),
        Misconception("undecided", loss_of_undecided, "baseline"),
        Misconception("relative-gain", relative_gain, "gain"),
        Misconception("undecided", gain_over_undecided, "gain"),
    ),
    carried=(Carry("gain", ("baseline",), gain_of_own),),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=10_000,  # a lower bound: the models' losses alone are some hundred at each of level 1's 180 sets of labels
)
