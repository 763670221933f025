"""The KL divergence of a belief from the truth: the surprise that is left when the truth's own entropy is taken off."""

from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Distribution, read_parameters, same_length
from quiz_bank.problem import Convention, Exact, Family, Level, LogBase, Misconception, PartSpec, Values
from quiz_bank.sampling import Stream


@dataclass(frozen=True, slots=True)
class Parameters:
    target: Distribution
    prediction: Distribution
    log_base: Base = "e"

    @property
    def pairs(self) -> list[tuple[Exact, Exact]]:
        """The true and the believed probability of each class that can happen."""
        return [(y, q) for y, q in zip(self.target, self.prediction, strict=True) if y > 0]


def draw(stream: Stream, level: int) -> Parameters:
    base: LogBase = stream.choice(["2", "10"]) if level == 3 else "e"
    classes = {1: 2, 2: 3, 3: stream.integer(4, 5)}[level]
    target, prediction = (stream.distribution(classes, minimum=3) for _ in range(2))
    return Parameters(target, prediction, base)


def too_close(p: Parameters) -> bool:
    """Say whether the terms nearly cancel, so that right work with rounded intermediate numbers would look wrong."""
    return absolute_differences(p) < 0.25


def truth(p: Parameters) -> Values:
    return {"kl": engine.kl_divergence(p.target, p.prediction, log_base=p.log_base)}


def cross_entropy(target: tuple[Exact, ...], prediction: tuple[Exact, ...], base: LogBase) -> float:
    return -sum(float(y) * log(q, base) for y, q in zip(target, prediction, strict=True) if y > 0)


def entropy_for_kl(p: Parameters) -> float:
    return cross_entropy(p.target, p.target, p.log_base)


def cross_entropy_for_kl(p: Parameters) -> float:
    return cross_entropy(p.target, p.prediction, p.log_base)


def arguments_swapped(p: Parameters) -> float:
    return cross_entropy(p.prediction, p.target, p.log_base) - cross_entropy(p.prediction, p.prediction, p.log_base)


def absolute_differences(p: Parameters) -> float:
    return float(sum(abs(float(y) - float(q)) for y, q in zip(p.target, p.prediction, strict=True)))


def expression(p: Parameters) -> dict[str, str]:
    function = {"e": "ln", "2": "log2", "10": "log10"}[p.log_base]
    return {"kl": "0" + "".join(f"+({y})*{function}(({y})/({q}))" for y, q in p.pairs)}


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if 0 in p.target else None)


def working(p: Parameters) -> dict[str, object]:
    log_ratios = [log(y, p.log_base) - log(q, p.log_base) for y, q in p.pairs]
    return {
        "pairs": p.pairs,
        "possible": tuple(y for y, _ in p.pairs),
        "log_ratios": log_ratios,
        "terms": [float(y) * log_ratio for (y, _), log_ratio in zip(p.pairs, log_ratios, strict=True)],
        "cross_entropy": cross_entropy_for_kl(p),
        "entropy": entropy_for_kl(p),
        "swapped": arguments_swapped(p),
        "nats": cross_entropy(p.target, p.prediction, "e") - cross_entropy(p.target, p.target, "e"),
    }


def fallback(target: list[str], prediction: list[str]) -> Parameters:
    return read_parameters(Parameters, {"target": target, "prediction": prediction})


FALLBACKS = {
    1: fallback(["0.5", "0.5"], ["0.9", "0.1"]),
    2: fallback(["0.5", "0.3", "0.2"], ["0.2", "0.2", "0.6"]),
    3: fallback(["0.4", "0.3", "0.2", "0.1"], ["0.1", "0.2", "0.1", "0.6"]),
}

FAMILY = Family(
    slug="kl-divergence",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(60), 2: Level(90), 3: Level(180)},
    parameters=Parameters,
    check=lambda p: same_length(p, "target", "prediction"),
    draw=draw,
    parts=(PartSpec("kl", in_log_units=True),),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("arguments-swapped", arguments_swapped, "kl"),
        Misconception("cross-entropy-for-kl", cross_entropy_for_kl, "kl"),
        Misconception("entropy-for-kl", entropy_for_kl, "kl"),
        Misconception("absolute-differences", absolute_differences, "kl"),
    ),
    expression=expression,
    working=working,
    degenerate=too_close,
    fallbacks=FALLBACKS,
    variants=10_000,  # a lower bound
)
