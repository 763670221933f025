"""The array face's focal loss, squared error through a sigmoid and Brier's score, against the reference and mpmath."""

import math

import mpmath
import numpy as np
import pytest

from quiz_bank.engine import arrays, reference
from tests.engine.regimes import LOGITS, draws, scalar_logits
from tests.engine.ulps import ulps

SCALARS = [float(z) for draw in draws("focal scalars", 4) for z in scalar_logits(draw)] + [math.inf, -math.inf, 0.0]
PROBABILITIES = [0.0, 1e-300, 1e-17, 0.1, 0.3, 0.5, 0.7, 0.999, 1 - 2**-53, 1.0]


@pytest.mark.parametrize("alpha", [None, 0.25])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("y", [0, 1])
def test_binary_focal_loss_and_its_gradient_are_within_sixteen_units(y: int, gamma: float, alpha: float | None) -> None:
    exact = [reference.focal_loss_from_logit(y, z, gamma=gamma, alpha=alpha) for z in SCALARS]
    assert ulps(arrays.focal_loss_from_logit(y, SCALARS, gamma=gamma, alpha=alpha), exact) <= 16
    exact = [reference.gradient_focal_logit(y, z, gamma=gamma, alpha=alpha) for z in SCALARS]
    assert ulps(arrays.gradient_focal_logit(y, SCALARS, gamma=gamma, alpha=alpha), exact) <= 16
    exact = [reference.focal_loss(y, p, gamma=gamma, alpha=alpha) for p in PROBABILITIES]
    assert ulps(arrays.focal_loss(y, PROBABILITIES, gamma=gamma, alpha=alpha), exact) <= 16


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("regime", LOGITS)
def test_focal_loss_of_a_softmax_is_within_sixteen_units(regime: str, gamma: float) -> None:
    for draw in draws(regime):
        z = [float(value) for value in LOGITS[regime](draw)]
        target, weights = draw.randrange(len(z)), [draw.random() for _ in z]
        ours = arrays.focal_loss_from_logits(z, target, gamma=gamma, class_weights=weights)
        assert ulps(ours, reference.focal_loss_from_logits(z, target, gamma=gamma, class_weights=weights)) <= 16


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("regime", ["textbook", "confident", "offset", "many", "nearly equal"])
def test_the_gradient_of_focal_loss_of_a_softmax_is_within_sixteen_units(regime: str, gamma: float) -> None:
    for draw in draws(regime, 4):
        z = [float(value) for value in LOGITS[regime](draw)]
        target = draw.randrange(len(z))
        assert ulps(arrays.gradient_focal_logits(z, target, gamma=gamma), _focal_slopes(z, target, gamma)) <= 16


def _focal_slopes(z: list[float], target: int, gamma: float) -> list[float]:
    with mpmath.workprec(4000):
        powers = [mpmath.exp(mpmath.mpf(value) - max(z)) for value in z]
        shares = [power / sum(powers) for power in powers]
        p = shares[target]
        factor = (1 - p) ** gamma * (1 - gamma * p * mpmath.log(p) / (1 - p))
        return [float(factor * (share - int(j == target))) for j, share in enumerate(shares)]


def test_focal_results_at_the_edges_are_exact() -> None:
    z = [[0.0, -math.inf], [-math.inf, 3.0]]
    assert arrays.focal_loss_from_logits(z, [0, 0], gamma=2.0).tolist() == [0.0, math.inf]
    assert arrays.gradient_focal_logits(z, [0, 0], gamma=2.0).tolist() == [[0.0, 0.0], [-1.0, 1.0]]
    rows, targets = np.array([[[1.0, 2.0, 4.0]] * 2]), [[0, 2]]
    loss = arrays.focal_loss_from_logits(rows, targets, gamma=1.0)
    assert loss.shape == (1, 2)
    assert arrays.focal_loss_from_logits(np.moveaxis(rows, -1, 0), targets, gamma=1.0, axis=0).tolist() == loss.tolist()
    assert arrays.focal_loss_from_logits(rows, targets, gamma=1.0, reduction="mean") == pytest.approx(loss.mean(), rel=1e-15)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_squared_error_of_a_sigmoid_and_its_gradient_are_within_eight_units(y: float) -> None:
    assert ulps(arrays.mse_sigmoid(y, SCALARS), [reference.mse_sigmoid(y, z) for z in SCALARS]) <= 8
    assert ulps(arrays.gradient_mse_sigmoid(y, SCALARS), [reference.gradient_mse_sigmoid(y, z) for z in SCALARS]) <= 8


@pytest.mark.parametrize("y", [0.1, 0.5, 1 / 3])
def test_soft_labels_lose_no_more_than_what_cancels(y: float) -> None:
    share = arrays.sigmoid(SCALARS)
    scale = 8 * np.spacing(np.maximum(share, y)) * np.abs(share - y)
    tiny = np.spacing(np.maximum(share, y)) ** 2
    exact = [reference.mse_sigmoid(y, z) for z in SCALARS]
    assert np.all(np.abs(arrays.mse_sigmoid(y, SCALARS) - exact) <= scale + 64 * tiny)


def test_briers_score_is_within_four_units_for_labels_and_for_soft_targets() -> None:
    q = np.random.default_rng(6).dirichlet(np.ones(5), size=8)
    y = np.random.default_rng(7).dirichlet(np.ones(5), size=8)
    labels = np.arange(8) % 5
    exact = [reference.brier_score(int(t), row.tolist()) for t, row in zip(labels, q, strict=True)]
    assert ulps(arrays.brier_score(labels, q), exact) <= 4
    exact = [reference.brier_score(goal.tolist(), row.tolist()) for goal, row in zip(y, q, strict=True)]
    assert ulps(arrays.brier_score(y, q), exact) <= 4
    assert ulps(arrays.brier_score(y.T, q.T, axis=0, reduction="mean"), math.fsum(exact) / 8) <= 4


def test_what_focal_loss_cannot_take_is_refused() -> None:
    with pytest.raises(ValueError, match="target must be 0 or 1"):
        arrays.focal_loss(0.5, 0.5, gamma=2.0)
    with pytest.raises(ValueError, match="gamma must lie"):
        arrays.focal_loss_from_logit(1, 0.0, gamma=-1.0)
    with pytest.raises(ValueError, match="alpha must lie"):
        arrays.gradient_focal_logit(1, 0.0, gamma=1.0, alpha=2.0)
    with pytest.raises(ValueError, match="class indices, not weights"):
        arrays.focal_loss_from_logits([1.0, 2.0], [0.5, 0.5], gamma=1.0)
