"""The exponentials that softmax and its losses are made of, in rows of logits.

With m the largest logit and d_j = (z_j − m)/T, E_j = e^(d_j) is computed from the rounded d_j and its rounding error r_j as
e^d·(1 + r): without the latter E_j would lose |d_j|/2 units in the last place.

References
----------
P. Blanchard, D. J. Higham, N. J. Higham, "Accurately computing the log-sum-exp and softmax functions", IMA Journal of
Numerical Analysis 41 (2021), 2311-2330.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quiz_bank.engine.arrays.compensated import Floats, two_difference, two_product


def exponentials_along(logits: Floats, temperature: float, axis: int) -> tuple[Floats, Floats, Floats]:
    """Give d, E and m, the first two in the logits' shape.

    Raises
    ------
    ValueError
        For nan, +inf, and where all logits of a row are −inf.
    """
    largest: Floats = logits.max(axis=axis, keepdims=True)
    if not np.isfinite(largest).all():
        raise ValueError("logits must be finite or -inf, and not all -inf")
    differences, errors = two_difference(logits, largest)
    if temperature != 1:
        differences, errors = _divide(differences, errors, temperature)
    powers = np.exp(differences)
    errors *= powers
    powers += errors
    if differences.min() == -np.inf:
        powers[np.isnan(powers)] = 0  # a mask, or a gap beyond the largest float: the error of −inf is nan
    return differences, powers, largest


def sum_others(powers: Floats, differences: Floats, axis: int) -> Floats:
    """Add exponentials of which those left out are 0; sums that underflow are taken e^600 times as large.

    Adding 600 to a difference near −700 is exact; below 1e-310 a float64 has too few digits for the difference's own error.
    """
    sums: Floats = powers.sum(axis=axis)
    if sums.min(initial=1.0) < _TINY:
        lifted = np.where(powers < _TINY, np.exp(differences + 600), 0).sum(axis=axis) * _LIFT
        sums = np.where(sums < _TINY, lifted, sums)
    return sums


def _divide(values: Floats, errors: Floats, divisor: float) -> tuple[Floats, Floats]:
    """Divide values with errors, and keep the quotient's error."""
    quotients = values / divisor
    product, lost = two_product(quotients, np.full(1, divisor))
    rest = ((values - product) - lost + errors) / divisor
    rest[~np.isfinite(rest)] = 0  # the quotient is so large that its exponential is 0
    return quotients, rest


_LIFT = np.exp(-600.0)
_TINY = 1e-310


@dataclass(frozen=True, slots=True)
class Exponentials:
    """Rows of exponentials beside their leader, the first largest logit i, whose own exponential is 1."""

    gaps: Floats
    """(m − z_j)/T ≥ 0; inf for a mask."""
    others: Floats
    """E_j, with 0 for the leader."""
    leaders: NDArray[np.intp]
    largest: Floats
    rest: Floats
    """S = Σ E_j over j ≠ i."""

    @property
    def total(self) -> Floats:
        """D = 1 + S."""
        return 1 + self.rest

    @property
    def log_total(self) -> Floats:
        """L = ln D, of small relative error however small it is."""
        return np.log1p(self.rest)

    @property
    def at_leader(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Index the leaders."""
        return np.arange(len(self.leaders)), self.leaders

    def shares(self) -> Floats:
        """Give the probabilities E_j/D."""
        result: Floats = self.others / self.total[:, None]
        result[self.at_leader] = 1 / self.total
        return result


def exponentials_of(logits: Floats, temperature: float = 1.0) -> Exponentials:
    """Compute the exponentials of a chunk of rows."""
    leaders = logits.argmax(axis=-1)
    differences, powers, largest = exponentials_along(logits, temperature, -1)
    at_leader = np.arange(len(leaders)), leaders
    powers[at_leader], differences[at_leader] = 0, -np.inf
    rest = sum_others(powers, differences, -1)
    differences[at_leader] = 0
    return Exponentials(0.0 - differences, powers, leaders, largest[:, 0], rest)
