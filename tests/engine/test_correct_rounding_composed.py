"""Every quantity that is composed of others is the float64 nearest to the exact value as well."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from mpmath import iv

from quiz_bank.engine import reference
from quiz_bank.engine.reference import Exact, LogBase, Smoothing
from tests.engine import composed, formulas
from tests.engine.oracle import exactly, nearest
from tests.engine.regimes import DISTRIBUTIONS, LOGITS, draws, nudged, scalar_logits

BASES: list[tuple[LogBase, int | None]] = [("e", None), ("2", 2), ("10", 10)]
UNMASKED = [name for name in LOGITS if name not in ("masked", "many")]
GAMMAS = [Fraction(1, 2), 2, Decimal("2.5")]


@pytest.mark.parametrize(("base", "number"), BASES)
@pytest.mark.parametrize("regime", DISTRIBUTIONS)
def test_jensen_shannon_divergence(regime: str, base: LogBase, number: int | None) -> None:
    for draw in draws(regime):
        p, q = (DISTRIBUTIONS[regime](draw, 4) for _ in range(2))
        assert reference.jensen_shannon(p, q, log_base=base) == nearest(composed.jensen_shannon, p, q, number)
        near = nudged(draw, p)
        assert reference.jensen_shannon(p, near, log_base=base) == nearest(composed.jensen_shannon, p, near, number)


@pytest.mark.parametrize(("base", "number"), BASES)
def test_normalised_vectors(base: LogBase, number: int | None) -> None:
    for draw in draws("counts"):
        a, b = ([draw.randint(1, 50) for _ in range(5)] for _ in range(2))
        p, q = composed.normalised(a), composed.normalised(b)
        assert reference.entropy(a, log_base=base, normalise=True) == nearest(formulas.entropy, p, number)
        expected = nearest(formulas.cross_entropy, p, q, number)
        assert reference.cross_entropy(a, b, log_base=base, normalise=True) == expected
        expected = nearest(formulas.divergence, p, q, number)
        assert reference.kl_divergence(a, b, log_base=base, normalise=True) == expected
        assert reference.jensen_shannon(a, b, log_base=base, normalise=True) == nearest(composed.jensen_shannon, p, q, number)


@pytest.mark.parametrize(("base", "number"), BASES)
def test_entropies_and_information_of_a_table(base: LogBase, number: int | None) -> None:
    for draw in draws("tables"):
        counts = [[draw.randint(0, 20) for _ in range(3)] for _ in range(draw.randint(2, 4))]
        counts[0] = [1, 2, 3]
        size = sum(map(sum, counts))
        table = [[Fraction(cell, size) for cell in row] for row in counts]
        joint, conditional = reference.joint_entropy(table, log_base=base), reference.conditional_entropy(table, log_base=base)
        assert joint == reference.joint_entropy(counts, log_base=base, normalise=True)
        assert joint == nearest(composed.joint, table, number)
        assert conditional == reference.conditional_entropy(counts, log_base=base, normalise=True)
        assert conditional == nearest(composed.conditional, table, number)
        mutual = reference.mutual_information(counts, log_base=base, normalise=True)
        assert mutual == nearest(composed.mutual, table, number)


@pytest.mark.parametrize("regime", DISTRIBUTIONS)
def test_perplexities(regime: str) -> None:
    for draw in draws(regime):
        p = DISTRIBUTIONS[regime](draw, 6)
        assert reference.perplexity(p) == nearest(composed.perplexity, p)
        tokens = [value for value in p if value]
        assert reference.sequence_perplexity(tokens) == nearest(composed.sequence_perplexity, tokens)


@pytest.mark.parametrize(("base", "number"), BASES)
def test_powers_of_the_base_and_conversions(base: LogBase, number: int | None) -> None:
    for amount in (0.1, Decimal("6.3"), Fraction(1, 3), 1e-300, 5e-324, 700.5, 1e300):
        loss = reference.perplexity_from_loss(amount, log_base=base)
        assert loss == nearest(composed.power, number, amount)
        probability = reference.probability_from_surprisal(amount, log_base=base)
        assert probability == nearest(composed.power, number, -Fraction(amount))
        for other, goal in BASES:
            converted = reference.convert_information(amount, from_base=base, to_base=other)
            assert converted == nearest(composed.converted, amount, number, goal)


def test_the_logit_of_a_probability() -> None:
    for p in (0.1, 1e-300, 5e-324, 1 - 2**-53, Fraction(1, 3), Decimal("0.50000000000000000001"), 0.49999):
        assert reference.logit(p) == nearest(composed.logit, p)


@pytest.mark.parametrize("weight", [0, 1, 3, Fraction(1, 3)])
def test_binary_losses_with_a_weight_on_the_positive_term(weight: Exact) -> None:
    for z in [z for z in scalar_logits(draws("weights")[0]) if abs(float(z)) < 1e5]:
        for y in (0, 1, Fraction(1, 3)):
            expected = nearest(composed.weighted_logit_loss, y, z, weight)
            assert reference.binary_cross_entropy_from_logits(y, z, pos_weight=weight) == expected
            expected = nearest(composed.weighted_logit_slope, y, z, weight)
            assert reference.gradient_bce_logit(y, z, pos_weight=weight) == expected


@pytest.mark.parametrize("temperature", [1, Fraction(10, 3)])
@pytest.mark.parametrize("regime", UNMASKED)
def test_the_jacobian_of_the_softmax(regime: str, temperature: Exact) -> None:
    for draw in draws(regime, 6):
        z = LOGITS[regime](draw)[:4]
        matrix = reference.softmax_jacobian(z, temperature=temperature)
        for i, row in enumerate(matrix):
            assert row == tuple(nearest(composed.jacobian, z, i, j, temperature) for j in range(len(z)))


@pytest.mark.parametrize("smoothing", ["all", "others"])
@pytest.mark.parametrize("regime", UNMASKED)
def test_smoothed_losses(regime: str, smoothing: Smoothing) -> None:
    for draw in draws(regime):
        z, epsilon = LOGITS[regime](draw), Decimal(draw.randint(1, 30)) / 100
        target = reference.smoothed_target(0, len(z), epsilon=epsilon, smoothing=smoothing)
        assert sum(target) == 1
        loss = reference.smoothed_cross_entropy(z, 0, epsilon=epsilon, smoothing=smoothing)
        assert loss == nearest(formulas.soft_loss, z, target)
        floor = reference.label_smoothing_floor(len(z), epsilon=epsilon, smoothing=smoothing)
        assert floor == nearest(formulas.entropy, target)


def test_the_floor_of_a_stray_second_softmax() -> None:
    for classes in (2, 3, 10, 1000, 50257):
        assert reference.double_softmax_floor(classes) == nearest(composed.stray_softmax, classes)
    assert reference.double_softmax_floor(1) == 0


@pytest.mark.parametrize("smoothing", ["all", "others"])
@pytest.mark.parametrize("epsilon", [0, Decimal("0.1")])
def test_weighted_and_smoothed_batches_with_their_gradients(epsilon: Exact, smoothing: Smoothing) -> None:
    for draw in draws("batches"):
        rows = [[draw.gauss(0, 3) for _ in range(3)] for _ in range(4)]
        labels = [draw.randrange(3) for _ in rows]
        class_weights: list[Exact] = [Decimal(draw.randint(1, 30)) / 10 for _ in range(3)]
        smoothed = [reference.smoothed_target(y, 3, epsilon=epsilon, smoothing=smoothing) for y in labels]
        weights = [[Fraction(w) * t for w, t in zip(class_weights, row, strict=True)] for row in smoothed]
        reductions: list[tuple[Literal["sum", "mean"], Fraction]] = [
            ("sum", Fraction(1)),
            ("mean", composed.total([class_weights[y] for y in labels])),
        ]
        for reduction, divisor in reductions:
            loss = reference.batch_cross_entropy(
                rows, labels, class_weights=class_weights, epsilon=epsilon, smoothing=smoothing, reduction=reduction
            )
            assert loss == nearest(composed.batch_loss, rows, weights, divisor)
            gradient = reference.batch_gradient(
                rows, labels, class_weights=class_weights, epsilon=epsilon, smoothing=smoothing, reduction=reduction
            )
            for row, own, slopes in zip(rows, weights, gradient, strict=True):
                shares = [value / divisor for value in own]
                assert slopes == tuple(nearest(formulas.soft_slope, row, shares, j) for j in range(3))


def test_contrastive_losses() -> None:
    for draw in draws("contrastive"):
        matrix = [[draw.uniform(-1, 1) for _ in range(3)] for _ in range(3)]
        for temperature in (1, Decimal("0.07"), 0.001):
            expected = nearest(formulas.hard_loss, matrix[0], 1, temperature)
            assert reference.info_nce(matrix[0], 1, temperature=temperature) == expected
            assert reference.clip_symmetric(matrix, temperature=temperature) == nearest(composed.clip, matrix, temperature)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("regime", [name for name in UNMASKED if name != "extreme"])
def test_focal_losses_of_a_softmax(regime: str, gamma: Exact) -> None:
    for draw in draws(regime):
        z = LOGITS[regime](draw)
        for target in (0, len(z) - 1):
            assert reference.focal_loss_from_logits(z, target, gamma=gamma) == nearest(composed.focal, z, target, gamma)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_binary_focal_losses_and_their_gradient(gamma: Exact) -> None:
    for z in [z for z in scalar_logits(draws("focal")[0]) if 1e-30 < abs(float(z)) < 1e5]:
        assert reference.focal_loss_from_logit(1, z, gamma=gamma) == nearest(composed.focal, [0, z], 1, gamma)
        assert reference.focal_loss_from_logit(0, z, gamma=gamma) == nearest(composed.focal, [0, z], 0, gamma)
        slope = nearest(composed.focal_slope, z, gamma, Fraction(1, 4))
        assert reference.gradient_focal_logit(1, z, gamma=gamma, alpha=0.25) == slope
        assert reference.gradient_focal_logit(0, -z, gamma=gamma, alpha=0.75) == -slope


@pytest.mark.parametrize("gamma", GAMMAS)
def test_binary_focal_losses_of_a_probability(gamma: Exact) -> None:
    for p in (0.1, 0.9, 1e-300, 1 - 2**-53, Fraction(1, 3), Decimal("0.99999999999999999999")):
        expected = nearest(composed.focal_of_probability, p, gamma)
        assert reference.focal_loss(1, p, gamma=gamma) == expected
        assert reference.focal_loss(0, 1 - Fraction(p), gamma=gamma) == expected


@pytest.mark.parametrize("regime", [name for name in UNMASKED if name != "extreme"])
def test_distillation(regime: str) -> None:
    for draw in draws(regime):
        student = LOGITS[regime](draw)
        teacher = [Fraction(z) + draw.choice((-1, 0, Fraction(1, 10**9), 1)) for z in student]
        for heat, share in ((1, 0.25), (Decimal("2.5"), 0), (4, Decimal("0.7"))):
            expected = nearest(composed.distillation, student, teacher, 0, heat, share, True)
            assert reference.distillation_loss(student, teacher, 0, temperature=heat, hard_weight=share) == expected
            expected = nearest(composed.distillation, student, teacher, 0, heat, share, False)
            assert expected == reference.distillation_loss(
                student, teacher, 0, temperature=heat, hard_weight=share, soft_term="cross-entropy"
            )


@pytest.mark.parametrize(("base", "number"), BASES)
def test_the_coin_of_an_entropy_is_the_nearest_float_to_the_solution(base: LogBase, number: int | None) -> None:
    for p in (0.1, 0.25, 0.4999, 0.49999999, 1e-5, 1e-18, 1e-300, 5e-320):
        entropy = nearest(formulas.entropy, [p, 1 - Fraction(p)], number)
        solution = reference.coin_of_entropy(entropy, log_base=base)
        half = Fraction(math.ulp(solution)) / 2
        iv.prec = 4000
        x = Fraction(solution)
        below, above = (formulas.entropy([x + d, 1 - x - d], number) for d in (-half, half))
        assert below < exactly(entropy) < above


@pytest.mark.parametrize("rate", [1, Decimal("0.1"), -0.5, 20])
@pytest.mark.parametrize("regime", [name for name in UNMASKED if name != "extreme"])
def test_the_loss_after_a_step_of_gradient_descent(regime: str, rate: Exact) -> None:
    for draw in draws(regime, 6):
        z = LOGITS[regime](draw)
        for target in (0, len(z) - 1):
            expected = nearest(composed.loss_after_step, z, target, rate)
            assert reference.loss_after_step(z, target, learning_rate=rate) == expected


@pytest.mark.parametrize("regime", UNMASKED)
def test_the_gradient_of_a_linear_layer(regime: str) -> None:
    for draw in draws(regime, 6):
        z = LOGITS[regime](draw)
        x: list[Exact] = [0.1, -3, Fraction(1, 3), 0]
        matrix = reference.linear_layer_gradient(x, z, 1)
        for j, row in enumerate(matrix):
            assert row == tuple(nearest(composed.outer, z, 1, j, factor) for factor in x)
