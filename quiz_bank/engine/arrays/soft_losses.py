"""Cross-entropy of logits against a weight for each class, and its gradient.

With i the leader, Y = Σ y_j, S = Σ E_j over j ≠ i and D = 1 + S, the slope Y·p_j − y_j is taken as it stands, save at a
leader with more than half of the probability: there it is (Y − y_i) − Y·S/D, where Y − y_i is a sum of the others' weights.
"""

from __future__ import annotations

import numpy as np

from quiz_bank.engine.arrays.compensated import Floats
from quiz_bank.engine.arrays.exponentials import Exponentials, exponentials_of
from quiz_bank.engine.arrays.labels import SmoothedLabels, SoftLabels
from quiz_bank.engine.arrays.shapes import chunks


def soft_losses(
    rows: Floats,
    labels: SmoothedLabels | SoftLabels,
    temperature: float,
    divisor: float,
    losses: Floats,
    gradient: Floats | None,
) -> None:
    """Fill in the losses and, where it is wanted, the gradient of each loss over the divisor."""
    for part in chunks(*rows.shape):
        weights, sums = labels.weights(part), exponentials_of(rows[part], temperature)
        terms = weights * (sums.gaps + sums.log_total[:, None])
        terms[weights == 0] = 0  # a masked class without weight costs nothing
        losses[part] = terms.sum(axis=-1)
        if gradient is not None:
            gradient[part] = _slopes(sums, weights) / (temperature * divisor)


def _slopes(sums: Exponentials, weights: Floats) -> Floats:
    others = weights.copy()
    others[sums.at_leader] = 0
    own, elsewhere = weights[sums.at_leader], others.sum(axis=-1)
    total = own + elsewhere
    result: Floats = sums.others * (total / sums.total)[:, None] - weights
    result[sums.at_leader] = np.where(sums.rest < 1, elsewhere - total * sums.rest / sums.total, total / sums.total - own)
    return result + 0.0
