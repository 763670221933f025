"""The softmax, its logarithm and logsumexp of arrays of logits.

A logit of −inf is a mask: its probability is exactly 0. A logit of +inf or nan is refused, and so are logits that are
all masked (save for logsumexp, which is −inf there).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.exponentials import Exponentials, exponentials_of
from quiz_bank.engine.arrays.shapes import chunks, like, read_positive, rows_of, scalar_or_array, without_axis


@np.errstate(all="ignore")
def logsumexp(logits: ArrayLike, *, axis: int = -1) -> Floats:
    """Give ln Σ e^(z_j) along an axis.

    Parameters
    ----------
    logits
        An array of numbers; −inf is a mask.
    axis
        The axis of the classes.

    Returns
    -------
    ndarray
        In nats, without the axis; −inf where every logit is −inf. It is m + L with the largest logit m and L ≥ 0, each to 2
        units in the last place; where they cancel, the error is 2 units of the larger one.

    Raises
    ------
    ValueError
        For nan, +inf, or no logits along the axis.

    Examples
    --------
    The formula as it is written is inf for the first row and −inf for the second:

    >>> print(logsumexp([[1000, 1000], [-1000, -1000]]))
    [1000.69314718 -999.30685282]
    """
    values = np.asarray(logits, dtype=np.float64)
    rows = rows_of(values, axis, "logits")
    out = np.full(len(rows), -np.inf)
    for part in chunks(*rows.shape):
        chunk = rows[part]
        known = (chunk != -np.inf).any(axis=-1)
        if known.any():
            sums = exponentials_of(chunk[known])
            out[part][known] = sums.largest + sums.log_total
    return scalar_or_array(out.reshape(without_axis(values, axis)))


@np.errstate(all="ignore")
def softmax(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """Give e^(z_j/T) / Σ e^(z_k/T) along an axis.

    Parameters
    ----------
    logits
        An array of numbers; −inf is a mask, whose probability is exactly 0.
    temperature
        T > 0.
    axis
        The axis of the classes.

    Returns
    -------
    ndarray
        Probabilities in the shape of the logits, each within 4 units in the last place.

    Raises
    ------
    ValueError
        For nan, +inf, only −inf or no logits along the axis, and for a temperature that is not positive.

    Examples
    --------
    e^1000 is beyond a float64; the probabilities are not:

    >>> print(softmax([[1000, 1001], [0, 0]]))
    [[0.26894142 0.73105858]
     [0.5        0.5       ]]
    """
    values = np.asarray(logits, dtype=np.float64)
    rows, divisor = rows_of(values, axis, "logits"), read_positive(temperature, "temperature")
    out = np.empty(rows.shape)
    for part in chunks(*rows.shape):
        out[part] = exponentials_of(rows[part], divisor).shares()
    return like(out, values, axis)


@np.errstate(all="ignore")
def log_softmax(logits: ArrayLike, *, temperature: float = 1.0, axis: int = -1) -> Floats:
    """Give z_j/T − ln Σ e^(z_k/T) along an axis.

    Parameters
    ----------
    logits
        An array of numbers; −inf is a mask, whose log-probability is −inf.
    temperature
        T > 0.
    axis
        The axis of the classes.

    Returns
    -------
    ndarray
        Log-probabilities in nats in the shape of the logits, each within 4 units in the last place.

    Raises
    ------
    ValueError
        As `softmax`.

    Examples
    --------
    z − logsumexp(z) is 0 for the first logit, as its 40 swallows the rest:

    >>> print(log_softmax([40, 0]))
    [-4.24835426e-18 -4.00000000e+01]
    """
    values = np.asarray(logits, dtype=np.float64)
    rows, divisor = rows_of(values, axis, "logits"), read_positive(temperature, "temperature")
    out = np.empty(rows.shape)
    for part in chunks(*rows.shape):
        out[part] = _log_shares(exponentials_of(rows[part], divisor))
    return like(out, values, axis)


def _log_shares(sums: Exponentials) -> Floats:
    return 0.0 - (sums.gaps + sums.log_total[:, None])
