"""The nearest float64 is found, and ties and near-ties are decided by what lies beyond the digits."""

import math
import sys
from fractions import Fraction

import pytest

from quiz_bank.engine.enclosure import Ball, ImpreciseError, exp_of_ratio
from quiz_bank.engine.rounding import PRECISIONS, nearest_float, round_sum

LARGEST = sys.float_info.max
OVERFLOW = Fraction((1 << 54) - 1) * (1 << 970)  # half a unit above the largest float64
SMALLEST = Fraction(1, 1 << 1074)
FLOATS = [1.0, 1.5, 1 - 2**-53, 2.0**-1022, 5e-324, 1e-310, 3.3e300, LARGEST]


def nothing(bits: int) -> Ball:
    return Ball(0, 0, 0, bits)


def tiny(bits: int) -> Ball:
    return exp_of_ratio(-(10**300), 1, bits)


def minus_tiny(bits: int) -> Ball:
    return -tiny(bits)


def upper_border(value: float) -> Fraction:
    above = math.nextafter(value, math.inf)
    return OVERFLOW if math.isinf(above) else (Fraction(value) + Fraction(above)) / 2


@pytest.mark.parametrize("value", FLOATS)
def test_a_tie_goes_to_the_even_neighbour(value: float) -> None:
    border = upper_border(value)
    mantissa = Fraction(value) / Fraction(math.ulp(value))
    expected = value if mantissa % 2 == 0 else math.nextafter(value, math.inf)
    assert round_sum(border, nothing) == nearest_float(border) == expected
    assert round_sum(-border, nothing) == nearest_float(-border) == -expected


@pytest.mark.parametrize("value", FLOATS)
def test_a_border_and_a_perturbation_far_below_every_digit_go_to_its_side(value: float) -> None:
    border, above = upper_border(value), math.nextafter(value, math.inf)
    assert round_sum(border, tiny) == above
    assert round_sum(border, minus_tiny) == value
    assert round_sum(-border, tiny) == -value
    assert round_sum(-border, minus_tiny) == -above


@pytest.mark.parametrize("value", FLOATS)
def test_a_perturbed_float_is_that_float(value: float) -> None:
    assert round_sum(Fraction(value), tiny) == value
    assert round_sum(Fraction(value), minus_tiny) == value


def test_what_is_nearer_to_zero_than_to_the_smallest_float_is_zero_without_a_sign() -> None:
    for result in (round_sum(Fraction(0), minus_tiny), round_sum(-SMALLEST / 2, nothing), nearest_float(-SMALLEST / 3)):
        assert result == 0
        assert math.copysign(1, result) == 1


def test_what_lies_beyond_the_last_border_is_infinite() -> None:
    assert round_sum(2 * OVERFLOW, tiny) == math.inf
    assert round_sum(-2 * OVERFLOW, tiny) == -math.inf
    assert round_sum(Fraction(10) ** 400, nothing) == math.inf
    assert nearest_float(-(Fraction(10) ** 400)) == -math.inf


def test_a_rational_value_on_a_border_is_asked_for_once() -> None:
    border, asked = upper_border(1.0), []

    def value() -> Fraction:
        asked.append(border)
        return border

    third = Fraction(1, 3)
    assert round_sum(border - third, lambda bits: Ball.of_ratio(1, 3, bits), value) == 1.0
    assert asked == [border]


def test_a_tail_that_never_becomes_certain_is_an_error_rather_than_an_endless_loop() -> None:
    seen: list[int] = []

    def never(bits: int) -> Ball:
        seen.append(bits)
        return Ball(0, 1, -10, bits)

    with pytest.raises(ArithmeticError, match="not decided at 163840 bits"):
        round_sum(Fraction(1), never)
    assert tuple(seen) == PRECISIONS


def test_an_easy_value_is_decided_at_the_first_precision() -> None:
    seen: list[int] = []

    def third(bits: int) -> Ball:
        seen.append(bits)
        return Ball.of_ratio(1, 3, bits)

    assert round_sum(Fraction(1), third) == 4 / 3
    assert seen == [PRECISIONS[0]]


def test_a_tail_that_needs_more_bits_to_be_computed_gets_them() -> None:
    def demanding(bits: int) -> Ball:
        if bits < PRECISIONS[2]:
            raise ImpreciseError
        return Ball.of_ratio(1, 3, bits)

    assert round_sum(Fraction(0), demanding) == 1 / 3
