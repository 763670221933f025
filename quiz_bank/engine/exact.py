"""What the reference engine accepts as a number, and its exact value.

A float means its binary value, a Decimal its decimal value; 1/3 arrives as a Fraction. Nothing is rounded on the way
in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

Exact: TypeAlias = int | float | Decimal | Fraction

MAX_COMPONENTS = 64

# Holds every float64 (2,098 bits) and decimals of a thousand digits. It keeps 1e999999999 from filling the memory.
MAX_BITS = 4096
_MAX_DIGITS = 1233  # 10^1233 < 2^4096


def read_ratio(value: Exact, name: str) -> tuple[int, int]:
    """Give a finite number as numerator and positive denominator, in lowest terms.

    Raises
    ------
    ValueError
        For nan, for an infinity, and for a number with more than 4,096 bits above or below the line.
    """
    if isinstance(value, Decimal) and abs(value.adjusted()) > _MAX_DIGITS:
        raise ValueError(f"{name} must have at most {_MAX_DIGITS} digits on either side of the point")
    try:
        numerator, denominator = value.as_integer_ratio()
    except (ValueError, OverflowError):
        raise ValueError(f"{name} must be a finite number, not {value}") from None
    if numerator.bit_length() > MAX_BITS or denominator.bit_length() > MAX_BITS:
        raise ValueError(f"{name} must have at most {MAX_BITS} bits above and below the line")
    return numerator, denominator


def read_rational(value: Exact, name: str) -> Fraction:
    """Give a finite number as a Fraction."""
    if type(value) is Decimal and value.is_finite():
        try:
            return _known(value)
        except ValueError:
            pass  # it is read once more, for the error that names it
    return Fraction(*read_ratio(value, name))


@lru_cache(maxsize=4096)
def _known(value: Decimal) -> Fraction:
    """Read a decimal once: most that problems show have two places, and there are few of them."""
    return Fraction(*read_ratio(value, ""))


def is_infinite(value: Exact) -> bool:
    """Say whether a float or Decimal is an infinity of either sign."""
    return isinstance(value, (float, Decimal)) and math.isinf(value)


def check_size(values: Sequence[object], name: str) -> None:
    """Refuse an empty vector and one with more than 64 components."""
    if not values:
        raise ValueError(f"{name} must have at least one component")
    if len(values) > MAX_COMPONENTS:
        raise ValueError(f"{name} must have at most {MAX_COMPONENTS} components, not {len(values)}")


def check_same_length(first: Sequence[object], second: Sequence[object], names: str) -> None:
    """Refuse two vectors of different lengths."""
    if len(first) != len(second):
        raise ValueError(f"{names} must have the same length, not {len(first)} and {len(second)}")


def read_probability(value: Exact, name: str) -> Fraction:
    """Give a number within [0, 1] as a Fraction."""
    result = read_rational(value, name)
    if not 0 <= result.numerator <= result.denominator:
        raise ValueError(f"{name} must lie within [0, 1], not {value}")
    return result


def read_probabilities(values: Sequence[Exact], name: str) -> list[Fraction]:
    """Give a vector of numbers within [0, 1]; its sum is left as it is."""
    check_size(values, name)
    return [read_probability(value, f"{name}[{index}]") for index, value in enumerate(values)]


def read_non_negative(value: Exact, name: str) -> Fraction:
    """Give a number ≥ 0 as a Fraction."""
    result = read_rational(value, name)
    if result < 0:
        raise ValueError(f"{name} must not be negative, not {value}")
    return result


def read_non_negatives(values: Sequence[Exact], name: str) -> list[Fraction]:
    """Give a vector of numbers ≥ 0."""
    check_size(values, name)
    return [read_non_negative(value, f"{name}[{index}]") for index, value in enumerate(values)]


def read_positive(value: Exact, name: str) -> Fraction:
    """Give a number > 0 as a Fraction."""
    result = read_rational(value, name)
    if result <= 0:
        raise ValueError(f"{name} must be positive, not {value}")
    return result


def read_distribution(values: Sequence[Exact], name: str, normalise: bool) -> list[Fraction]:
    """Give a vector of probabilities as given, or of any numbers ≥ 0 divided by their sum."""
    if not normalise:
        return read_probabilities(values, name)
    weights = read_non_negatives(values, name)
    total = sum(weights, Fraction(0))
    if total == 0:
        raise ValueError(f"{name} must not all be 0")
    return [weight / total for weight in weights]


def over_common_denominator(ratios: Iterable[tuple[int, int]]) -> tuple[list[int], int]:
    """Bring fractions to one denominator, so that differences and comparisons are those of integers."""
    pairs = list(ratios)
    denominator = math.lcm(*(below for _, below in pairs))
    return [above * (denominator // below) for above, below in pairs], denominator
