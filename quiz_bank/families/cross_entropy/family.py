"""The cross-entropy of two distributions: the truth weights the terms, the logarithm is taken of the belief."""

from dataclasses import dataclass
from fractions import Fraction
from math import isclose

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


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["e", "2"], 2: ["e"], 3: ["2", "10"]}
    base = stream.choice(bases[level])
    classes = stream.integer(*{1: (3, 4), 2: (2, 3), 3: (4, 5)}[level])
    if level == 1:
        halves = tuple(stream.sample(HALVES[classes], classes))
        return Parameters(stream.distribution(classes, places=1), halves, base)
    target, prediction = (stream.distribution(classes, minimum=2) for _ in range(2))
    return Parameters(target, prediction, base)


def truth(p: Parameters) -> Values:
    return {"cross_entropy": engine.cross_entropy(p.target, p.prediction, log_base=p.log_base)}


def weighted_surprisals(weights: tuple[Exact, ...], of: tuple[Exact, ...], base: LogBase) -> list[float]:
    return [-float(w) * log(q, base) if w else 0.0 for w, q in zip(weights, of, strict=True)]


def arguments_swapped(p: Parameters) -> float:
    return sum(weighted_surprisals(p.prediction, p.target, p.log_base))


def entropy_for_cross_entropy(p: Parameters) -> float:
    return sum(weighted_surprisals(p.target, p.target, p.log_base))


def kl_for_cross_entropy(p: Parameters) -> float:
    return sum(weighted_surprisals(p.target, p.prediction, p.log_base)) - entropy_for_cross_entropy(p)


def expression(p: Parameters) -> dict[str, str]:
    function = {"e": "ln", "2": "log2", "10": "log10"}[p.log_base]
    return {"cross_entropy": "0" + "".join(f"-({y})*{function}({q})" for y, q in pairs(p))}


def pairs(p: Parameters) -> list[tuple[Exact, Exact]]:
    return [(y, q) for y, q in zip(p.target, p.prediction, strict=True) if y > 0]


def convention(p: Parameters) -> Convention:
    both_zero = any(y == q == 0 for y, q in zip(p.target, p.prediction, strict=True))
    return Convention(log_base=p.log_base, zero_log_zero="0" if both_zero else None)


def working(p: Parameters) -> dict[str, object]:
    terms = weighted_surprisals(p.target, p.prediction, p.log_base)
    return {
        "pairs": pairs(p),
        "surprisals": [-log(q, p.log_base) for q in p.prediction],
        "terms": terms,
        "entropy": entropy_for_cross_entropy(p),
        "same_when_swapped": isclose(sum(terms), arguments_swapped(p), rel_tol=1e-12),
        "nats": sum(weighted_surprisals(p.target, p.prediction, "e")),
    }


LOADED_COIN = read_parameters(Parameters, {"target": ["0.99", "0.01"], "prediction": ["0.01", "0.99"]})
TILTED = read_parameters(Parameters, {"target": ["0.5", "0.3", "0.2"], "prediction": ["0.25", "0.25", "0.5"]})

FAMILY = Family(
    slug="cross-entropy",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(90), 3: Level(150)},
    parameters=Parameters,
    check=lambda p: same_length(p, "target", "prediction"),
    draw=draw,
    parts=(PartSpec("cross_entropy", in_log_units=True),),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("arguments-swapped", arguments_swapped, "cross_entropy"),
        Misconception("entropy-for-cross-entropy", entropy_for_cross_entropy, "cross_entropy"),
        Misconception("kl-for-cross-entropy", kl_for_cross_entropy, "cross_entropy"),
    ),
    expression=expression,
    working=working,
    degenerate=lambda p: p.target == p.prediction,
    presets={"loaded-coin": LOADED_COIN},
    preset_levels={"loaded-coin": 2},
    fallbacks={1: TILTED, 2: TILTED, 3: TILTED},
    variants=20_000,  # a lower bound
)
