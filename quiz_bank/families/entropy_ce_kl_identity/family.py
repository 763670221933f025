"""Entropy, cross-entropy and KL divergence of one pair of distributions, and the identity that ties them."""

from dataclasses import dataclass

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_distributions import cross_entropy, entropy, gap, surprisals
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE
from quiz_bank.parameters import Base, Distribution, read_parameters, same_length
from quiz_bank.problem import (
    Carry,
    Convention,
    Exact,
    Family,
    Identity,
    Level,
    LogBase,
    Misconception,
    PartSpec,
    Values,
    components,
)
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
    classes = {1: 2, 2: 3, 3: stream.integer(3, 4)}[level]
    target, prediction = (stream.distribution(classes, minimum=3) for _ in range(2))
    return Parameters(target, prediction, base)


def too_close(p: Parameters) -> bool:
    return gap(p.target, p.prediction) < 0.25


def truth(p: Parameters) -> Values:
    return {
        "entropy": engine.entropy(p.target, log_base=p.log_base),
        "cross_entropy": engine.cross_entropy(p.target, p.prediction, log_base=p.log_base),
        "kl": engine.kl_divergence(p.target, p.prediction, log_base=p.log_base),
    }


def target_entropy(p: Parameters) -> float:
    return entropy(p.target, p.log_base)


def prediction_entropy(p: Parameters) -> float:
    return entropy(p.prediction, p.log_base)


def right_cross_entropy(p: Parameters) -> float:
    return cross_entropy(p.target, p.prediction, p.log_base)


def swapped_cross_entropy(p: Parameters) -> float:
    return cross_entropy(p.prediction, p.target, p.log_base)


def right_kl(p: Parameters) -> float:
    return right_cross_entropy(p) - target_entropy(p)


def swapped_kl(p: Parameters) -> float:
    return swapped_cross_entropy(p) - prediction_entropy(p)


def entropies_subtracted(p: Parameters) -> float:
    return prediction_entropy(p) - target_entropy(p)


def added_up(p: Parameters) -> float:
    return right_cross_entropy(p) + target_entropy(p)


def scalars(values: Values) -> tuple[float, float, float]:
    h, cross, kl = (components(values[name])[0] for name in ("entropy", "cross_entropy", "kl"))
    return h, cross, kl


def kl_of_own(_: Parameters, own: Values) -> float:
    h, cross, _kl = scalars(own)
    return cross - h


def residual(_: Parameters, own: Values) -> float:
    h, cross, kl = scalars(own)
    return cross - h - kl


def convention(p: Parameters) -> Convention:
    return Convention(log_base=p.log_base, zero_log_zero="0" if 0 in p.target else None)


def working(p: Parameters) -> dict[str, object]:
    believed = surprisals([q for _, q in p.pairs], p.log_base)
    own = surprisals([y for y, _ in p.pairs], p.log_base)
    return {"pairs": p.pairs, "own_surprisals": own, "believed_surprisals": believed, "swapped": swapped_kl(p)}


def pair(target: list[str], prediction: list[str]) -> Parameters:
    return read_parameters(Parameters, {"target": target, "prediction": prediction})


PRESETS = {"loaded-coin": pair(["0.99", "0.01"], ["0.01", "0.99"])}
FALLBACK = pair(["0.5", "0.3", "0.2"], ["0.2", "0.2", "0.6"])

FAMILY = Family(
    slug="entropy-ce-kl-identity",
    version=1,
    topic="cross-entropy",
    package=__package__,
    levels={1: Level(120), 2: Level(180), 3: Level(240)},
    parameters=Parameters,
    check=lambda p: same_length(p, "target", "prediction"),
    draw=draw,
    parts=tuple(PartSpec(name, in_log_units=True) for name in ("entropy", "cross_entropy", "kl")),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("entropy-of-the-prediction", prediction_entropy, "entropy"),
        Misconception("cross-entropy-for-entropy", right_cross_entropy, "entropy"),
        Misconception("arguments-swapped", swapped_cross_entropy, "cross_entropy"),
        Misconception("entropy-for-cross-entropy", target_entropy, "cross_entropy"),
        Misconception("kl-for-cross-entropy", right_kl, "cross_entropy"),
        Misconception("arguments-swapped", swapped_kl, "kl"),
        Misconception("cross-entropy-for-kl", right_cross_entropy, "kl"),
        Misconception("sum-for-difference", added_up, "kl"),
        Misconception("entropies-subtracted", entropies_subtracted, "kl"),
    ),
    carried=(Carry("kl", ("entropy", "cross_entropy"), kl_of_own),),
    identities=(Identity("cross-entropy-is-entropy-plus-kl", ("entropy", "cross_entropy", "kl"), residual),),
    working=working,
    degenerate=too_close,
    presets=PRESETS,
    preset_levels={"loaded-coin": 1},
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=5_000,  # a lower bound: level 1 alone has some 7,000
)
