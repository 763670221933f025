"""Sums of rational numbers times logarithms of rational numbers: every quantity of information theory.

Such a sum is rounded by raising the precision until the rounding is certain, which ends for every irrational value. So
the rational ones have to be recognised, and theory does that.

Write every r_i over pairwise coprime integers b_1, …, b_n > 1. Then Σ c_i·ln r_i = Σ e_k·ln b_k with rational e_k. By
unique factorisation the ln b_k are linearly independent over the rationals; by Baker's theorem, head + Σ e_k·ln b_k
with a rational head is transcendental unless every e_k is 0. So in nats the value is rational exactly when all
e_k = 0. In another base B it is (head + Σ e_k·ln b_k)/ln B, which equals a rational c exactly when
head + Σ e_k·ln b_k − c·ln B = 0: when head = 0 and e is c times the exponents of B.

References
----------
A. Baker, *Transcendental Number Theory*, Cambridge University Press 1975, theorems 2.1 and 2.2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeAlias

from quiz_bank.engine.enclosure import Ball, exp_of_ratio, log_of_ratio
from quiz_bank.engine.rounding import PRECISIONS, round_sum
from quiz_bank.engine.sums import weighted_sum

LogBase: TypeAlias = Literal["e", "2", "10"]

_BASES = {"e": 1, "2": 2, "10": 10}

Term: TypeAlias = tuple[Fraction, Fraction]


def base_number(log_base: LogBase) -> int:
    """Give 2 or 10, and 1 for natural logarithms.

    Raises
    ------
    ValueError
        For any other base.
    """
    try:
        return _BASES[log_base]
    except KeyError:
        raise ValueError(f"log_base must be 'e', '2' or '10', not {log_base!r}") from None


@dataclass(frozen=True, slots=True)
class LogForm:
    """head + Σ coefficient·ln(argument), with rational coefficients and positive rational arguments."""

    terms: tuple[Term, ...]
    head: Fraction = Fraction(0)

    def tail(self, bits: int) -> Ball:
        """Enclose the sum of the logarithms alone, in nats."""
        return weighted_sum([(c, log_of_ratio(r.numerator, r.denominator, bits)) for c, r in self.terms], bits)

    def enclosure(self, bits: int) -> Ball:
        """Enclose the whole value, in nats."""
        return Ball.of_ratio(self.head.numerator, self.head.denominator, bits) + self.tail(bits)

    def nearest(self, log_base: LogBase) -> float:
        """Round the value in the given base to the nearest float64."""
        base = base_number(log_base)
        if base == 1:
            return round_sum(self.head, self.tail, lambda: self.rational_value(1))
        return round_sum(
            Fraction(0), lambda bits: self.enclosure(bits) / log_of_base(base, bits), lambda: self.rational_value(base)
        )

    def nearest_exponential(self) -> float:
        """Round e^value to the nearest float64."""
        above, below = self.head.as_integer_ratio()
        return round_sum(
            Fraction(0), lambda bits: exp_of_ratio(above, below, bits) * self.tail(bits).exp(), self.rational_exponential
        )

    def sign(self) -> int:
        """Give the value's sign, exactly.

        Raises
        ------
        ArithmeticError
            When the highest precision does not decide.
        """
        for bits in PRECISIONS:
            if (sign := self.enclosure(bits).sign) is not None:
                return sign
            if self.rational_value(1) == 0:
                return 0
        raise ArithmeticError(f"the sign is not decided at {PRECISIONS[-1]} bits")

    def rational_value(self, base: int) -> Fraction | None:
        """Give the value in the given base (1 for nats) where it is rational, else None."""
        exponents = self.exponents(base)
        if not any(power for power, _ in exponents):
            return self.head if base == 1 or self.head == 0 else None
        if base == 1 or self.head != 0:
            return None
        quotients = {power / of_base if of_base else None for power, of_base in exponents if power or of_base}
        return quotients.pop() if len(quotients) == 1 else None

    def rational_exponential(self) -> Fraction | None:
        """Give e^value where it may lie on a border between two floats, else None.

        e^head·Π b_k^(e_k) is transcendental for a head ≠ 0 (Baker). Else, as the b_k are coprime, it is rational only
        where each b_k^(e_k) is, and what one of them has above or below the line stays there; so one of more than
        5,000 bits is enough to make it no border.
        """
        if self.head != 0:
            return None
        result = Fraction(1)
        for factor, (power, _) in zip(self._coprime_base(1), self.exponents(1), strict=True):
            root = perfect_root(factor, power.denominator)
            if root is None or abs(power.numerator) * root.bit_length() > 5000:
                return None
            result *= Fraction(root) ** power.numerator
        return result

    def exponents(self, base: int) -> list[tuple[Fraction, int]]:
        """Give the form's and the base's exponent of each integer of a coprime base."""
        return [(self._exponent(factor), valuation(base, factor)) for factor in self._coprime_base(base)]

    def _coprime_base(self, base: int) -> list[int]:
        return coprime_base([base, *(part for _, argument in self.terms for part in argument.as_integer_ratio())])

    def _exponent(self, factor: int) -> Fraction:
        return sum(
            (c * (valuation(r.numerator, factor) - valuation(r.denominator, factor)) for c, r in self.terms),
            Fraction(0),
        )


def mean_surprisal(weighted: Iterable[tuple[Fraction, Fraction]], log_base: LogBase) -> float:
    """Round −Σ weight·log(probability) to the nearest float64, with 0·log 0 = 0 and −log 0 = inf."""
    base_number(log_base)
    pairs = [(weight, value) for weight, value in weighted if weight]
    if any(value == 0 for _, value in pairs):
        return math.inf
    return LogForm(tuple((-weight, value) for weight, value in pairs if value != 1)).nearest(log_base)


@lru_cache(maxsize=64)
def log_of_base(base: int, bits: int) -> Ball:
    """Enclose ln 2 or ln 10."""
    return log_of_ratio(base, 1, bits)


def coprime_base(integers: list[int]) -> list[int]:
    """Give pairwise coprime integers > 1 of whose powers all the given positive integers are products.

    Each step replaces two numbers a, b with a common divisor g by a/g, b/g and g, so their product shrinks by g.
    """
    base: list[int] = []
    waiting = [n for n in set(integers) if n > 1]
    while waiting:
        number = waiting.pop()
        for other in base:
            common = math.gcd(number, other)
            if common > 1:
                base.remove(other)
                waiting.extend(n for n in (number // common, other // common, common) if n > 1)
                break
        else:
            base.append(number)
    return base


def valuation(number: int, factor: int) -> int:
    """Count how often the factor divides the number."""
    count = 0
    while number % factor == 0:
        number //= factor
        count += 1
    return count


def perfect_root(number: int, degree: int) -> int | None:
    """Give the integer whose power of that degree is the number, or None."""
    low, high = 1, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle - 1)
    return low if low**degree == number else None
