"""The probability that a surprisal stands for: the base of the logarithm, to the power of minus the surprisal."""

from dataclasses import dataclass
from decimal import Decimal

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import other_bases, power
from quiz_bank.parameters import Base, NonNegative, read_parameters
from quiz_bank.problem import Convention, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    surprisal: NonNegative
    log_base: Base = "e"


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["2", "10"], 2: ["e"], 3: ["2", "10"]}
    base = stream.choice(bases[level])
    if level == 1:
        return Parameters(Decimal(stream.integer(2, {"2": 10, "10": 6}[base])), base)
    if level == 2:
        return Parameters(stream.decimal(50, 6000, places=3), base)
    return Parameters(stream.decimal(1000, {"2": 150_000, "10": 50_000}[base], places=4), base)


def truth(p: Parameters) -> Values:
    return {"probability": engine.probability_from_surprisal(p.surprisal, log_base=p.log_base)}


def another_base(p: Parameters) -> list[float]:
    return [power(other, -p.surprisal) for other in other_bases(p.log_base)]


def reciprocal(p: Parameters) -> float:
    return 1 / float(p.surprisal)


def minus_forgotten(p: Parameters) -> float:
    return power(p.log_base, p.surprisal)


def complement(p: Parameters) -> float:
    return 1 - power(p.log_base, -p.surprisal)


def expression(p: Parameters) -> dict[str, str]:
    return {"probability": f"{p.log_base}^-({p.surprisal})"}


def working(p: Parameters) -> dict[str, object]:
    return {"one_in": minus_forgotten(p)}


def preset(surprisal: str, log_base: LogBase) -> Parameters:
    return read_parameters(Parameters, {"surprisal": surprisal, "log_base": log_base})


FALLBACKS = {1: preset("5", "2"), 2: preset("1.609", "e"), 3: preset("3.3219", "2")}

FAMILY = Family(
    slug="probability-from-surprisal",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(30, "mental"), 2: Level(30), 3: Level(45)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("probability"),),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base),
    misconceptions=(
        Misconception("exponent-in-another-base", another_base, "probability"),
        Misconception("reciprocal", reciprocal, "probability"),
        Misconception("minus-forgotten", minus_forgotten, "probability"),
        Misconception("complement", complement, "probability"),
    ),
    expression=expression,
    working=working,
    fallbacks=FALLBACKS,
    variants=1_500,  # a lower bound: there are some 200,000, but a third of the drawings come from the 14 of level 1
)
