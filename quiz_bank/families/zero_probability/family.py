"""A probability of 0 in a prediction: the loss is infinite where the outcome can happen, and what a clip reports instead."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import inf, nan

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import cross_entropy, surprisals
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import Distribution, ParameterError, Positive, one_hot, read_parameters, same_length
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

IMPOSSIBLE = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Parameters:
    prediction: Distribution
    target: Distribution
    epsilon: Positive

    @property
    def clipped(self) -> tuple[Exact, ...]:
        """The prediction with every probability held between ε and 1 − ε."""
        least, most = Fraction(self.epsilon), 1 - Fraction(self.epsilon)
        return tuple(min(max(Fraction(q), least), most) for q in self.prediction)

    @property
    def infinite(self) -> bool:
        """Whether the prediction rules out what can happen."""
        return any(y > 0 and q == 0 for y, q in zip(self.target, self.prediction, strict=True))


def draw(stream: Stream, level: int) -> Parameters:
    classes = 4 if level == 3 else 3
    place = stream.integer(0, classes - 1)
    prediction = with_zero(stream, classes, place)
    epsilon = Decimal(1).scaleb(-stream.integer(5, 16))
    if level == 1:
        return Parameters(prediction, one_hot(place, classes), epsilon)
    harmless = level == 3 and stream.integer(0, 1)
    target = with_zero(stream, classes, place) if harmless else stream.distribution(classes, minimum=5)
    return Parameters(prediction, target, epsilon)


def with_zero(stream: Stream, classes: int, place: int) -> tuple[Decimal, ...]:
    """Return a distribution that rules out the class at one place."""
    others = stream.distribution(classes - 1, minimum=5)
    return (*others[:place], IMPOSSIBLE, *others[place:])


def truth(p: Parameters) -> Values:
    return {"exact": engine.cross_entropy(p.target, p.prediction), "clipped": engine.cross_entropy(p.target, p.clipped)}


def right_clipped(p: Parameters) -> float:
    return cross_entropy(p.target, p.clipped, "e")


def clipped_for_exact(p: Parameters) -> list[float]:
    return [right_clipped(p)] if p.infinite else []


def zero_term_dropped(p: Parameters) -> list[float]:
    return [rest(p)] if p.infinite else []


def rest(p: Parameters) -> float:
    """Return what the classes add that the prediction holds possible."""
    return sum(-float(y) * ln(q) for y, q in zip(p.target, p.prediction, strict=True) if q > 0)


def nan_for_infinity(p: Parameters) -> list[float]:
    return [nan] if p.infinite else []


def infinity_for_finite(p: Parameters) -> list[float]:
    return [] if p.infinite else [inf]


def exact_for_clipped(p: Parameters) -> list[float]:
    return [inf] if p.infinite else []


def weight_forgotten(p: Parameters) -> list[float]:
    surprise = -ln(p.epsilon)
    return [] if 1 in p.target else [surprise, rest(p) + surprise]


def check(p: Parameters) -> None:
    same_length(p, "prediction", "target")
    if p.epsilon >= Decimal("0.5"):
        raise ParameterError("/epsilon", "clip-range")


def working(p: Parameters) -> dict[str, object]:
    each = surprisals(p.clipped, "e")
    return {"infinite": p.infinite, "held": tuple(map(float, p.clipped)), "surprisals": each}


def fallback(prediction: list[str], target: list[str]) -> Parameters:
    return read_parameters(Parameters, {"prediction": prediction, "target": target, "epsilon": "1e-7"})


FALLBACKS = {
    1: fallback(["0.6", "0.4", "0"], ["0", "0", "1"]),
    2: fallback(["0.6", "0.4", "0"], ["0.5", "0.3", "0.2"]),
    3: fallback(["0.6", "0.3", "0.1", "0"], ["0.5", "0.3", "0.2", "0"]),
}

FAMILY = Family(
    slug="zero-probability",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(60), 2: Level(120), 3: Level(150)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=tuple(PartSpec(name, in_log_units=True, special=True) for name in ("exact", "clipped")),
    truth=truth,
    convention=lambda _: Convention(log_base="e", zero_log_zero="0", clip=None),
    misconceptions=(
        replace(WRONG_LOG_BASE, parts=("clipped",)),
        Misconception("clipped-value-for-exact", clipped_for_exact, "exact"),
        Misconception("zero-term-dropped", zero_term_dropped, "exact"),
        Misconception("nan-for-infinity", nan_for_infinity, "exact"),
        Misconception("infinity-for-finite", infinity_for_finite, "exact"),
        Misconception("exact-value-for-clipped", exact_for_clipped, "clipped"),
        Misconception("zero-term-dropped", zero_term_dropped, "clipped"),
        Misconception("weight-forgotten", weight_forgotten, "clipped"),
        SIGN_FLIPPED,
    ),
    working=working,
    fallbacks=FALLBACKS,
    variants=3_000,  # a lower bound: a third of the drawings come from the 3,276 of level 1
)
