"""How arrays come in and go out: their checks, the axis of the classes, chunks of rows, and reductions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.reductions import Reduction, check_reduction

CHUNK = 1 << 14
"""Elements that are worked on at a time: a few temporaries of this size stay in a core's own cache."""


def read_floats(values: ArrayLike, name: str) -> Floats:
    """Give an array of float64 without nan.

    Raises
    ------
    ValueError
        For nan and for what is no number.
    """
    result = np.asarray(values, dtype=np.float64)
    if np.isnan(result).any():
        raise ValueError(f"{name} must not be nan")
    return result


def read_within(values: ArrayLike, name: str, largest: float = 1.0) -> Floats:
    """Give an array of numbers from 0 to 1, or to another largest number."""
    result = read_floats(values, name)
    if result.size and not (result.min() >= 0 and result.max() <= largest):
        raise ValueError(f"{name} must lie within [0, {largest:g}]")
    return result


def read_non_negatives(values: ArrayLike, name: str) -> Floats:
    """Give an array of finite numbers ≥ 0."""
    result = read_within(values, name, np.inf)
    if np.isinf(result).any():
        raise ValueError(f"{name} must be finite")
    return result


def read_positive(value: float, name: str) -> float:
    """Give a positive finite number."""
    if not 0 < value < np.inf:
        raise ValueError(f"{name} must be positive, not {value}")
    return float(value)


def rows_of(values: Floats, axis: int, name: str) -> Floats:
    """Bring the axis of the classes to the end and flatten the others; a view where NumPy can.

    Raises
    ------
    ValueError
        For a scalar, no classes at all, or an axis that the array does not have.
    """
    if values.ndim == 0 or values.shape[axis] == 0:
        raise ValueError(f"{name} must have at least one class along the axis {axis}")
    moved = np.moveaxis(values, axis, -1)
    return moved.reshape(-1, moved.shape[-1])


def like(rows: Floats, values: Floats, axis: int) -> Floats:
    """Bring rows back to the shape that they came from."""
    moved = np.moveaxis(values, axis, -1)
    return np.moveaxis(rows.reshape(moved.shape), -1, axis)


def without_axis(values: Floats, axis: int) -> tuple[int, ...]:
    """Give the shape of one result for each row."""
    shape = list(values.shape)
    del shape[axis]
    return tuple(shape)


def rows_at_a_time(classes: int) -> int:
    """Give a chunk's number of rows; what is kept for each row counts as eight classes more."""
    return max(1, CHUNK // (classes + 8))


def chunks(rows: int, classes: int) -> Iterator[slice]:
    """Cut rows into slices of about CHUNK elements."""
    step = rows_at_a_time(classes)
    return (slice(start, min(start + step, rows)) for start in range(0, rows, step))


def scalar_or_array(values: Floats) -> Floats:
    """Turn an array without axes into a NumPy scalar, as ufuncs do."""
    result: Floats = values[()]
    return result


def reduce(losses: Floats, reduction: Reduction, count: float | None = None) -> Floats:
    """Give the losses themselves, their sum, or their sum over a count (without one, their number)."""
    check_reduction(reduction)
    if reduction == "none":
        return scalar_or_array(losses)
    total = losses.sum()
    if reduction == "sum":
        return scalar_or_array(np.asarray(total))
    return scalar_or_array(np.asarray(np.divide(total, losses.size if count is None else count)))


def read_indices(target: NDArray[np.generic], classes: int, ignore_index: int | None) -> tuple[NDArray[np.intp], Floats]:
    """Give class indices (0 where ignored) and a factor for each: 1, or 0 where ignored.

    Raises
    ------
    ValueError
        For indices that are no integers or out of range.
    """
    if not np.issubdtype(target.dtype, np.integer):
        raise ValueError(f"target must hold integer class indices, not {target.dtype}")
    indices = target.astype(np.intp, copy=False).reshape(-1)
    factors = np.ones(indices.shape)
    if ignore_index is not None:
        factors[indices == ignore_index] = 0
        indices = np.where(factors == 0, 0, indices)
    if indices.size and not (indices.min() >= 0 and indices.max() < classes):
        raise ValueError(f"target must hold class indices from 0 to {classes - 1}")
    return indices, factors
