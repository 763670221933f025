"""The array face on logits, against the correctly rounded reference in every regime."""

import math
import random

import numpy as np
import pytest
from numpy.typing import NDArray

from quiz_bank.engine import arrays, reference
from quiz_bank.engine.arrays.hard_losses import NARROW
from tests.engine.regimes import LOGITS, draws
from tests.engine.ulps import ulps

DRAWS = 40


def _cases(regime: str) -> list[tuple[random.Random, list[float]]]:
    return [(draw, [float(z) for z in LOGITS[regime](draw)]) for draw in draws(regime, DRAWS)]


@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("regime", LOGITS)
def test_softmax_and_its_logarithm_are_within_four_units(regime: str, temperature: float) -> None:
    for _, z in _cases(regime):
        assert ulps(arrays.softmax(z, temperature=temperature), reference.softmax(z, temperature=temperature)) <= 4
        assert ulps(arrays.log_softmax(z, temperature=temperature), reference.log_softmax(z, temperature=temperature)) <= 4


@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("regime", LOGITS)
def test_hard_label_loss_and_gradient_are_within_four_units(regime: str, temperature: float) -> None:
    for draw, z in _cases(regime):
        target = draw.randrange(len(z))
        loss, gradient = arrays.cross_entropy_with_gradient(z, target, temperature=temperature)
        exact_loss, exact_gradient = reference.cross_entropy_with_gradient(z, target, temperature=temperature)
        assert ulps(loss, exact_loss) <= 4
        assert ulps(gradient, exact_gradient) <= 4


@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("regime", LOGITS)
def test_soft_label_loss_is_within_four_units_and_its_gradient_within_six_of_what_cancels(
    regime: str, temperature: float
) -> None:
    for draw, z in _cases(regime):
        raw = [draw.choice((0.0, draw.random())) for _ in z]
        y = [value / (sum(raw) or 1) for value in raw]
        loss, gradient = arrays.cross_entropy_with_gradient(z, y, temperature=temperature)
        exact_loss, exact_gradient = reference.cross_entropy_with_gradient(z, y, temperature=temperature)
        assert ulps(loss, exact_loss) <= 4
        scale = np.maximum(np.multiply(reference.softmax(z, temperature=temperature), sum(y)), y) / temperature
        assert np.all(np.abs(gradient - exact_gradient) <= 6 * np.spacing(scale))


@pytest.mark.parametrize("regime", LOGITS)
def test_logsumexp_is_within_two_units_of_the_larger_of_its_two_parts(regime: str) -> None:
    for _, z in _cases(regime):
        exact = reference.logsumexp(z)
        assert abs(arrays.logsumexp(z) - exact) <= 2 * np.spacing(max(abs(exact), abs(max(z))))


@pytest.mark.parametrize("smoothing", ["all", "others"])
def test_smoothed_losses_are_within_four_units(smoothing: reference.Smoothing) -> None:
    for regime in LOGITS:
        for draw, z in _cases(regime):
            target = draw.randrange(len(z))
            loss = arrays.cross_entropy_from_logits(z, target, epsilon=0.1, smoothing=smoothing)
            assert ulps(loss, reference.smoothed_cross_entropy(z, target, epsilon=0.1, smoothing=smoothing)) <= 4


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("classes", [3, NARROW + 1])
@pytest.mark.parametrize("epsilon", [0.0, 0.1])
def test_a_weighted_batch_with_ignored_labels_is_the_references(
    reduction: reference.Reduction, classes: int, epsilon: float
) -> None:
    draw = np.random.default_rng(5)
    z, t = draw.normal(size=(20, classes)) * 4, draw.integers(0, classes, 20)
    t[3], weights = -100, draw.random(classes)
    ours = arrays.cross_entropy_with_gradient(
        z, t, class_weights=weights, epsilon=epsilon, ignore_index=-100, reduction=reduction
    )
    batch = (z.tolist(), t.tolist())
    options = {"class_weights": weights.tolist(), "epsilon": epsilon, "ignore_index": -100, "reduction": reduction}
    assert ulps(ours[0], reference.batch_cross_entropy(*batch, **options)) <= 4
    exact = np.array(reference.batch_gradient(*batch, **options))
    assert ulps(ours[1], exact) <= 4 if epsilon == 0 else np.allclose(ours[1], exact, rtol=1e-12, atol=0)


@pytest.mark.parametrize("soft", [False, True])
def test_any_leading_shape_and_axis_give_the_rows_own_results(soft: bool) -> None:
    draw = np.random.default_rng(3)
    z = draw.normal(size=(4, 5, 3)) * 3
    for axis in (0, 1, 2, -1, -2):
        shape = np.delete(z.shape, axis)
        t: NDArray[np.generic] = draw.random(z.shape) if soft else draw.integers(0, z.shape[axis], shape)
        loss, gradient = arrays.cross_entropy_with_gradient(z, t, axis=axis)
        rows = np.moveaxis(z, axis, -1)
        by_row = [
            arrays.cross_entropy_with_gradient(rows[at], np.moveaxis(t, axis, -1)[at] if soft else t[at])
            for at in np.ndindex(*shape)
        ]
        assert ulps(loss, np.reshape([own for own, _ in by_row], shape)) <= 2
        assert np.allclose(np.moveaxis(gradient, axis, -1).reshape(-1, rows.shape[-1]), [own for _, own in by_row], rtol=1e-13)


