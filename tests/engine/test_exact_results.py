"""Results that are exactly rational are recognised by theory, and near-ties do not cost more digits than they need."""

import math
import sys
from decimal import Decimal
from fractions import Fraction

import pytest

from quiz_bank.engine import logforms, reference, rounding
from quiz_bank.engine.logforms import LogForm, coprime_base
from quiz_bank.engine.reference import Exact

HALF_UNIT = Fraction(1, 1 << 53)  # 1 + HALF_UNIT lies on the border between 1 and the next float64
ABOVE_ONE = 1 + 2**-52


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow three doublings only: what needs more raises an error."""
    monkeypatch.setattr(rounding, "PRECISIONS", rounding.PRECISIONS[:4])


def test_logarithms_of_powers_of_the_base_are_exact() -> None:
    for power in range(1, 1000, 37):
        assert reference.surprisal(Fraction(1, 2**power), log_base="2") == power
        assert reference.surprisal(Fraction(1, 10**power), log_base="10") == power


@pytest.mark.parametrize("p", [[0.5, 0.25, 0.25], ["1/4", "1/2", "1/4"]])
def test_the_entropy_in_bits_of_powers_of_two_is_exact(p: list[float | str]) -> None:
    assert reference.entropy([Fraction(value) for value in p], log_base="2") == 1.5


def test_equal_distributions_have_no_divergence() -> None:
    p = [0.1, 0.2, 0.7]
    assert reference.kl_divergence(p, p) == 0
    assert reference.kl_divergence(p, p, generalised=True) == 0


@pytest.mark.usefixtures("few_digits")
def test_logarithms_that_cancel_are_zero_in_every_base() -> None:
    # 1/2·ln(1/4 : 1/2) + 1/4·ln(1/2 : 1/4) + 1/4·ln(1/4 : 1/8) = 0 without any p equal to its q
    p = [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]
    q = [Fraction(1), Fraction(1, 8), Fraction(1, 8)]
    for base in ("e", "2", "10"):
        assert reference.kl_divergence(p, q, log_base=base) == 0


@pytest.mark.usefixtures("few_digits")
def test_a_rational_number_of_bits_on_a_border_between_floats_is_a_tie() -> None:
    # (2^53 + 1)/2^54·log2(4) lies halfway between 1 and the next float64
    target = [Fraction(2**53 + 1, 2**54)]
    assert reference.cross_entropy(target, [Fraction(1, 4)], log_base="2") == 1.0
    assert reference.cross_entropy(target, [Fraction(1, 100)], log_base="10") == 1.0


@pytest.mark.usefixtures("few_digits")
def test_equal_logits_give_exactly_one_over_their_number() -> None:
    for classes in (1, 2, 3, 7, 64):
        assert reference.softmax([0.3] * classes) == (1 / classes,) * classes
    assert reference.gradient_logits([5, 5], [0.5, 0.5]) == (0, 0)
    thirds = [Fraction(1, 3)] * 3
    assert reference.gradient_logits([7, 7, 7], thirds) == (0, 0, 0)


@pytest.mark.usefixtures("few_digits")
def test_equal_logits_with_a_gradient_on_a_border_between_floats_are_a_tie() -> None:
    y = Fraction(1, 2) - Fraction(2**53 + 1, 2**54) / 4
    assert reference.gradient_logits([1, 1], [y, 1 - y]) == (0.125, -0.125)


def test_a_single_class_has_no_loss_and_no_gradient() -> None:
    assert reference.cross_entropy_with_gradient([1e300], 0) == (0, (0,))
    assert reference.softmax([-3]) == (1,)
    assert reference.log_softmax([0.1]) == (0,)
    assert reference.logsumexp([0.1]) == 0.1
    assert reference.cross_entropy_with_gradient([-math.inf, 2], 1) == (0, (0, 0))


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize("gap", [2050, 10**6, 10**300])
def test_a_loss_next_to_a_border_is_decided_by_the_other_exponentials(gap: int) -> None:
    border = 1 + HALF_UNIT
    assert reference.logsumexp([border, border - gap]) == ABOVE_ONE
    assert reference.binary_cross_entropy_from_logits(Fraction(border, gap), -gap) == ABOVE_ONE


@pytest.mark.usefixtures("few_digits")
def test_a_loss_on_a_border_is_above_it_as_no_probability_is_one() -> None:
    assert reference.cross_entropy_from_logits([2**53 + 1, 0], 1) == 2**53 + 2


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize("logit", [2.0**60 - 2.0**8, 1.6232130865487006e238])
def test_a_weighted_loss_on_a_border_is_above_it(logit: float) -> None:
    border = 3 * Fraction(logit)
    expected = math.nextafter(float(border), math.inf) if Fraction(float(border)) < border else float(border)
    assert abs(Fraction(float(border)) - border) == Fraction(math.ulp(float(border))) / 2
    assert reference.binary_cross_entropy_from_logits(1, -logit, pos_weight=3) == expected


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize("gap", [2050, 10**6, 10**300])
def test_a_gradient_next_to_a_border_is_decided_by_the_other_exponentials(gap: int) -> None:
    y = (1 + HALF_UNIT) / 2  # 1 − y and y/2 lie between floats as well
    assert reference.gradient_bce_logit(y, -gap) == -0.5
    assert reference.gradient_bce_logit(1 - y, gap) == 0.5
    assert reference.gradient_logits([-gap, 0], [y, 0]) == (-0.5, 0.5)


@pytest.mark.usefixtures("few_digits")
def test_a_squared_error_next_to_a_border_is_decided_by_the_exponential() -> None:
    root = 2**27 - 1  # its square has 54 bits and is odd
    y = Fraction(root, 2**27)
    below = math.nextafter(float(y * y + Fraction(1, 2**54)), 0)
    assert reference.mse_sigmoid(y, -(10**300)) == below
    assert reference.mse_sigmoid(1 - y, 10**300) == below


def test_half_is_the_sigmoid_of_zero_and_everything_there_is_exact() -> None:
    assert reference.sigmoid(0) == 0.5
    assert reference.gradient_bce_logit(Fraction(1, 2), 0) == 0
    assert reference.gradient_mse_sigmoid(0, 0) == 0.25
    assert reference.mse_sigmoid(1, 0) == 0.25
    assert reference.ratio_mse_bce_gradient(0) == 0.5


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize("logit", [1e300, -1e300])
def test_a_saturated_logit_costs_few_digits(logit: float) -> None:
    right = logit > 0
    assert reference.sigmoid(logit) == right
    assert reference.binary_cross_entropy_from_logits(int(right), logit) == 0
    assert reference.binary_cross_entropy_from_logits(int(not right), logit) == 1e300
    assert reference.gradient_mse_sigmoid(int(right), logit) == 0


def slow_logits() -> list[list[Exact]]:
    smallest = 5e-324
    return [
        [smallest * k for k in range(10)],
        [1e-300 * k for k in range(10)],
        [1e300, 1e300, -1e300, smallest, 0, 1, 2, 3, 4, 5],
        [1 + k * sys.float_info.epsilon for k in range(10)],
        [Decimal(k) / 10**9 + 10**8 for k in range(10)],
    ]


@pytest.mark.parametrize("logits", slow_logits())
def test_the_slowest_inputs_of_ten_classes_stay_below_three_thousand_bits(
    logits: list[Exact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounding, "PRECISIONS", rounding.PRECISIONS[:6])
    assert rounding.PRECISIONS[-1] == 2560
    loss, gradient = reference.cross_entropy_with_gradient(logits, [Fraction(1, 10)] * 10)
    assert math.isfinite(loss)
    assert len(gradient) == 10


def test_a_coprime_base_divides_nothing_twice() -> None:
    assert sorted(coprime_base([12, 18, 50, 1])) == [2, 3, 25]
    assert sorted(coprime_base([6, 6, 35])) == [6, 35]
    assert coprime_base([]) == []


def test_a_form_is_rational_only_where_its_logarithms_cancel_or_are_multiples_of_the_base() -> None:
    half, third = Fraction(1, 2), Fraction(1, 3)
    assert LogForm(((half, Fraction(4)), (Fraction(-1), Fraction(2)))).rational_value(1) == 0
    assert LogForm(((half, Fraction(4)), (Fraction(-1), Fraction(2))), third).rational_value(1) == third
    assert LogForm(((half, Fraction(4)), (Fraction(-1), Fraction(2))), third).rational_value(2) is None
    assert LogForm(((third, Fraction(8, 27)), (Fraction(1), Fraction(3)))).rational_value(2) == 1
    assert LogForm(((third, Fraction(8)),), third).rational_value(2) is None
    assert LogForm(((half, Fraction(100)), (half, Fraction(2)))).rational_value(10) is None
    assert LogForm(((half, Fraction(100)), (third, Fraction(3)))).rational_value(10) is None
    assert logforms.valuation(96, 2) == 5
