"""Cross-entropy of logits against one class a row, and its gradient, in chunks that stay in a core's own cache.

With O = Σ E_j over j ≠ t and D = E_t + O, the slope at the target t is −O/D and elsewhere E_j/D: nothing cancels, whether
the target leads or not, so nobody has to look for the leader. The loss is ln(D/E_t) = log1p(O/E_t), or (m − z_t)/T + ln D where
E_t may underflow; that is at least ln 2 where the target does not lead, so ln D may be absolutely exact alone.

That holds for exponentials shifted by any number. As long as none can overflow or underflow, e^(z_j) itself is best: the
logits are exact, and a difference to the largest one is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.exponentials import exponentials_along, sum_others
from quiz_bank.engine.arrays.labels import HardLabels
from quiz_bank.engine.arrays.shapes import chunks, rows_at_a_time

NARROW = 16
"""Rows of at most so many classes are turned: NumPy's inner loop then runs over rows, and is long."""

MODERATE = 300.0
"""e^300 over e^−300 is a normal float64, and so are sums of 10^40 of them."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a chunk's losses and slopes are made of; the exponentials have 0 at the targets."""

    at_targets: tuple[NDArray[np.intp], NDArray[np.intp]]
    losses: Floats
    others: Floats
    total: Floats


def hard_losses(
    rows: Floats, labels: HardLabels, temperature: float, divisor: float, losses: Floats, gradient: Floats | None
) -> None:
    """Fill in the losses and, where it is wanted, the gradient of each loss over the divisor."""
    count, classes = rows.shape
    turned = classes <= NARROW
    room = np.empty(min(count, rows_at_a_time(classes)) * classes)
    for part in chunks(count, classes):
        chunk, factors = rows[part], labels.factors[part]
        if turned:
            powers = room[: chunk.size].reshape(classes, -1)
            sums = _sums(chunk.T, labels.indices[part], temperature, 0, powers)
        else:
            powers = room[: chunk.size].reshape(-1, classes) if gradient is None else gradient[part]
            sums = _sums(chunk, labels.indices[part], temperature, 1, powers)
        losses[part] = np.where(factors == 0, 0.0, factors * sums.losses)
        if gradient is not None:
            _turn_into_slopes(powers, sums, temperature * divisor / factors, 0 if turned else 1)
            if turned:
                gradient[part] = powers.T


def _sums(logits: Floats, targets: NDArray[np.intp], temperature: float, axis: int, powers: Floats) -> _Sums:
    """Fill in the exponentials and add them."""
    every = np.arange(len(targets))
    at_targets = (targets, every) if axis == 0 else (every, targets)
    if temperature == 1 and logits.min() >= -MODERATE and logits.max() <= MODERATE:
        np.exp(logits, out=powers)
        own = powers[at_targets]
        powers[at_targets] = 0
        others = powers.sum(axis=axis)
        return _Sums(at_targets, np.log1p(others / own), others, own + others)
    differences, powers[...], _ = exponentials_along(logits, temperature, axis)
    own, gaps = powers[at_targets], -differences[at_targets]
    powers[at_targets], differences[at_targets] = 0, -np.inf
    others = sum_others(powers, differences, axis)
    total = own + others
    losses = gaps + np.log1p(np.where(gaps == 0, others, total - 1))
    return _Sums(at_targets, losses, others, total)


def _turn_into_slopes(powers: Floats, sums: _Sums, divisors: Floats, axis: int) -> None:
    """Divide the exponentials by D and the rows' own divisors, which are inf where a row does not count."""
    whole = sums.total * divisors
    powers /= np.expand_dims(whole, axis)
    powers[sums.at_targets] = 0.0 - sums.others / whole
