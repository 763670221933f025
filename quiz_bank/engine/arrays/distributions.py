"""Distributions as the information-theoretic functions take them: as given, or divided by their sum on request."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.shapes import read_non_negatives, read_within, rows_of


def read_distribution(values: ArrayLike, name: str, normalise: bool) -> Floats:
    """Give probabilities as they are, or any numbers ≥ 0 that are to be divided by their sum.

    Raises
    ------
    ValueError
        For numbers out of range and nan.
    """
    return read_non_negatives(values, name) if normalise else read_within(values, name)


def read_pair(
    first: ArrayLike, second: ArrayLike, normalise: bool, axis: int, names: tuple[str, str] = ("target", "prediction")
) -> tuple[Floats, Floats, Floats]:
    """Give two distributions of the same shape in rows, and the first one in its own shape.

    Raises
    ------
    ValueError
        For different shapes and as `read_distribution` and `scaled`.
    """
    p, q = read_distribution(first, names[0], normalise), read_distribution(second, names[1], normalise)
    if p.shape != q.shape:
        raise ValueError(f"{' and '.join(names)} must have the same shape, not {p.shape} and {q.shape}")
    rows = rows_of(p, axis, names[0]), rows_of(q, axis, names[1])
    if normalise:
        return scaled(rows[0], names[0]), scaled(rows[1], names[1]), p
    return *rows, p


def scaled(rows: Floats, name: str) -> Floats:
    """Multiply each row by a power of two that brings its largest number near 2^450.

    From there neither products of two of them nor their quotients with the smallest float64 overflow or underflow.

    Raises
    ------
    ValueError
        For a row without a positive number.
    """
    largest = rows.max(axis=-1, keepdims=True)
    if rows.size and largest.min() == 0:
        raise ValueError(f"{name} must not all be 0")
    result: Floats = np.ldexp(rows, 450 - np.frexp(largest)[1])
    return result


def surprisals(rows: Floats, normalise: bool) -> Floats:
    """Give −ln q_j, or with W = Σ w the surprisal ln(W/w_j), as a sum of two numbers ≥ 0 that the leader's is exact in.

    With the leader i and R = Σ w_j/w_i over j ≠ i it is −ln(w_j/w_i) + log1p(R).
    """
    if not normalise:
        return 0.0 - np.log(rows)
    leaders = rows.argmax(axis=-1)
    at_leader = np.arange(len(rows)), leaders
    ratios = rows / rows[at_leader][:, None]
    ratios[at_leader] = 0
    log_total = np.log1p(ratios.sum(axis=-1))[:, None]
    ratios[at_leader] = 1
    result: Floats = log_total - np.log(ratios)
    return result


def expectation(weights: Floats, values: Floats, normalise: bool) -> Floats:
    """Give Σ p_j·v_j along rows, without the terms of weight 0."""
    terms = weights * values
    terms[weights == 0] = 0
    total: Floats = terms.sum(axis=-1)
    return total / weights.sum(axis=-1) if normalise else total
