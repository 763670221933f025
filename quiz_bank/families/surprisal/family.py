"""The surprisal of one event: minus the logarithm of its probability."""

from dataclasses import dataclass
from fractions import Fraction

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Probability, read_parameters
from quiz_bank.problem import Convention, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream

# Their logarithms are sums of those of 2, 3 and 10, which are known by heart: 1/2, 1/3, 1/4 … 1/1000.
PRODUCTS = {2**a * 3**b * 10**c for a in range(5) for b in range(3) for c in range(4)}
RECOGNISABLE = tuple(Fraction(1, n) for n in sorted(PRODUCTS) if 1 < n <= 1000)


@dataclass(frozen=True, slots=True)
class Parameters:
    probability: Probability
    log_base: Base = "e"


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["e", "2", "10"], 2: ["e"], 3: ["2", "10"]}
    base = stream.choice(bases[level])
    if level == 1:
        return Parameters(stream.choice(RECOGNISABLE), base)
    if level == 2:
        return Parameters(stream.decimal(20, 950, places=3), base)
    return Parameters(stream.decimal(100, 999, places=stream.integer(5, 7)), base)


def truth(p: Parameters) -> Values:
    return {"surprisal": engine.surprisal(p.probability, log_base=p.log_base)}


def weighted_by_p(p: Parameters) -> float:
    return -float(p.probability) * log(p.probability, p.log_base)


def reciprocal(p: Parameters) -> float:
    return 1 / float(p.probability)


def complement(p: Parameters) -> float:
    return 1 - float(p.probability)


def expression(p: Parameters) -> dict[str, str]:
    function = {"e": "ln", "2": "log2", "10": "log10"}[p.log_base]
    return {"surprisal": f"-{function}({p.probability})"}


def working(p: Parameters) -> dict[str, object]:
    return {"nats": -log(p.probability, "e"), "bits": -log(p.probability, "2")}


def preset(probability: str) -> Parameters:
    return read_parameters(Parameters, {"probability": probability})


PRESETS = {"panda": preset("0.001"), "rare": preset("0.01"), "certain": preset("0.99")}

FAMILY = Family(
    slug="surprisal",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(45, "mental"), 2: Level(30), 3: Level(45)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("surprisal", in_log_units=True),),
    truth=truth,
    convention=lambda p: Convention(log_base=p.log_base),
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("weighted-by-p", weighted_by_p, "surprisal"),
        Misconception("complement", complement, "surprisal"),
        Misconception("reciprocal", reciprocal, "surprisal"),
    ),
    expression=expression,
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks={1: PRESETS["rare"], 2: PRESETS["panda"], 3: PRESETS["panda"]},
    variants=1_500,  # a lower bound: there are 6,439, but a third of the drawings come from the 108 of level 1
)
