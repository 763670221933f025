"""Cross-entropies of logits as exact values: an exact part plus weighted logarithms of sums of exponentials.

A loss Σ w_j·(−ln p_j) of one vector of logits is Σ w_j·gap_j + W·L with W = Σ w_j (see `exponentials`). Sums and multiples
of such losses keep that form, and it is rational only where the logarithms drop out; so a batch is rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from quiz_bank.engine.enclosure import Ball
from quiz_bank.engine.exact import Exact, check_same_length, read_probabilities
from quiz_bank.engine.exponentials import Gaps
from quiz_bank.engine.rounding import round_sum
from quiz_bank.engine.sums import weighted_sum

Target: TypeAlias = int | Sequence[Exact]

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Loss:
    """head + Σ weight·L; a head of None is infinite."""

    head: Fraction | None
    parts: tuple[tuple[Fraction, Gaps], ...]

    def times(self, factor: Fraction) -> Loss:
        """Scale by a factor ≥ 0."""
        head = None if self.head is None else self.head * factor
        return Loss(head, tuple((weight * factor, gaps) for weight, gaps in self.parts))

    def tail(self, bits: int) -> Ball:
        """Enclose Σ weight·L."""
        return weighted_sum([(weight, gaps.sums(bits).log_total) for weight, gaps in self.parts], bits)

    def nearest(self) -> float:
        """Round to the nearest float64."""
        return math.inf if self.head is None else round_sum(self.head, self.tail)


def hard_loss(gaps: Gaps, index: int) -> Loss:
    """Give −ln p of one class."""
    return Loss(gaps.gap(index), ((Fraction(1), gaps),))


def weighted_loss(gaps: Gaps, weights: Sequence[Fraction]) -> Loss:
    """Give Σ w_j·(−ln p_j) over w_j > 0."""
    head = _ZERO
    for index, weight in enumerate(weights):
        if weight:
            gap = gaps.gap(index)
            if gap is None:
                return Loss(None, ())
            head += weight * gap
    return Loss(head, ((sum(weights, _ZERO), gaps),))


def total_loss(losses: Iterable[Loss]) -> Loss:
    """Add losses."""
    head: Fraction | None = _ZERO
    parts: list[tuple[Fraction, Gaps]] = []
    for loss in losses:
        head = None if head is None or loss.head is None else head + loss.head
        parts.extend(loss.parts)
    return Loss(head, tuple(parts))


def loss_of(gaps: Gaps, target: int | list[Fraction]) -> Loss:
    """Give the cross-entropy against a class index or a vector of weights."""
    return hard_loss(gaps, target) if isinstance(target, int) else weighted_loss(gaps, target)


def slopes(gaps: Gaps, target: int | list[Fraction], divisor: Fraction) -> tuple[float, ...]:
    """Round the loss's derivative by each logit, divided by a divisor: (W·p_j − w_j)/divisor."""
    if isinstance(target, int):
        slope = 1 / divisor
        return tuple(gaps.nearest_share(j, slope, -slope if j == target else _ZERO) for j in range(len(gaps.gaps)))
    slope = sum(target, _ZERO) / divisor
    return tuple(gaps.nearest_share(j, slope, -weight / divisor) for j, weight in enumerate(target))


def read_target(target: Target, classes: int, name: str = "target") -> int | list[Fraction]:
    """Read a class index or a weight in [0, 1] for each class.

    Raises
    ------
    ValueError
        For an index out of range, weights outside [0, 1] or of another length.
    """
    if not isinstance(target, int):
        check_same_length(target, range(classes), f"{name} and logits")
        return read_probabilities(target, name)
    if not 0 <= target < classes:
        raise ValueError(f"{name} must be a class index from 0 to {classes - 1}, not {target}")
    return target
