"""One prediction, three reports: the probability as given, clipped, and divided by the sum before the clip."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, ln
from quiz_bank.parameters import ClassIndex, ParameterError, Positive, Probabilities, index_within, read_parameters
from quiz_bank.problem import Convention, Exact, Family, Level, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

CLIPS: Final = tuple(Decimal(1).scaleb(-places) for places in (5, 6, 7, 8, 10, 12, 15))


@dataclass(frozen=True, slots=True)
class Parameters:
    prediction: Probabilities
    target: ClassIndex
    epsilon: Positive

    @property
    def given(self) -> Exact:
        """The number that the model gave to the true class."""
        return self.prediction[self.target]

    @property
    def total(self) -> Fraction:
        """What the numbers sum to."""
        return sum((Fraction(q) for q in self.prediction), Fraction(0))

    @property
    def share(self) -> Fraction:
        """The true class's share of the sum."""
        return Fraction(self.given) / self.total

    def clip(self, probability: Exact) -> Fraction:
        """Hold a probability between ε and 1 − ε."""
        return min(max(Fraction(probability), Fraction(self.epsilon)), 1 - Fraction(self.epsilon))


def draw(stream: Stream, level: int) -> Parameters:
    """Draw a true class well above the clip (level 1), below it, or (level 3) on both sides of it, before and after."""
    epsilon = stream.choice(CLIPS)
    others = stream.decimals(3 if level == 3 else 2, 15, 45, places=2)
    places = -epsilon.adjusted()
    if level == 1:
        given = stream.decimal(5, 40, places=2)
    elif level == 2:
        given = stream.decimal(101, 999, places=places + stream.integer(3, 5))
    else:
        others = tuple(each / 2 for each in others)
        given = stream.decimal(45, 95, places=places + 2)
    place = stream.integer(0, len(others))
    return Parameters((*others[:place], given, *others[place:]), place, epsilon)


def sums_nearly_to_one(p: Parameters) -> bool:
    return abs(float(p.total) - 1) < 0.04


def truth(p: Parameters) -> Values:
    return {
        "as_given": engine.surprisal(p.given),
        "clipped": engine.surprisal(p.clip(p.given)),
        "renormalised": engine.surprisal(p.clip(p.share)),
    }


def surprise(*probabilities: Exact, unlike: Exact) -> list[float]:
    """Return −ln of each probability that is another one than the right one."""
    return [-ln(q) for q in dict.fromkeys(Fraction(each) for each in probabilities) if q != unlike]


def clipped_where_it_is_not(p: Parameters) -> list[float]:
    return surprise(p.clip(p.given), unlike=p.given)


def renormalised_where_it_is_not(p: Parameters) -> list[float]:
    return surprise(p.share, unlike=p.given)


def clip_forgotten(p: Parameters) -> list[float]:
    return surprise(p.given, unlike=p.clip(p.given))


def renormalised_before_the_clip(p: Parameters) -> list[float]:
    return surprise(p.clip(p.share), unlike=p.clip(p.given))


def clip_forgotten_after_the_sum(p: Parameters) -> list[float]:
    return surprise(p.share, unlike=p.clip(p.share))


def not_renormalised(p: Parameters) -> list[float]:
    return surprise(p.clip(p.given), p.given, unlike=p.clip(p.share))


def multiplied_by_the_sum(p: Parameters) -> list[float]:
    return surprise(p.clip(Fraction(p.given) * p.total), unlike=p.clip(p.share))


def clip_without_need(p: Parameters) -> list[float]:
    return surprise(p.epsilon, unlike=p.clip(p.given))


def check(p: Parameters) -> None:
    index_within(p, "target", "prediction")
    if p.total == 0:
        raise ParameterError("/prediction", "all-zero")
    if p.epsilon >= Decimal("0.5"):
        raise ParameterError("/epsilon", "clip-range")


def working(p: Parameters) -> dict[str, object]:
    return {
        "given_number": float(p.given),
        "total": float(p.total),
        "share": float(p.share),
        "acts": p.clip(p.given) != p.given,
        "acts_on_share": p.clip(p.share) != p.share,
        "held": float(p.clip(p.given)),
        "held_share": float(p.clip(p.share)),
    }


def fallback(prediction: list[str], target: int) -> Parameters:
    return read_parameters(Parameters, {"prediction": prediction, "target": target, "epsilon": "1e-7"})


FALLBACKS = {
    1: fallback(["0.30", "0.20", "0.40"], 1),
    2: fallback(["0.40", "0.00000000123", "0.35"], 1),
    3: fallback(["0.20", "0.000000085", "0.15", "0.15"], 1),
}

FAMILY = Family(
    slug="what-a-library-reports",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(120), 2: Level(120), 3: Level(150)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=tuple(PartSpec(name, in_log_units=True, significant_digits=4) for name in ("as_given", "clipped", "renormalised")),
    truth=truth,
    convention=lambda _: Convention(log_base="e", clip=None),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("clipped-where-it-is-not", clipped_where_it_is_not, "as_given"),
        Misconception("renormalised-where-it-is-not", renormalised_where_it_is_not, "as_given"),
        Misconception("clip-forgotten", clip_forgotten, "clipped"),
        Misconception("renormalised-where-it-is-not", renormalised_before_the_clip, "clipped"),
        Misconception("clip-without-need", clip_without_need, "clipped"),
        Misconception("clip-forgotten", clip_forgotten_after_the_sum, "renormalised"),
        Misconception("not-renormalised", not_renormalised, "renormalised"),
        Misconception("multiplied-by-the-sum", multiplied_by_the_sum, "renormalised"),
    ),
    working=working,
    degenerate=sums_nearly_to_one,
    fallbacks=FALLBACKS,
    variants=100_000,  # a lower bound: level 1 alone has 7 * 36 * 31 * 31 * 3, most of which don't sum to 1
)
