"""The entropy of a biased coin, and the bias of a coin whose entropy is given."""

from dataclasses import dataclass, replace
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import FUNCTION, other_bases, power
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, NonNegative, ParameterError, Probability, read_parameters, show
from quiz_bank.problem import Convention, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

ENTROPIES: dict[LogBase, tuple[int, int]] = {"e": (100, 660), "2": (100, 950), "10": (40, 285)}
"""The entropies drawn, in thousandths: well below a fair coin's, where they hardly tell one coin from another."""


@dataclass(frozen=True, slots=True)
class Parameters:
    probability: Probability
    entropy: NonNegative
    log_base: Base = "2"


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["2"], 2: ["e"], 3: ["2", "10"]}
    base = stream.choice(bases[level])
    entropy = stream.decimal(*ENTROPIES[base], places=3)
    if level == 1:
        return Parameters(5 * stream.decimal(1, 19, places=2), entropy, base)
    if level == 2:
        return Parameters(stream.decimal(20, 980, places=3), entropy, base)
    return Parameters(stream.decimal(100, 999, places=stream.integer(4, 5)), entropy, base)


def truth(p: Parameters) -> Values:
    return {
        "coin_entropy": engine.binary_entropy(p.probability, log_base=p.log_base),
        "smaller_probability": engine.coin_of_entropy(p.entropy, log_base=p.log_base),
    }


def terms(p: Parameters) -> list[float]:
    return [-float(q) * log(q, p.log_base) for q in (p.probability, 1 - p.probability)]


def variance(p: Parameters) -> float:
    return float(p.probability) * float(1 - p.probability)


def entropy_of(probability: float, base: LogBase) -> float:
    return -sum(q * log(q, base) for q in (probability, 1 - probability) if q > 0)


def halvings(p: Parameters, base: LogBase, steps: int) -> list[float]:
    """Return the middles of an interval that is halved towards the coin of the given entropy."""
    low, high, middles = 0.0, 0.5, []
    for _ in range(steps):
        middles.append((low + high) / 2)
        below = entropy_of(middles[-1], base) < p.entropy
        low, high = (middles[-1], high) if below else (low, middles[-1])
    return middles


def larger_probability(p: Parameters) -> float:
    return 1 - halvings(p, p.log_base, 50)[-1]


def linear_reading(p: Parameters) -> float:
    return float(p.entropy) / log(2, p.log_base) / 2


def surprisal_for_entropy(p: Parameters) -> float:
    return power(p.log_base, -p.entropy)


def entropy_in_another_base(p: Parameters) -> list[float]:
    return [halvings(p, base, 50)[-1] for base in other_bases(p.log_base) if p.entropy < log(2, base)]


def check(p: Parameters) -> None:
    try:
        engine.coin_of_entropy(p.entropy, log_base=p.log_base)
    except ValueError:
        raise ParameterError("/entropy", "entropy-of-no-coin", number=show(p.entropy)) from None


def expression(p: Parameters) -> dict[str, str]:
    function, q = FUNCTION[p.log_base], p.probability
    return {"coin_entropy": f"-({q})*{function}({q})-(1-{q})*{function}(1-{q})" if 0 < q < 1 else "0"}


def working(p: Parameters) -> dict[str, object]:
    middles = halvings(p, p.log_base, 7)
    tenth = Decimal(int(halvings(p, p.log_base, 50)[-1] * 10)) / 10
    return {
        "other": 1 - p.probability,
        "terms": terms(p),
        "middles": middles,
        "entropies": [entropy_of(middle, p.log_base) for middle in middles],
        "low": tenth,
        "high": tenth + Decimal("0.1"),
    }


FALLBACK = read_parameters(Parameters, {"probability": "0.2", "entropy": "0.5", "log_base": "2"})

FAMILY = Family(
    slug="entropy-of-coin",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(180), 2: Level(180), 3: Level(210)},
    parameters=Parameters,
    check=check,
    draw=draw,
    parts=(PartSpec("coin_entropy", in_log_units=True), PartSpec("smaller_probability", significant_digits=2)),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base),
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("coin_entropy",)),
        Misconception("one-term-only", terms, "coin_entropy"),
        Misconception("variance", variance, "coin_entropy"),
        Misconception("larger-probability", larger_probability, "smaller_probability"),
        Misconception("linear-reading", linear_reading, "smaller_probability"),
        Misconception("surprisal-for-entropy", surprisal_for_entropy, "smaller_probability"),
        Misconception("entropy-in-another-base", entropy_in_another_base, "smaller_probability"),
    ),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=10_000,  # a lower bound: level 1 alone has 16,169
)
