"""The targets of a batch: one class a row, or a weight for each class and row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.shapes import read_indices, read_non_negatives, read_within, rows_of, without_axis
from quiz_bank.engine.reference.smoothing import Smoothing


@dataclass(frozen=True, slots=True)
class HardLabels:
    """Class indices, and how much each row's loss counts: its class's weight, 0 where ignored."""

    indices: NDArray[np.intp]
    factors: Floats

    @property
    def count(self) -> float:
        """Give what the mean divides by."""
        return float(self.factors.sum())


@dataclass(frozen=True, slots=True)
class SmoothedLabels:
    """Class indices that give some of their weight to the other classes."""

    hard: HardLabels
    kept: Floats
    """1 for each row, 0 where ignored."""
    correct: float
    wrong: float
    class_weights: Floats

    @property
    def count(self) -> float:
        """Give what the mean divides by: the labels' own weights."""
        return self.hard.count

    def weights(self, part: slice) -> Floats:
        """Give a weight for each class of some rows."""
        indices = self.hard.indices[part]
        result = np.full((len(indices), len(self.class_weights)), self.wrong)
        result[np.arange(len(indices)), indices] = self.correct
        return result * self.class_weights * self.kept[part, None]


@dataclass(frozen=True, slots=True)
class SoftLabels:
    """A weight for each class and row, taken as given."""

    rows: Floats
    class_weights: Floats | None

    @property
    def count(self) -> float:
        """Give what the mean divides by: each row counts as 1."""
        return float(len(self.rows))

    def weights(self, part: slice) -> Floats:
        """Give a weight for each class of some rows."""
        return self.rows[part] if self.class_weights is None else self.rows[part] * self.class_weights


Labels: TypeAlias = HardLabels | SmoothedLabels | SoftLabels


def read_labels(
    target: ArrayLike,
    logits: Floats,
    axis: int,
    class_weights: ArrayLike | None = None,
    epsilon: float = 0.0,
    smoothing: Smoothing = "all",
    ignore_index: int | None = None,
) -> Labels:
    """Read targets: weights where they have the logits' shape, class indices where they lack the axis.

    Raises
    ------
    ValueError
        For any other shape, indices out of range, weights outside [0, 1] and negative class weights.
    """
    goals, classes = np.asarray(target), rows_of(logits, axis, "logits").shape[1]
    factors = None if class_weights is None else read_non_negatives(class_weights, "class_weights")
    if factors is not None and factors.shape != (classes,):
        raise ValueError(f"class_weights must have one weight for each of {classes} classes, not the shape {factors.shape}")
    if goals.shape == logits.shape:
        return SoftLabels(rows_of(read_within(goals, "target"), axis, "target"), factors)
    if goals.shape != without_axis(logits, axis):
        raise ValueError(f"target must have the shape {logits.shape} or lack its axis {axis}, not {goals.shape}")
    indices, kept = read_indices(goals, classes, ignore_index)
    hard = HardLabels(indices, kept if factors is None else kept * factors[indices])
    correct, wrong = smoothing_levels(classes, epsilon, smoothing)
    if wrong == 0:
        return hard
    return SmoothedLabels(hard, kept, correct, wrong, np.ones(classes) if factors is None else factors)


def smoothing_levels(classes: int, epsilon: float, smoothing: Smoothing) -> tuple[float, float]:
    """Give what the target and each other class get.

    Raises
    ------
    ValueError
        For ε outside [0, 1], an unknown definition, or "others" with a single class.
    """
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon must lie within [0, 1], not {epsilon}")
    if smoothing == "all":
        return (1 - epsilon) + epsilon / classes, epsilon / classes
    if smoothing != "others":
        raise ValueError(f"smoothing must be 'all' or 'others', not {smoothing!r}")
    if classes == 1:
        raise ValueError("smoothing 'others' needs at least two classes")
    return 1 - epsilon, epsilon / (classes - 1)
