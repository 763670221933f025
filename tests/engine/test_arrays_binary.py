"""The array face on single logits and probabilities, against the correctly rounded reference."""

import math

import numpy as np
import pytest

from quiz_bank.engine import arrays, reference
from quiz_bank.engine.reference import LogBase
from tests.engine.regimes import draws, scalar_logits
from tests.engine.ulps import ulps

LOGITS = [float(z) for draw in draws("array scalars", 6) for z in scalar_logits(draw)] + [math.inf, -math.inf, 0.0]
PROBABILITIES = [0.0, 5e-324, 1e-300, 1e-17, 0.1, 0.25, 0.3, 0.5, 0.5 + 2**-53, 0.7, 0.75, 0.999, 1 - 2**-53, 1.0]
SOFT = [0.0, 1.0, 1 / 3, 0.1, 0.5, 1e-300]


def test_sigmoid_and_logit_are_within_four_units() -> None:
    assert ulps(arrays.sigmoid(LOGITS), [reference.sigmoid(z) for z in LOGITS]) <= 4
    assert ulps(arrays.logit(PROBABILITIES), [reference.logit(p) for p in PROBABILITIES]) <= 4
    between = np.random.default_rng(2).random(300).tolist()
    assert ulps(arrays.logit(between), [reference.logit(p) for p in between]) <= 4


@pytest.mark.parametrize("weight", [1.0, 3.7, 0.0])
@pytest.mark.parametrize("y", SOFT)
def test_binary_cross_entropy_of_a_logit_is_within_four_units(y: float, weight: float) -> None:
    ours = arrays.binary_cross_entropy_from_logits(y, LOGITS, pos_weight=weight)
    assert ulps(ours, [reference.binary_cross_entropy_from_logits(y, z, pos_weight=weight) for z in LOGITS]) <= 4


@pytest.mark.parametrize("weight", [1.0, 3.7])
@pytest.mark.parametrize("y", SOFT)
def test_its_gradient_is_within_four_units_for_hard_labels_and_of_what_cancels_for_soft_ones(y: float, weight: float) -> None:
    ours = arrays.gradient_bce_logit(y, LOGITS, pos_weight=weight)
    exact = [reference.gradient_bce_logit(y, z, pos_weight=weight) for z in LOGITS]
    if y in (0, 1):
        assert ulps(ours, exact) <= 4
    scale = np.maximum((weight * y + 1 - y) * arrays.sigmoid(LOGITS), weight * y)
    assert np.all(np.abs(ours - exact) <= 4 * np.spacing(scale))


@pytest.mark.parametrize("base", ["e", "2", "10"])
@pytest.mark.parametrize("y", SOFT)
def test_binary_cross_entropy_of_a_probability_is_within_four_units(y: float, base: LogBase) -> None:
    exact = [reference.binary_cross_entropy(y, p, log_base=base) for p in PROBABILITIES]
    assert ulps(arrays.binary_cross_entropy(y, PROBABILITIES, log_base=base), exact) <= 4


def test_labels_logits_and_weights_broadcast_and_reduce() -> None:
    y, z, w = np.array([[1.0], [0.0]]), np.array([2.0, -1.0, 40.0]), np.array([1.0, 2.0, 5.0])
    exact = [reference.multi_label_bce([label] * 3, z.tolist(), pos_weights=w.tolist()) for label in (1, 0)]
    assert ulps(arrays.binary_cross_entropy_from_logits(y, z, pos_weight=w), exact) <= 4
    total = arrays.binary_cross_entropy_from_logits(y, z, pos_weight=w, reduction="sum")
    assert ulps(total, np.sum(exact)) <= 4
    assert ulps(arrays.binary_cross_entropy_from_logits(y, z, pos_weight=w, reduction="mean"), total / 6) <= 1


def test_nan_and_what_is_no_probability_are_refused() -> None:
    with pytest.raises(ValueError, match="logit must not be nan"):
        arrays.sigmoid([0.0, math.nan])
    with pytest.raises(ValueError, match="probability must lie within"):
        arrays.logit([0.5, 1.5])
    with pytest.raises(ValueError, match="target must lie within"):
        arrays.binary_cross_entropy(-0.1, 0.5)
    with pytest.raises(ValueError, match="pos_weight"):
        arrays.gradient_bce_logit(1.0, 0.0, pos_weight=-1.0)
    with pytest.raises(ValueError, match="log_base must be"):
        arrays.binary_cross_entropy(1, 0.5, log_base="3")  # type: ignore[arg-type]
