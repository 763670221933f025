"""The entropy of a distribution: its surprisals, each weighted by its own probability."""

from dataclasses import dataclass
from statistics import fmean

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import halved
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Distribution, read_parameters
from quiz_bank.problem import Convention, Exact, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    probabilities: Distribution
    log_base: Base = "e"

    @property
    def possible(self) -> tuple[Exact, ...]:
        """The outcomes that can happen: an impossible one adds nothing, for 0 · log 0 = 0."""
        return tuple(q for q in self.probabilities if q > 0)


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["e", "2"], 2: ["e"], 3: ["2", "10"]}
    base = stream.choice(bases[level])
    if level == 1:
        return Parameters(halved(stream, stream.integer(3, 6)), base)
    if level == 2:
        return Parameters(stream.distribution(stream.integer(3, 4), minimum=2), base)
    return Parameters(stream.distribution(stream.integer(4, 6), places=3, minimum=stream.integer(0, 1)), base)


def truth(p: Parameters) -> Values:
    return {"entropy": engine.entropy(p.probabilities, log_base=p.log_base)}


def surprisals(p: Parameters) -> list[float]:
    return [-log(q, p.log_base) for q in p.possible]


def unweighted_sum(p: Parameters) -> float:
    return sum(surprisals(p))


def mean_for_expectation(p: Parameters) -> float:
    return fmean(surprisals(p))


def maximum_entropy(p: Parameters) -> float:
    return log(len(p.probabilities), p.log_base)


def expression(p: Parameters) -> dict[str, str]:
    function = {"e": "ln", "2": "log2", "10": "log10"}[p.log_base]
    return {"entropy": "0" + "".join(f"-({q})*{function}({q})" for q in p.possible)}


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if 0 in p.probabilities else None)


def working(p: Parameters) -> dict[str, object]:
    each = surprisals(p)
    terms = [float(q) * surprisal for q, surprisal in zip(p.possible, each, strict=True)]
    return {"possible": p.possible, "surprisals": each, "terms": terms, "maximum": maximum_entropy(p)}


def preset(probabilities: list[str]) -> Parameters:
    return read_parameters(Parameters, {"probabilities": probabilities})


PRESETS = {
    "forest": preset(["0.2", "0.3", "0.5"]),
    "medium": preset(["0.7", "0.2", "0.1"]),
    "uniform": preset(["1/3", "1/3", "1/3"]),
    "one-hot": preset(["1", "0", "0"]),
}

FAMILY = Family(
    slug="entropy",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(60, "mental"), 2: Level(90), 3: Level(150)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("entropy", in_log_units=True),),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("unweighted-sum", unweighted_sum, "entropy"),
        Misconception("mean-for-expectation", mean_for_expectation, "entropy"),
        Misconception("maximum-entropy", maximum_entropy, "entropy"),
    ),
    expression=expression,
    working=working,
    presets=PRESETS,
    preset_levels=dict.fromkeys(PRESETS, 2),
    fallbacks={1: PRESETS["forest"], 2: PRESETS["forest"], 3: PRESETS["medium"]},
    variants=3_000,  # a lower bound: there are millions, but a third of the drawings come from the 1,230 of level 1
)