@pytest.mark.parametrize("classes", [1000, 50_000])
def test_many_classes_are_within_four_units_of_exact_sums_of_exponentials(classes: int) -> None:
    draw = np.random.default_rng(classes)
    z = draw.normal(size=(3, classes)) * 3
    t = draw.integers(0, classes, 3)
    loss, gradient = arrays.cross_entropy_with_gradient(z, t)
    for row, target, own_loss, slopes in zip(z, t, loss, gradient, strict=True):
        powers = [math.exp(value) for value in row]  # moderate logits: no shift, so nothing is lost but exp's last place
        others = math.fsum([*powers, -powers[target]])
        total = math.fsum(powers)
        assert ulps(own_loss, math.log1p(others / powers[target])) <= 4
        expected = np.array(powers) / total
        expected[target] = -others / total
        assert ulps(slopes, expected) <= 4
        assert ulps(arrays.softmax(row), np.array(powers) / total) <= 4


@pytest.mark.parametrize("classes", [2, 100])
def test_chunks_give_the_same_as_single_rows(classes: int) -> None:
    z = np.random.default_rng(1).normal(size=(40_000 // classes, classes)) * 400
    t = np.arange(len(z)) % classes
    loss, gradient = arrays.cross_entropy_with_gradient(z, t)
    for n in range(0, len(z), 997):
        own_loss, own_gradient = arrays.cross_entropy_with_gradient(z[n], t[n])
        assert ulps(loss[n], own_loss) <= 4
        assert ulps(gradient[n], own_gradient) <= 6


def test_the_losses_and_the_gradient_alone_are_those_of_both_together() -> None:
    z, t = [[3.0, -2.0, 0.5], [800.0, 1.0, 2.0]], [0, 1]
    loss, gradient = arrays.cross_entropy_with_gradient(z, t)
    assert arrays.cross_entropy_from_logits(z, t).tolist() == loss.tolist()
    assert arrays.gradient_logits(z, t).tolist() == gradient.tolist()


def test_what_is_infinite_is_exactly_so() -> None:
    z = [[0.0, -math.inf, 1.0], [-1.7e308, 1.7e308, 0.0]]
    loss, gradient = arrays.cross_entropy_with_gradient(z, [1, 0])
    assert loss.tolist() == [math.inf, math.inf]
    assert gradient[:, [1, 0]].diagonal().tolist() == [-1.0, -1.0]
    assert arrays.log_softmax(z)[0, 1] == -math.inf
    assert arrays.cross_entropy_from_logits(z[0], [1.0, 0.0, 0.0]) == reference.cross_entropy_from_logits(z[0], [1, 0, 0])
    assert arrays.logsumexp([[-math.inf, -math.inf], [0.0, -math.inf]]).tolist() == [-math.inf, 0.0]


def test_the_mean_over_no_weight_at_all_is_nan() -> None:
    loss, gradient = arrays.cross_entropy_with_gradient([[1.0, 2.0]], [7], ignore_index=7, reduction="mean")
    assert math.isnan(loss)
    assert np.isnan(gradient).all()


def test_a_single_class_is_certain() -> None:
    loss, gradient = arrays.cross_entropy_with_gradient([[5.0], [-3.0]], [0, 0])
    assert (loss.tolist(), gradient.tolist()) == ([0.0, 0.0], [[0.0], [0.0]])
    assert (arrays.softmax([9.0]).tolist(), arrays.log_softmax([9.0]).tolist()) == ([1.0], [0.0])


@pytest.mark.parametrize("bad", [[math.nan, 0.0], [math.inf, 0.0], [-math.inf, -math.inf], []])
def test_logits_without_a_softmax_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="logits must"):
        arrays.softmax(bad)
    with pytest.raises(ValueError, match="logits must"):
        arrays.cross_entropy_from_logits(bad, 0)


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        ([2, 0], {}, "class indices from 0 to 1"),
        ([-1, 0], {}, "class indices from 0 to 1"),
        ([0.0, 1.0], {}, "integer class indices"),
        ([0, 1, 1], {}, "must have the shape"),
        ([[0.5, 1.5], [0.0, 0.0]], {}, r"within \[0, 1\]"),
        ([0, 1], {"class_weights": [1.0]}, "one weight for each of 2 classes"),
        ([0, 1], {"class_weights": [1.0, -1.0]}, "class_weights"),
        ([0, 1], {"temperature": 0.0}, "temperature must be positive"),
        ([0, 1], {"epsilon": 1.5}, "epsilon must lie"),
        ([0, 1], {"smoothing": "some"}, "smoothing must be"),
        ([0, 1], {"reduction": "max"}, "reduction must be"),
    ],
)
def test_what_cannot_be_computed_with_is_refused(target: object, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        arrays.cross_entropy_from_logits([[1.0, 2.0], [3.0, 4.0]], target, **options)  # type: ignore[arg-type]
