"""What holds for the exact values holds for the rounded ones, to the last bit."""

import math
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quiz_bank.engine import reference

FLOATS = st.floats(-1e4, 1e4)
LOGITS = st.lists(FLOATS, min_size=1, max_size=6)
SHIFTS = st.fractions(-(10**6), 10**6)
WEIGHTS = st.lists(st.integers(0, 100), min_size=2, max_size=6).filter(any)


def distribution(weights: list[int]) -> list[Fraction]:
    return [Fraction(weight, sum(weights)) for weight in weights]


@given(LOGITS, SHIFTS)
def test_adding_a_constant_to_all_logits_changes_no_bit(logits: list[float], shift: Fraction) -> None:
    shifted = [Fraction(z) + shift for z in logits]
    assert reference.softmax(shifted) == reference.softmax(logits)
    assert reference.cross_entropy_with_gradient(shifted, 0) == reference.cross_entropy_with_gradient(logits, 0)


@given(LOGITS, st.randoms(use_true_random=False))
def test_reordering_the_logits_reorders_the_results(logits: list[float], shuffler: Random) -> None:
    order = list(range(len(logits)))
    shuffler.shuffle(order)
    loss, gradient = reference.cross_entropy_with_gradient(logits, order[0])
    moved_loss, moved_gradient = reference.cross_entropy_with_gradient([logits[j] for j in order], 0)
    assert moved_loss == loss
    assert moved_gradient == tuple(gradient[j] for j in order)


@given(LOGITS, st.fractions(Fraction(1, 100), 100))
def test_a_temperature_divides_the_logits(logits: list[float], temperature: Fraction) -> None:
    divided = [Fraction(z) / temperature for z in logits]
    assert reference.softmax(logits, temperature=temperature) == reference.softmax(divided)
    assert reference.log_softmax(logits, temperature=temperature) == reference.log_softmax(divided)


@given(LOGITS)
def test_a_hard_label_is_a_one_hot_vector(logits: list[float]) -> None:
    one_hot = [1, *[0] * (len(logits) - 1)]
    assert reference.cross_entropy_with_gradient(logits, 0) == reference.cross_entropy_with_gradient(logits, one_hot)


@given(LOGITS)
def test_the_loss_is_minus_the_log_probability_of_the_target(logits: list[float]) -> None:
    losses = [reference.cross_entropy_from_logits(logits, j) for j in range(len(logits))]
    assert [-value for value in reference.log_softmax(logits)] == losses


@given(LOGITS)
def test_a_mask_takes_a_class_out(logits: list[float]) -> None:
    masked = [-math.inf, *logits]
    assert reference.softmax(masked) == (0, *reference.softmax(logits))
    assert reference.logsumexp(masked) == reference.logsumexp(logits)


@given(FLOATS)
def test_the_sigmoid_is_the_softmax_of_two_classes(logit: float) -> None:
    assert (reference.sigmoid(-logit), reference.sigmoid(logit)) == reference.softmax([0, logit])
    assert reference.binary_cross_entropy_from_logits(1, logit) == reference.cross_entropy_from_logits([0, logit], 1)
    assert reference.gradient_bce_logit(1, logit) == reference.gradient_logits([0, logit], 1)[1]


@given(FLOATS, st.fractions(0, 1))
def test_turning_logit_and_label_round_turns_the_gradients_round(logit: float, target: Fraction) -> None:
    assert reference.mse_sigmoid(1 - target, -logit) == reference.mse_sigmoid(target, logit)
    assert reference.gradient_mse_sigmoid(1 - target, -logit) == -reference.gradient_mse_sigmoid(target, logit)
    assert reference.gradient_bce_logit(1 - target, -logit) == -reference.gradient_bce_logit(target, logit)


@given(WEIGHTS, WEIGHTS)
def test_cross_entropy_is_at_least_entropy_and_their_difference_a_divergence(a: list[int], b: list[int]) -> None:
    size = min(len(a), len(b))
    if any(a[:size]) and any(b[:size]):
        p, q = distribution(a[:size]), distribution(b[:size])
        divergence = reference.kl_divergence(p, q)
        assert reference.cross_entropy(p, q) >= reference.entropy(p)
        assert divergence >= 0
        assert (divergence == 0) == (p == q)
        assert divergence == reference.kl_divergence(p, q, generalised=True)


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_binary_cross_entropy_is_the_cross_entropy_of_two_classes(y: Fraction, p: Fraction) -> None:
    assert reference.binary_cross_entropy(y, p) == reference.cross_entropy([y, 1 - y], [p, 1 - p])


@given(WEIGHTS, st.sampled_from(["e", "2", "10"]))
def test_certainty_has_no_entropy_and_costs_the_surprisal_of_its_class(weights: list[int], base: reference.LogBase) -> None:
    one_hot = [int(index == 0) for index in range(len(weights))]
    likely = distribution([1 + weight for weight in weights])
    assert reference.entropy(one_hot, log_base=base) == 0
    assert reference.cross_entropy(one_hot, likely, log_base=base) == reference.surprisal(likely[0], log_base=base) > 0
