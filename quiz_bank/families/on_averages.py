"""What the families on averaged losses share: exact means for the answer key, and sums that a learner could type."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal

from quiz_bank.engine import reference as engine
from quiz_bank.parameters import ParameterError
from quiz_bank.problem import Exact, LogBase

FUNCTION: Final[dict[LogBase, str]] = {"e": "ln", "2": "log2", "10": "log10"}
"""The logarithm of each base as a learner types it."""


def reduced_loss(probabilities: Sequence[Exact], reduction: Literal["sum", "mean"] = "mean", log_base: LogBase = "e") -> float:
    """Return the sum or mean of −log q, correctly rounded: a cross-entropy whose weights are all 1 or 1/N."""
    weight = Fraction(1, len(probabilities)) if reduction == "mean" else Fraction(1)
    return engine.cross_entropy([weight] * len(probabilities), probabilities, log_base=log_base)


def log_sum(probabilities: Sequence[Exact], log_base: LogBase = "e") -> str:
    """Return the sum of −log q as a learner could type it."""
    return "-(" + "+".join(f"{FUNCTION[log_base]}({q})" for q in probabilities) + ")"


def exact_mean(values: Sequence[Exact], weights: Sequence[int] | None = None) -> Fraction:
    """Return the mean, weighted where weights are given, without any rounding."""
    shares = [1] * len(values) if weights is None else weights
    return sum((n * Fraction(x) for n, x in zip(shares, values, strict=True)), Fraction(0)) / sum(shares)


def something_counts(parameters: object, counts: str) -> None:
    """Complain unless at least one of the counts is above 0."""
    if not any(getattr(parameters, counts)):
        raise ParameterError(f"/{counts}", "nothing-counted")
