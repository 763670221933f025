"""The perplexity of a distribution: how many equally likely outcomes would be as uncertain."""

from dataclasses import dataclass, replace

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import entropy, halved, other_bases, power, surprisals
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Distribution, read_parameters
from quiz_bank.problem import Carry, Convention, Exact, Family, Level, LogBase, Misconception, PartSpec, Values, components
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    probabilities: Distribution
    log_base: Base = "2"

    @property
    def possible(self) -> tuple[Exact, ...]:
        """The outcomes that can happen: an impossible one adds nothing, for 0 · log 0 = 0."""
        return tuple(q for q in self.probabilities if q > 0)


def draw(stream: Stream, level: int) -> Parameters:
    bases: dict[int, list[LogBase]] = {1: ["2"], 2: ["e"], 3: ["2", "10"]}
    base = stream.choice(bases[level])
    if level == 1:
        return Parameters(halved(stream, stream.integer(4, 6)), base)
    if level == 2:
        return Parameters(stream.distribution(stream.integer(3, 4), minimum=2), base)
    return Parameters(stream.distribution(stream.integer(4, 6), places=3, minimum=5), base)


def truth(p: Parameters) -> Values:
    return {
        "entropy": engine.entropy(p.probabilities, log_base=p.log_base),
        "perplexity": engine.perplexity(p.probabilities),
    }


def unweighted_sum(p: Parameters) -> float:
    return sum(surprisals(p.possible, p.log_base))


def maximum_entropy(p: Parameters) -> float:
    return log(len(p.probabilities), p.log_base)


def base_mismatched(p: Parameters) -> list[float]:
    own, others = p.log_base, other_bases(p.log_base)
    return [power(b, entropy(p.probabilities, own)) for b in others] + [power(own, entropy(p.probabilities, b)) for b in others]


def number_of_outcomes(p: Parameters) -> float:
    return float(len(p.probabilities))


def entropy_for_perplexity(p: Parameters) -> float:
    return entropy(p.probabilities, p.log_base)


def minus_in_the_exponent(p: Parameters) -> float:
    return power(p.log_base, -entropy(p.probabilities, p.log_base))


def power_of_own(p: Parameters, own: Values) -> float:
    (typed,) = components(own["entropy"])
    return power(p.log_base, typed)


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if 0 in p.probabilities else None)


def expression(p: Parameters) -> dict[str, str]:
    return {"perplexity": "1" + "".join(f"*({q})^(-({q}))" for q in p.possible)}


def working(p: Parameters) -> dict[str, object]:
    each = surprisals(p.possible, p.log_base)
    terms = [float(q) * surprisal for q, surprisal in zip(p.possible, each, strict=True)]
    return {"possible": p.possible, "surprisals": each, "terms": terms}


FALLBACKS = {
    1: read_parameters(Parameters, {"probabilities": ["1/2", "1/4", "1/4"], "log_base": "2"}),
    2: read_parameters(Parameters, {"probabilities": ["0.6", "0.3", "0.1"], "log_base": "e"}),
    3: read_parameters(Parameters, {"probabilities": ["0.4", "0.3", "0.2", "0.1"], "log_base": "10"}),
}

FAMILY = Family(
    slug="perplexity-of-distribution",
    version=1,
    topic="information",
    package=__package__,
    levels={1: Level(75, "mental"), 2: Level(120), 3: Level(180)},
    parameters=Parameters,
    draw=draw,
    parts=(PartSpec("entropy", in_log_units=True), PartSpec("perplexity")),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        replace(SIGN_FLIPPED, parts=("entropy",)),
        Misconception("unweighted-sum", unweighted_sum, "entropy"),
        Misconception("maximum-entropy", maximum_entropy, "entropy"),
        Misconception("base-mismatched", base_mismatched, "perplexity"),
        Misconception("number-of-outcomes", number_of_outcomes, "perplexity"),
        Misconception("entropy-for-perplexity", entropy_for_perplexity, "perplexity"),
        Misconception("minus-in-the-exponent", minus_in_the_exponent, "perplexity"),
    ),
    carried=(Carry("perplexity", ("entropy",), power_of_own),),
    expression=expression,
    working=working,
    fallbacks=FALLBACKS,
    variants=2_000,  # a lower bound: there are millions, but a third of the drawings come from the few hundred of level 1
)
