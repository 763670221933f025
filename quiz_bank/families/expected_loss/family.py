"""What a prediction costs in the long run: its loss in each case, weighted by how often the case really occurs."""

from dataclasses import dataclass
from statistics import fmean

from quiz_bank.engine import reference as engine
from quiz_bank.families.on_averages import FUNCTION
from quiz_bank.misconceptions import SIGN_FLIPPED, WRONG_LOG_BASE, log
from quiz_bank.parameters import Base, Distribution, read_parameters, same_length
from quiz_bank.problem import (
    Carry,
    Convention,
    Exact,
    Family,
    Level,
    LogBase,
    Misconception,
    PartSpec,
    Values,
    Vector,
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
        """The true and the predicted probability of each outcome that can happen."""
        return [(y, q) for y, q in zip(self.target, self.prediction, strict=True) if y > 0]


def draw(stream: Stream, level: int) -> Parameters:
    base: LogBase = stream.choice(("2", "10")) if level == 3 else "e"
    places, least = (1, 1) if level == 1 else (2, 4)
    outcomes = stream.integer(*{1: (2, 3), 2: (3, 3), 3: (4, 4)}[level])
    target, prediction = (stream.distribution(outcomes, places, least) for _ in range(2))
    return Parameters(target, prediction, base)


def too_close(p: Parameters) -> bool:
    """Say whether prediction and truth are so near each other that every kind of mean gives much the same."""
    return sum(abs(float(y) - float(q)) for y, q in zip(p.target, p.prediction, strict=True)) < 0.2


def truth(p: Parameters) -> Values:
    return {
        "losses": tuple(engine.surprisal(q, log_base=p.log_base) for q in p.prediction),
        "expected": engine.cross_entropy(p.target, p.prediction, log_base=p.log_base),
    }


def losses(p: Parameters) -> Vector:
    return tuple(-log(q, p.log_base) for q in p.prediction)


def weighted_terms(p: Parameters) -> Vector:
    return tuple(float(y) * loss if y else 0.0 for y, loss in zip(p.target, losses(p), strict=True))


def losses_of_truth(p: Parameters) -> Vector:
    return tuple(-log(y, p.log_base) for y in p.target)


def complement(p: Parameters) -> Vector:
    return tuple(1 - float(q) for q in p.prediction)


def loss_at_the_mean(p: Parameters) -> float:
    return -log(sum(float(y) * float(q) for y, q in p.pairs), p.log_base)


def mean_for_expectation(p: Parameters) -> float:
    return fmean(losses(p))


def most_likely_only(p: Parameters) -> list[float]:
    return [loss for y, loss in zip(p.target, losses(p), strict=True) if y == max(p.target)]


def entropy_for_cross_entropy(p: Parameters) -> float:
    return -sum(float(y) * log(y, p.log_base) for y, _ in p.pairs)


def kl_for_cross_entropy(p: Parameters) -> float:
    return sum(weighted_terms(p)) - entropy_for_cross_entropy(p)


def arguments_swapped(p: Parameters) -> float:
    return -sum(float(q) * log(y, p.log_base) for y, q in zip(p.target, p.prediction, strict=True) if q > 0)


def expected_of_own(p: Parameters, own: Values) -> float:
    return sum(float(y) * loss for y, loss in zip(p.target, components(own["losses"]), strict=True) if y > 0)


def expression(p: Parameters) -> dict[str, str]:
    return {"expected": "-(" + "+".join(f"({y})*{FUNCTION[p.log_base]}({q})" for y, q in p.pairs) + ")"}


def convention(p: Parameters) -> Convention:
    both_zero = any(y == q == 0 for y, q in zip(p.target, p.prediction, strict=True))
    return Convention(log_base=p.log_base, zero_log_zero="0" if both_zero else None)


def working(p: Parameters) -> dict[str, object]:
    return {
        "terms": weighted_terms(p),
        "entropy": entropy_for_cross_entropy(p),
        "regret": max(0.0, kl_for_cross_entropy(p)),
    }


FALLBACK = read_parameters(Parameters, {"target": ["0.7", "0.3"], "prediction": ["0.9", "0.1"]})

FAMILY = Family(
    slug="expected-loss",
    version=1,
    topic="language-models-and-evaluation",
    package=__package__,
    levels={1: Level(90), 2: Level(120), 3: Level(180)},
    parameters=Parameters,
    check=lambda p: same_length(p, "target", "prediction"),
    draw=draw,
    degenerate=too_close,
    parts=(PartSpec("losses", "vector", in_log_units=True), PartSpec("expected", in_log_units=True)),
    truth=truth,
    convention=convention,
    misconceptions=(
        WRONG_LOG_BASE,
        SIGN_FLIPPED,
        Misconception("already-weighted", weighted_terms, "losses"),
        Misconception("losses-of-truth", losses_of_truth, "losses"),
        Misconception("complement", complement, "losses"),
        Misconception("loss-at-the-mean", loss_at_the_mean, "expected"),
        Misconception("mean-for-expectation", mean_for_expectation, "expected"),
        Misconception("most-likely-only", most_likely_only, "expected"),
        Misconception("entropy-for-cross-entropy", entropy_for_cross_entropy, "expected"),
        Misconception("kl-for-cross-entropy", kl_for_cross_entropy, "expected"),
        Misconception("arguments-swapped", arguments_swapped, "expected"),
    ),
    carried=(Carry("expected", ("losses",), expected_of_own),),
    expression=expression,
    working=working,
    fallbacks=dict.fromkeys((1, 2, 3), FALLBACK),
    variants=3000,  # at the least: level 1 has some sixty with two outcomes and a thousand with three
)
