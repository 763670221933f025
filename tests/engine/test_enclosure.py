"""A ball contains the exact result of every operation, and says no more than it knows."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from quiz_bank.engine.enclosure import Ball, ImpreciseError, exp_of_ratio, log_of_ratio

BITS = st.sampled_from([80, 81, 160, 333, 640])
INTEGERS = st.integers(-(10**30), 10**30)
POSITIVE = st.integers(1, 10**30)


def exact(ball: Ball, offset: int = 0) -> Fraction:
    return (ball.middle + offset) * Fraction(2) ** ball.exponent


def holds(ball: Ball, value: Fraction) -> bool:
    return abs(exact(ball) - value) <= ball.radius * Fraction(2) ** ball.exponent


def holds_real(ball: Ball, value: mpf) -> bool:
    """With room for mpmath's own error, which is far below the ball's radius here."""
    with mp.workprec(3000):
        distance = abs(mp.ldexp(mpf(ball.middle), ball.exponent) - value)
        return bool(distance <= mp.ldexp(mpf(ball.radius), ball.exponent) + abs(value) * mp.ldexp(1, -2900))


def is_sharp(ball: Ball, lost_bits: int = 8) -> bool:
    """Say whether the radius is at most 2^lost_bits units in the last of the ball's bits."""
    return ball.radius == 0 or ball.radius.bit_length() + ball.bits <= abs(ball.middle).bit_length() + lost_bits


@given(INTEGERS, POSITIVE, BITS)
def test_a_ratio_is_enclosed(numerator: int, denominator: int, bits: int) -> None:
    ball = Ball.of_ratio(numerator, denominator, bits)
    assert holds(ball, Fraction(numerator, denominator))
    assert is_sharp(ball)


@pytest.mark.parametrize("value", [Fraction(0), Fraction(1), Fraction(-3), Fraction(5, 8), Fraction(2**79)])
def test_a_ratio_of_few_binary_digits_is_exact(value: Fraction) -> None:
    ball = Ball.of_ratio(value.numerator, value.denominator, 80)
    assert ball.radius == 0
    assert exact(ball) == value


@given(INTEGERS, POSITIVE, INTEGERS, POSITIVE, st.integers(0, 9), BITS)
def test_sum_product_and_quotient_hold_those_of_any_members(a: int, b: int, c: int, d: int, blur: int, bits: int) -> None:
    x, y = Ball.of_ratio(a, b, bits), Ball.of_ratio(c, d, bits)
    x, y = (Ball(ball.middle, ball.radius + blur, ball.exponent, bits) for ball in (x, y))
    for u in (exact(x, -x.radius), exact(x, x.radius)):
        for v in (exact(y, -y.radius), exact(y, y.radius)):
            assert holds(x + y, u + v)
            assert holds(x - y, u - v)
            assert holds(x * y, u * v)
            assert y.sign in (0, None) or holds(x / y, u / v)


@given(INTEGERS, POSITIVE, BITS)
def test_the_exponential_is_enclosed_sharply(numerator: int, denominator: int, bits: int) -> None:
    with mp.workprec(3000):
        expected = mp.exp(mpf(numerator) / denominator)
    ball = exp_of_ratio(numerator, denominator, bits)
    assert holds_real(ball, expected)
    assert is_sharp(ball)


@given(POSITIVE, POSITIVE, BITS)
def test_the_logarithm_is_enclosed_sharply(numerator: int, denominator: int, bits: int) -> None:
    with mp.workprec(3000):
        expected = mp.log(mpf(numerator) / denominator)
    ball = log_of_ratio(numerator, denominator, bits)
    assert holds_real(ball, expected)
    assert is_sharp(ball)


@given(st.integers(1, 10**6), st.integers(0, 300), st.sampled_from([1, -1]), BITS)
def test_the_logarithm_next_to_one_is_enclosed_sharply(digits: int, places: int, sign: int, bits: int) -> None:
    denominator = 10 ** (places + 7)
    with mp.workprec(3000):
        expected = mp.log1p(sign * mpf(digits) / denominator)
    for ball in (log_of_ratio(denominator + sign * digits, denominator, bits), small_log1p(sign * digits, denominator, bits)):
        assert holds_real(ball, expected)
        assert is_sharp(ball)


def small_log1p(numerator: int, denominator: int, bits: int) -> Ball:
    return Ball.of_ratio(numerator, denominator, bits).log1p()


@given(st.integers(-(10**6), 10**6), st.integers(-400, 3), st.integers(0, 9), BITS)
def test_the_exponential_of_a_ball_holds_those_of_its_members(middle: int, scale: int, blur: int, bits: int) -> None:
    x = Ball(middle, blur, 3 * scale - 20, bits)
    for end in (exact(x, -blur), exact(x, blur)):
        with mp.workprec(3000):
            expected = mp.exp(mpf(end.numerator) / end.denominator)
        assert holds_real(x.exp(), expected)


@given(st.integers(11, 10**30), st.integers(-200, 200), st.integers(0, 10), BITS)
@example(20, 0, 10, 80)
@example(1000, -10, 900, 80)
def test_the_logarithm_of_a_ball_holds_those_of_its_members(middle: int, scale: int, blur: int, bits: int) -> None:
    x = Ball(middle, blur, scale, bits)
    for end in (exact(x, -x.radius), exact(x, x.radius)):
        with mp.workprec(3000):
            expected = mp.log(mpf(end.numerator) / end.denominator)
        assert holds_real(x.log(), expected)


def test_an_exponential_far_below_any_float_is_still_positive_and_sharp() -> None:
    ball = exp_of_ratio(-(10**300), 1, 80)
    assert ball.sign == 1
    assert is_sharp(ball)
    with mp.workprec(3000):
        assert holds_real(ball, mp.exp(-(mpf(10) ** 300)))


def test_a_sum_keeps_the_sign_of_a_perturbation_too_small_to_be_added() -> None:
    tiny = exp_of_ratio(-(10**300), 1, 80)
    one = Ball(1, 0, 0, 80)
    assert (one + tiny - one).sign is None
    assert ((one - one) + tiny).sign == 1
    assert holds(one + tiny, Fraction(1))


def test_what_is_not_known_well_enough_for_an_operation_is_refused() -> None:
    with pytest.raises(ImpreciseError, match="contains zero"):
        Ball(1, 0, 0, 80) / Ball(1, 1, 0, 80)
    with pytest.raises(ImpreciseError, match="not known to be positive"):
        Ball(1, 1, 0, 80).log()
    with pytest.raises(ImpreciseError, match="not known to within one"):
        Ball(1, 1, 10, 80).exp()


def test_a_ball_prints_its_middle_its_radius_and_its_exponent() -> None:
    assert repr(Ball(5, 1, -3, 80)) == "Ball((5 ± 1)·2^-3)"
