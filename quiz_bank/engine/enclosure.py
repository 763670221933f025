"""Ball arithmetic on Python's integers: every result carries a proven bound of its error.

A ball stands for an unknown real number x with |x − middle·2^exponent| ≤ radius·2^exponent. Exponents are Python
integers, so nothing overflows or underflows: e^(−10^300) is a ball with a full mantissa like any other. A radius of
zero means that the number is known exactly.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Self

# Below this size the logarithm of 1 + u is summed as a series in u, above it u is reduced first.
_NEAR_ONE = -3

FIRST_BITS = 80
"""The precision that is tried first: 27 bits beyond a float's own 53, so one result in some million needs a second look."""


class ImpreciseError(ArithmeticError):
    """The enclosure is too wide for the operation; more bits may mend it."""


class Ball:
    """A real number known to lie within `radius` of `middle`, both counted in units of 2^`exponent`.

    Operations round to `bits` bits. A plain slotted class rather than a frozen dataclass, because a problem makes
    some hundred of these and the frozen constructor would double the time; nothing assigns to one after it is made.
    """

    __slots__ = ("bits", "exponent", "middle", "radius")

    def __init__(self, middle: int, radius: int, exponent: int, bits: int) -> None:
        excess = (abs(middle) + radius).bit_length() - bits
        if excess > 0:
            # The shift drops less than one new unit of the middle and less than one of the radius.
            middle >>= excess
            radius = (radius >> excess) + 2
            exponent += excess
        self.middle = middle
        self.radius = radius
        self.exponent = exponent
        self.bits = bits

    @classmethod
    def of_ratio(cls, numerator: int, denominator: int, bits: int) -> Self:
        """Enclose numerator/denominator; exact where `bits` binary digits hold it."""
        if denominator == 1 and numerator.bit_length() <= bits:
            return cls(numerator, 0, 0, bits)
        shift = bits + denominator.bit_length() - numerator.bit_length()
        if shift >= 0:
            quotient, remainder = divmod(numerator << shift, denominator)
        else:
            quotient, remainder = divmod(numerator, denominator << -shift)
        if remainder:
            return cls(quotient, 1, -shift, bits)
        zeros = (quotient & -quotient).bit_length() - 1 if quotient else 0
        return cls(quotient >> zeros, 0, zeros - shift, bits)

    def __repr__(self) -> str:
        return f"Ball(({self.middle} ± {self.radius})·2^{self.exponent})"

    @property
    def sign(self) -> int | None:
        """1, 0 or −1 where the ball decides it, None where it contains zero and more."""
        if self.middle > self.radius:
            return 1
        if -self.middle > self.radius:
            return -1
        return 0 if self.radius == 0 else None

    @property
    def top(self) -> int:
        """An exponent with |x| < 2^top."""
        return self.exponent + (abs(self.middle) + self.radius).bit_length()

    def __neg__(self) -> Ball:
        return Ball(-self.middle, self.radius, self.exponent, self.bits)

    def __add__(self, other: Ball) -> Ball:
        high, low = (self, other) if self.exponent >= other.exponent else (other, self)
        shift = high.exponent - low.exponent
        if shift <= 4 * self.bits:
            middle = (high.middle << shift) + low.middle
            return Ball(middle, (high.radius << shift) + low.radius, low.exponent, self.bits)
        return high._absorb(low, self.bits)

    def _absorb(self, small: Ball, bits: int) -> Ball:
        if self.sign == 0:
            return Ball(small.middle, small.radius, small.exponent, bits)
        # One unit of 2^(exponent − finer) covers the small number, whatever its sign.
        finer = min(2 * bits, self.exponent - small.top)
        return Ball(self.middle << finer, (self.radius << finer) + 1, self.exponent - finer, bits)

    def __sub__(self, other: Ball) -> Ball:
        return self + -other

    def __mul__(self, other: Ball) -> Ball:
        # |xy − ab| ≤ |a|·|y − b| + |y|·|x − a|
        radius = abs(self.middle) * other.radius + (abs(other.middle) + other.radius) * self.radius
        return Ball(self.middle * other.middle, radius, self.exponent + other.exponent, self.bits)

    def __truediv__(self, other: Ball) -> Ball:
        smallest = abs(other.middle) - other.radius
        if smallest <= 0:
            raise ImpreciseError("the divisor's enclosure contains zero")
        shift = max(0, self.bits + 2 + other.middle.bit_length() - self.middle.bit_length())
        quotient, remainder = divmod(self.middle << shift, other.middle)
        inexact = 1 if remainder else 0
        # |x/y − a/b| ≤ (|x − a| + |a/b|·|y − b|) / |y|
        propagated = (self.radius << shift) + (abs(quotient) + inexact) * other.radius
        radius = inexact - (-propagated // smallest)
        return Ball(quotient, radius, self.exponent - shift - other.exponent, self.bits)

    def log(self) -> Ball:
        """Natural logarithm of a ball that holds positive numbers only.

        With x = f·2^k and any y near ln f: ln x = k·ln 2 + y + ln(1 + t) with t = f·e^(−y) − 1, an identity. So the
        quality of the platform's logarithm, where y comes from, decides the speed alone, never the result.

        The bound, in units of 2^−point, with the exponential off by e: t is off by at most 1.5·e + 1 and ln(1 + t) has a
        slope below 2; v = t/(2 + t) is rounded by 1, at a slope below 3; its square by 1 and the product by 1, both at
        most 1 here; the series, at a factor |2v| < 1, and k·ln 2 add what they state.
        """
        if self.middle <= self.radius:
            raise ImpreciseError("the logarithm's argument is not known to be positive")
        size = self.middle.bit_length()
        if self.middle << 2 < 3 << size:  # keep f within [3/4, 3/2), where ln f cannot cancel against k·ln 2
            size -= 1
        doublings, offset = self.exponent + size, self.middle - (1 << size)
        if doublings == 0 and abs(offset) + self.radius << -_NEAR_ONE < 1 << size:
            return Ball(offset, self.radius, self.exponent, self.bits)._log1p_series()
        guess = int(math.log(self.middle / (1 << size)) * 2**53)
        power, error, twos, point = _exp_fixed(-guess, 1 << 53, self.bits)
        rest = (self.middle * power >> (size - twos)) - (1 << point)
        v = (rest << point) // ((2 << point) + rest)
        series, blur = _artanh_series(v * v >> point, point)
        total = (2 * v * series >> point) + (guess << point - 53) + doublings * _log_two_fixed(point)
        # |ln x − ln a| ≤ |x − a| / min(x, a)
        spread = (self.radius << point) // (self.middle - self.radius) + 1
        return Ball(total, 3 * error + blur + 2 * abs(doublings) + 8 + spread, -point, self.bits)

    def log1p(self) -> Ball:
        """ln(1 + x) with a small relative error however small x is."""
        if self.top < _NEAR_ONE:
            return self._log1p_series()
        return (Ball(1, 0, 0, self.bits) + self).log()

    def _log1p_series(self) -> Ball:
        """2·artanh(v) with v = x/(2 + x): v times a series in v² that begins with 1, so the error is relative."""
        v = self / (Ball(2, 0, 0, self.bits) + self)
        square = v * v
        point = self.bits + 8
        total, error = _artanh_series(square.fixed(point), point)
        # The series' slope in v² is below 1 for v² < 1/4, so an error of v² enters at most once.
        return v * Ball(2 * total, 2 * (error + square.fixed_error(point)), -point, self.bits)

    def fixed(self, point: int) -> int:
        """Give the middle in units of 2^−point, rounded down."""
        shift = self.exponent + point
        return self.middle << shift if shift >= 0 else self.middle >> -shift

    def fixed_error(self, point: int) -> int:
        """Bound how far `fixed` is off, in units of 2^−point."""
        shift = self.exponent + point
        return (self.radius << shift if shift >= 0 else self.radius >> -shift) + 2

    def exp(self) -> Ball:
        """e^x; the radius of x enters as a relative error of the result."""
        if self.top < -self.bits:
            return Ball(1, 0, 0, self.bits) + self.expm1()
        if self.exponent + self.radius.bit_length() > 0:
            raise ImpreciseError("the exponent is not known to within one")
        power = exp_of_ratio(self.middle << max(0, self.exponent), 1 << max(0, -self.exponent), self.bits)
        # |e^r − 1| ≤ 2·|r| for |r| ≤ 1
        return power + power * Ball(0, 2 * self.radius, self.exponent, self.bits)

    def expm1(self) -> Ball:
        """e^x − 1 with a small relative error however small x is."""
        if self.top < -self.bits:
            # |e^x − 1 − x| ≤ x² for |x| ≤ 1, and x² < 2^(2·top)
            return self if self.sign == 0 else self + Ball(0, 1, 2 * self.top, self.bits)
        bits = self.bits + max(0, -self.top)
        wide = Ball(self.middle, self.radius, self.exponent, bits).exp() - Ball(1, 0, 0, bits)
        return Ball(wide.middle, wide.radius, wide.exponent, self.bits)

    def power(self, exponent: Fraction) -> Ball:
        """x^exponent of a ball that holds positive numbers or is exactly 0; 0^0 is 1."""
        if exponent == 0:
            return Ball(1, 0, 0, self.bits)
        if self.sign == 0:
            return self
        return (self.log() * Ball.of_ratio(exponent.numerator, exponent.denominator, self.bits)).exp()


def exp_of_ratio(numerator: int, denominator: int, bits: int) -> Ball:
    """Enclose e^(numerator/denominator) for a positive denominator."""
    return (_known_exp if bits == FIRST_BITS else _exp_of_ratio)(numerator, denominator, bits)


def _exp_of_ratio(numerator: int, denominator: int, bits: int) -> Ball:
    if numerator == 0:
        return Ball(1, 0, 0, bits)
    total, error, doublings, point = _exp_fixed(numerator, denominator, bits)
    return Ball(total, error, doublings - point, bits)


def _exp_fixed(numerator: int, denominator: int, bits: int) -> tuple[int, int, int, int]:
    """Give e^x as total·2^(k − point), with the bound of total's error, k and point.

    x = k·ln 2 + r with 0 ≤ r < ln 2, then e^r = (e^(r/2^h))^(2^h) by Taylor's series and h squarings, all in fixed
    point with `point` binary places.

    The bound, in units of 2^−point: r/2^h is off by less than 2 (the argument's rounding, at most 2^(size + 1)
    times the error of ln 2, which is at most 2 of units that are 2^(size + 2) times finer, and one shift), which moves
    the exponential by less than 4. Each computed Taylor term is at most 4 too small, and what is cut off after a term
    of 0 is at most 8. So the start is off by at most 4·terms + 12 relative to a value ≥ 1. A squaring doubles the
    relative error and adds one unit; the result is below 2. Together at most 2^(h + 1)·(4·terms + 13), and the
    second-order part stays within the 3 more units that are taken.
    """
    halvings = math.isqrt(bits)
    point = bits + halvings + 10
    size = max(0, numerator.bit_length() - denominator.bit_length() + 1)  # |x| < 2^size
    fine = point + size + 2
    doublings, rest = divmod((numerator << fine) // denominator, _log_two_fixed(fine))
    step = rest >> (size + 2 + halvings)
    total = term = 1 << point
    terms = 0
    while term:
        terms += 1
        term = (term * step >> point) // terms
        total += term
    for _ in range(halvings):
        total = total * total >> point
    return total, (4 * terms + 16) << (halvings + 1), doublings, point


def _artanh_series(square: int, point: int) -> tuple[int, int]:
    """Give artanh(v)/v = Σ v^(2j)/(2j + 1) for v² < 1/4 in fixed point, and the bound of its error.

    Each term loses less than 2 units (v² is exact here), and what follows a term of 0 is less than 2.
    """
    total = power = 1 << point
    terms = 0
    while power:
        terms += 1
        power = power * square >> point
        total += power // (2 * terms + 1)
    return total, 2 * terms + 2


def log_of_ratio(numerator: int, denominator: int, bits: int) -> Ball:
    """Enclose ln(numerator/denominator) of positive integers, to a small relative error also next to 1."""
    return (_known_log if bits == FIRST_BITS else _log_of_ratio)(numerator, denominator, bits)


def _log_of_ratio(numerator: int, denominator: int, bits: int) -> Ball:
    difference = numerator - denominator
    if abs(difference) << -_NEAR_ONE + 1 < denominator:
        return Ball.of_ratio(difference, denominator, bits).log1p()
    return Ball.of_ratio(numerator, denominator, bits).log()


# What problems show has two places or so, and the same exponentials and logarithms come again and again. Only those of the
# first precision are kept: they are small, and hardly anything needs another.
_known_exp = lru_cache(maxsize=8192)(_exp_of_ratio)
_known_log = lru_cache(maxsize=8192)(_log_of_ratio)


def _log_two_fixed(point: int) -> int:
    """Give ln 2·2^point, off by at most 2; wider values are shared by rounding the width up."""
    width = (point // 256 + 1) * 256
    return _log_two_wide(width) >> (width - point)


@lru_cache(maxsize=64)
def _log_two_wide(point: int) -> int:
    """Sum ln 2 = 18·artanh(1/26) − 2·artanh(1/4801) + 8·artanh(1/8749), with 32 guard bits for the truncations."""
    work = point + 32
    total = 18 * _artanh_of_reciprocal(26, work)
    total += 8 * _artanh_of_reciprocal(8749, work) - 2 * _artanh_of_reciprocal(4801, work)
    return total >> 32


def _artanh_of_reciprocal(n: int, point: int) -> int:
    """Σ 1/((2j + 1)·n^(2j + 1)) in fixed point; each term loses less than 2 units."""
    power = (1 << point) // n
    total, odd = 0, 1
    while power:
        total += power // odd
        power //= n * n
        odd += 2
    return total
