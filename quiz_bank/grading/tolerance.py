"""When a number is right: closer to the truth than one unit of the last digit that the part asks for.

So both rounding and truncating to the asked digits pass, and more digits never hurt. Compared in decimal arithmetic: in binary,
0.501 - 0.5 comes out above 0.001 and 0.7 - 0.699 below or above it by chance.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import inf, isfinite, isnan
from typing import Final

from quiz_bank.grading.read import Reading
from quiz_bank.problem import Value, Vector, components

# Our own context: what a caller does to the thread's one has no effect here, and nothing is ever signalled.
_ARITHMETIC: Final = Context(prec=64, traps=[])
_NOISELESS_DIGITS: Final = 15
_BORDER: Final = 1e-3
_SMALLEST_REACH: Final = 1e-300  # below it a float has too few digits to tell


@lru_cache(maxsize=16_384)  # every answer to a problem is compared with the same few values
def unit_of_last_place(value: Value, significant_digits: int) -> Decimal:
    """Return u = 10^(floor(log10 |t|) - digits + 1) for the largest finite component t, and 10^-digits where all are zero."""
    largest = max((abs(number) for number in components(value) if isfinite(number)), default=0.0)
    if largest == 0:
        return Decimal(1).scaleb(-significant_digits)
    return Decimal(1).scaleb(Decimal(repr(largest)).adjusted() - significant_digits + 1)


def is_right(reading: Reading, truth: float, unit: Decimal) -> bool:
    """Say whether a reading lies within one unit of the truth; infinities compare by equality, nan only with nan."""
    gap, reach = abs(reading.value - truth), float(unit)
    if reach > _SMALLEST_REACH and isfinite(gap) and abs(gap - reach) > _BORDER * reach:
        return gap < reach  # so far from the border, binary arithmetic can't be wrong about the side
    if isnan(truth) or isnan(reading.value):
        return isnan(truth) and isnan(reading.value)
    if not (isfinite(truth) and isfinite(reading.value)):
        return reading.value == truth
    submitted = Decimal(reading.value) if reading.decimal is None else reading.decimal
    return _ARITHMETIC.subtract(submitted, Decimal(repr(truth))).copy_abs() < unit


def are_right(readings: tuple[Reading, ...], value: Value, significant_digits: int) -> bool:
    """Say whether every component of an answer is that of a value."""
    numbers, unit, near, far = _measured(value, significant_digits)
    if len(numbers) != len(readings):
        return False
    for i, number in enumerate(numbers):
        gap = abs(readings[i].value - number)
        if gap < near:
            continue
        if gap > far or not is_right(readings[i], number, unit):
            return False
    return True


@lru_cache(maxsize=16_384)  # as above
def _measured(value: Value, significant_digits: int) -> tuple[Vector, Decimal, float, float]:
    """Return a value's components, its unit, and the gaps below and above which binary arithmetic can't be wrong."""
    unit = unit_of_last_place(value, significant_digits)
    reach = float(unit)
    near, far = (reach * (1 - _BORDER), reach * (1 + _BORDER)) if reach > _SMALLEST_REACH else (0.0, inf)
    return components(value), unit, near, far


def coincide(first: Vector, second: Vector, unit: float) -> bool:
    """Say whether all components of two values of one shape lie within two units of each other."""
    reach = 2 * unit
    for a, b in zip(first, second, strict=True):
        if abs(a - b) <= reach or a == b:
            continue
        if not (isnan(a) and isnan(b)):
            return False
    return True


def is_coarse(reading: Reading, value: float, significant_digits: int) -> bool:
    """Say whether a plain number with too few digits is the value rounded or truncated to just those digits."""
    significance = reading.significance
    if significance is None or not 1 <= significance[0] < significant_digits or not isfinite(value):
        return False
    place = Decimal(1).scaleb(significance[1])
    # Fifteen digits drop the noise of binary arithmetic: 1 - 0.7 is 0.3, which truncates to 0.3 and not to 0.2.
    exact = Decimal(f"{value:.{_NOISELESS_DIGITS}g}")
    written = reading.decimal
    roundings = (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN)
    return any(exact.quantize(place, rounding, _ARITHMETIC) == written for rounding in roundings)
