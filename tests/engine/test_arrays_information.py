"""The array face on probabilities, against the correctly rounded reference in every regime."""

import math

import numpy as np
import pytest

from quiz_bank.engine import arrays, reference
from quiz_bank.engine.reference import LogBase
from tests.engine.regimes import DISTRIBUTIONS, draws, nudged
from tests.engine.ulps import ulps

Pair = tuple[list[float], list[float]]


def _distributions(regime: str) -> list[list[float]]:
    return [[float(p) for p in DISTRIBUTIONS[regime](draw, draw.randint(2, 8))] for draw in draws(regime, 40)]


def _pairs(regime: str) -> list[Pair]:
    shapes = [(draw, draw.randint(2, 8)) for draw in draws(f"{regime} pairs", 40)]
    drawn = [[DISTRIBUTIONS[regime](draw, classes) for _ in range(2)] for draw, classes in shapes]
    return [([float(p) for p in first], [float(q) for q in second]) for first, second in drawn]


def _neighbours(regime: str) -> list[Pair]:
    return [(p, [float(q) for q in nudged(draws(regime, 1)[0], [*p])]) for p in _distributions(regime)]


@pytest.mark.parametrize("normalise", [False, True])
@pytest.mark.parametrize("base", ["e", "2", "10"])
@pytest.mark.parametrize("regime", DISTRIBUTIONS)
def test_entropy_and_cross_entropy_are_within_four_units(regime: str, base: LogBase, normalise: bool) -> None:
    for p, q in _pairs(regime):
        exact = reference.entropy(p, log_base=base, normalise=normalise)
        assert ulps(arrays.entropy(p, log_base=base, normalise=normalise), exact) <= 4
        exact = reference.cross_entropy(p, q, log_base=base, normalise=normalise)
        assert ulps(arrays.cross_entropy(p, q, log_base=base, normalise=normalise), exact) <= 4


@pytest.mark.parametrize("regime", DISTRIBUTIONS)
def test_surprisal_is_within_four_units_and_perplexity_within_its_bound(regime: str) -> None:
    for p in _distributions(regime):
        assert ulps(arrays.surprisal(p), [reference.surprisal(value) for value in p]) <= 4
        assert ulps(arrays.perplexity(p), reference.perplexity(p)) <= 4 * (1 + reference.entropy(p))


@pytest.mark.parametrize("regime", ["percent", "float", "nearly one-hot"])
def test_divergences_of_any_two_distributions_are_within_four_and_sixteen_units(regime: str) -> None:
    for p, q in _pairs(regime):
        assert ulps(arrays.kl_divergence(p, q), reference.kl_divergence(p, q)) <= 4
        assert ulps(arrays.kl_divergence(p, q, normalise=True), reference.kl_divergence(p, q, normalise=True)) <= 4
        assert ulps(arrays.jensen_shannon(p, q), reference.jensen_shannon(p, q)) <= 16
        assert ulps(arrays.jensen_shannon(p, q, normalise=True), reference.jensen_shannon(p, q, normalise=True)) <= 16


@pytest.mark.parametrize("regime", DISTRIBUTIONS)
def test_the_generalised_divergence_is_within_four_units_whatever_the_sums(regime: str) -> None:
    for p, q in [*_pairs(regime), *_neighbours(regime)]:
        assert ulps(arrays.kl_divergence(p, q, generalised=True), reference.kl_divergence(p, q, generalised=True)) <= 4
        assert ulps(arrays.jensen_shannon(p, q), reference.jensen_shannon(p, q)) <= 16


@pytest.mark.parametrize("regime", ["percent", "float"])
def test_divergences_of_neighbours_are_within_four_and_sixteen_units(regime: str) -> None:
    for p, q in _neighbours(regime):
        assert ulps(arrays.kl_divergence(p, q), reference.kl_divergence(p, q)) <= 4
        assert ulps(arrays.kl_divergence(p, q, normalise=True), reference.kl_divergence(p, q, normalise=True)) <= 4
        assert ulps(arrays.jensen_shannon(p, q, normalise=True), reference.jensen_shannon(p, q, normalise=True)) <= 16


@pytest.mark.parametrize("regime", DISTRIBUTIONS)
def test_normalised_vectors_that_differ_by_little_more_than_a_factor_keep_their_wider_bound(regime: str) -> None:
    for p, q in _neighbours(regime):
        if all((value == 0) == (other == 0) for value, other in zip(p, q, strict=True)):
            exact = reference.kl_divergence(p, q, normalise=True)
            assert ulps(arrays.kl_divergence(p, q, normalise=True), exact) <= 64


def test_one_hot_impossible_and_equal_distributions_have_exact_results() -> None:
    assert arrays.entropy([[1, 0], [0, 1]]).tolist() == [0.0, 0.0]
    assert arrays.cross_entropy([[1.0, 0.0], [0.5, 0.5]], [[1, 0], [1, 0]]).tolist() == [0.0, math.inf]
    assert arrays.kl_divergence([[0.5, 0.5], [0.3, 0.7]], [[1.0, 0.0], [0.3, 0.7]]).tolist() == [math.inf, 0.0]
    assert arrays.jensen_shannon([1, 0], [0, 1], log_base="2") == 1.0
    assert arrays.surprisal([0, 1]).tolist() == [math.inf, 0.0]


@pytest.mark.parametrize("classes", [1000, 50_000])
def test_many_classes_are_within_four_units_of_an_exact_sum(classes: int) -> None:
    p = np.random.default_rng(classes).dirichlet(np.ones(classes))
    q = np.random.default_rng(classes + 1).dirichlet(np.ones(classes))
    assert ulps(arrays.entropy(p), math.fsum(-value * math.log(value) for value in p)) <= 4
    assert ulps(arrays.cross_entropy(p, q), math.fsum(-a * math.log(b) for a, b in zip(p, q, strict=True))) <= 4
    terms = [term for a, b in zip(p, q, strict=True) for term in (a * math.log(a / b), -a, b)]
    assert ulps(arrays.kl_divergence(p, q, generalised=True), math.fsum(terms)) <= 4


def test_the_axis_and_the_reduction_are_ones_own_choice() -> None:
    p = np.random.default_rng(4).dirichlet(np.ones(4), size=(2, 3))
    q = np.random.default_rng(5).dirichlet(np.ones(4), size=(2, 3))
    rows = arrays.kl_divergence(p, q)
    assert rows.shape == (2, 3)
    assert np.array_equal(arrays.kl_divergence(np.moveaxis(p, -1, 0), np.moveaxis(q, -1, 0), axis=0), rows)
    assert ulps(arrays.kl_divergence(p, q, reduction="sum"), math.fsum(rows.ravel())) <= 2
    assert ulps(arrays.entropy(p, reduction="mean"), math.fsum(arrays.entropy(p).ravel()) / 6) <= 2


def test_what_is_no_distribution_is_refused() -> None:
    with pytest.raises(ValueError, match="probabilities must lie within"):
        arrays.entropy([0.5, 1.5])
    with pytest.raises(ValueError, match="target must not all be 0"):
        arrays.kl_divergence([0, 0], [1, 1], normalise=True)
    with pytest.raises(ValueError, match="must have the same shape"):
        arrays.jensen_shannon([0.5, 0.5], [1.0])
    with pytest.raises(ValueError, match="prediction must be finite"):
        arrays.cross_entropy([1, 2], [1, math.inf], normalise=True)
