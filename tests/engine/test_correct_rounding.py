"""Every component of every quantity is the float64 nearest to the exact value, in every regime."""

import math
from fractions import Fraction

import pytest

from quiz_bank.engine import reference
from quiz_bank.engine.reference import Exact, LogBase
from tests.engine import formulas
from tests.engine.oracle import nearest
from tests.engine.regimes import DISTRIBUTIONS, LOGITS, draws, nudged, scalar_logits

TARGETS = [0, 1, Fraction(1, 3), 0.1, 0.5, 1e-300]


@pytest.mark.parametrize("regime", LOGITS)
def test_logsumexp_is_correctly_rounded(regime: str) -> None:
    for draw in draws(regime):
        z = LOGITS[regime](draw)
        assert reference.logsumexp(z) == nearest(formulas.logsumexp, z)


@pytest.mark.parametrize("temperature", [1, 0.5, Fraction(10, 3)])
@pytest.mark.parametrize("regime", LOGITS)
def test_softmax_and_its_logarithm_are_correctly_rounded(regime: str, temperature: Exact) -> None:
    for draw in draws(regime):
        z = LOGITS[regime](draw)
        p = [nearest(formulas.softmax, z, j, temperature) for j in range(len(z))]
        assert reference.softmax(z, temperature=temperature) == tuple(p)
        losses = [nearest(formulas.hard_loss, z, j, temperature) for j in range(len(z)) if z[j] != -math.inf]
        log_p = reference.log_softmax(z, temperature=temperature)
        assert [-value for value in log_p if value != -math.inf] == losses


@pytest.mark.parametrize("regime", LOGITS)
def test_hard_label_loss_and_gradient_are_correctly_rounded(regime: str) -> None:
    for draw in draws(regime):
        z = LOGITS[regime](draw)
        target = draw.randrange(1, len(z))
        loss, gradient = reference.cross_entropy_with_gradient(z, target)
        assert loss == nearest(formulas.hard_loss, z, target)
        assert gradient == tuple(nearest(formulas.hard_slope, z, target, j) for j in range(len(z)))


@pytest.mark.parametrize("temperature", [1, Fraction(10, 3)])
@pytest.mark.parametrize("regime", [name for name in LOGITS if name != "masked"])
def test_soft_label_loss_and_gradient_are_correctly_rounded(regime: str, temperature: Exact) -> None:
    for draw in draws(regime):
        z = LOGITS[regime](draw)
        y = DISTRIBUTIONS[draw.choice(("percent", "float"))](draw, len(z))
        loss, gradient = reference.cross_entropy_with_gradient(z, y, temperature=temperature)
        assert loss == nearest(formulas.soft_loss, z, y, temperature)
        assert gradient == tuple(nearest(formulas.soft_slope, z, y, j, temperature) for j in range(len(z)))


@pytest.mark.parametrize(("base", "number"), [("e", None), ("2", 2), ("10", 10)])
@pytest.mark.parametrize("regime", DISTRIBUTIONS)
def test_entropy_and_surprisal_are_correctly_rounded(regime: str, base: LogBase, number: int | None) -> None:
    for draw in draws(regime):
        p = DISTRIBUTIONS[regime](draw, draw.randint(2, 8))
        assert reference.entropy(p, log_base=base) == nearest(formulas.entropy, p, number)
        for value in [value for value in p if value]:
            expected = nearest(formulas.cross_entropy, [1], [value], number)
            assert reference.surprisal(value, log_base=base) == expected


@pytest.mark.parametrize(("base", "number"), [("e", None), ("2", 2), ("10", 10)])
@pytest.mark.parametrize("regime", ["percent", "float", "extreme"])
def test_cross_entropy_and_divergence_are_correctly_rounded(regime: str, base: LogBase, number: int | None) -> None:
    for draw in draws(regime):
        classes = draw.randint(2, 8)
        p, q = DISTRIBUTIONS[regime](draw, classes), DISTRIBUTIONS[regime](draw, classes)
        assert reference.cross_entropy(p, q, log_base=base) == nearest(formulas.cross_entropy, p, q, number)
        assert reference.kl_divergence(p, q, log_base=base) == nearest(formulas.divergence, p, q, number)


@pytest.mark.parametrize("regime", ["percent", "float", "nearly one-hot"])
def test_the_divergence_of_neighbouring_distributions_is_correctly_rounded(regime: str) -> None:
    for draw in draws(regime):
        p = DISTRIBUTIONS[regime](draw, 4)
        q = nudged(draw, p)
        assert reference.kl_divergence(p, q) == nearest(formulas.divergence, p, q)
        assert reference.kl_divergence(p, q, generalised=True) == nearest(formulas.generalised_divergence, p, q)


@pytest.mark.parametrize("y", TARGETS)
def test_binary_losses_and_gradients_of_a_logit_are_correctly_rounded(y: Exact) -> None:
    for z in scalar_logits(draws("scalar")[0]):
        assert reference.sigmoid(z) == nearest(formulas.sigmoid, z)
        assert reference.binary_cross_entropy_from_logits(y, z) == nearest(formulas.logit_loss, y, z)
        assert reference.gradient_bce_logit(y, z) == nearest(formulas.logit_slope, y, z)
        assert reference.mse_sigmoid(y, z) == nearest(formulas.squared_error, y, z)
        assert reference.gradient_mse_sigmoid(y, z) == nearest(formulas.squared_error_slope, y, z)
        assert reference.ratio_mse_bce_gradient(z) == nearest(formulas.slope_ratio, z)


@pytest.mark.parametrize("y", TARGETS)
def test_binary_cross_entropy_of_a_probability_is_correctly_rounded(y: Exact) -> None:
    for p in (0.1, 0.5, 1e-300, 5e-324, 1 - 2**-53, Fraction(1, 7), 1 - Fraction(1, 10**30), 0.999):
        assert reference.binary_cross_entropy(y, p) == nearest(formulas.binary_loss, y, p)


def test_the_sum_and_mean_over_labels_are_rounded_once() -> None:
    for draw in draws("labels"):
        z = draw.sample(scalar_logits(draw), 5)
        y: list[Exact] = [draw.choice((0, 1, 0.25)) for _ in z]
        assert reference.multi_label_bce(y, z, reduction="sum") == nearest(formulas.total_logit_loss, y, z, 1)
        assert reference.multi_label_bce(y, z, reduction="mean") == nearest(formulas.total_logit_loss, y, z, 5)
