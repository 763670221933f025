"""The loss of a soft target, such as the two classes that mixup blends: each class counts with its share of the target."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Distribution, read_parameters, same_length
from quiz_bank.problem import Convention, Exact, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

# Powers of 1/2, so that the surprisals are whole numbers of bits.
HALVES = {
    3: (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)),
    4: (Fraction(1, 2), Fraction(1, 4), Fraction(1, 8), Fraction(1, 8)),
}


@dataclass(frozen=True, slots=True)
class Parameters:
    target: Distribution
    prediction: Distribution
    log_base: Base = "e"

    @property
    def pairs(self) -> list[tuple[Exact, Exact]]:
        """The target's share and the predicted probability of each class that the target knows."""
        return [(y, q) for y, q in zip(self.target, self.prediction, strict=True) if y > 0]


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["e", "2"], 2: ["e"], 3: ["2", "10"]}
    base = stream.choice(bases[level])
    classes = stream.integer(*{1: (3, 4), 2: (3, 4), 3: (4, 6)}[level])
    if level == 1:
        return Parameters(mixup(stream, classes, places=1), tuple(stream.sample(HALVES[classes], classes)), base)
    places = level
    return Parameters(mixup(stream, classes, places=2), stream.distribution(classes, places, minimum=2), base)


def mixup(stream: Stream, classes: int, places: int) -> tuple[Exact, ...]:
    """Return a target of two classes, each with a share of 0.1 or more."""
    shares = stream.distribution(2, places, minimum=10 ** (places - 1))
    blended = dict(zip(stream.sample(range(classes), 2), shares, strict=True))
    return tuple(blended.get(k, Decimal(0)) for k in range(classes))


def truth(p: Parameters) -> Values:
    return {"loss": engine.cross_entropy(p.target, p.prediction, log_base=p.log_base)}


def hard_label_only(p: Parameters) -> list[float]:
    return [-log(q, p.log_base) for y, q in p.pairs if y == max(p.target)]


def log_of_average(p: Parameters) -> float:
    return -log(sum(float(y) * float(q) for y, q in p.pairs), p.log_base)


def arguments_swapped(p: Parameters) -> float:
    """Swap them, without the classes that the target doesn't know: whoever meets log 0 there leaves them out."""
    return -sum(float(q) * log(y, p.log_base) for y, q in p.pairs)


def entropy_for_cross_entropy(p: Parameters) -> float:
    return -sum(float(y) * log(y, p.log_base) for y, _ in p.pairs)


def expression(p: Parameters) -> dict[str, str]:
    function = {"e": "ln", "2": "log2", "10": "log10"}[p.log_base]
    return {"loss": "0" + "".join(f"-({y})*{function}({q})" for y, q in p.pairs)}


def convention(p: Parameters) -> Convention:
    both_zero = any(y == q == 0 for y, q in zip(p.target, p.prediction, strict=True))
    return Convention(log_base=p.log_base, zero_log_zero="0" if both_zero else None)


def working(p: Parameters) -> dict[str, object]:
    surprisals = [-log(q, p.log_base) for _, q in p.pairs]
    return {
        "pairs": p.pairs,
        "shares": tuple(y for y, _ in p.pairs),
        "predicted": tuple(q for _, q in p.pairs),
        "surprisals": surprisals,
        "terms": [float(y) * surprisal for (y, _), surprisal in zip(p.pairs, surprisals, strict=True)],
        "floor": entropy_for_cross_entropy(p),
        "nats": -sum(float(y) * log(q, "e") for y, q in p.pairs),
    }


MIXED = read_parameters(Parameters, {"target": ["0.7", "0", "0.3"], "prediction": ["0.5", "0.3", "0.2"]})

FAMILY = Family(
    slug="cross-entropy-soft-target",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(45, "mental"), 2: Level(75), 3: Level(90)},
    parameters=Parameters,
    check=lambda p: same_length(p, "target", "prediction"),
    draw=draw,
    parts=(PartSpec("loss", in_log_units=True),),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("hard-label-only", hard_label_only, "loss"),
        Misconception("arguments-swapped", arguments_swapped, "loss"),
        Misconception("log-of-average", log_of_average, "loss"),
        Misconception("entropy-for-cross-entropy", entropy_for_cross_entropy, "loss"),
    ),
    expression=expression,
    working=working,
    fallbacks={1: MIXED, 2: MIXED, 3: MIXED},
    variants=10_000,  # a lower bound
)
