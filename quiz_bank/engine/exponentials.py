"""The sums of exponentials that softmax, logsumexp and their losses are made of.

With m the largest logit, n the number of logits that equal it, d_j = (z_j − m)/T ≤ 0 and E_j = e^(d_j):
R = Σ E_j over d_j < 0, D = n + R and L = ln D. R, D and L are sums of positive numbers, so each is known to a small
relative error, and every result is an exact part plus a product or quotient of these: logsumexp = m + L,
cross-entropy = (m − z_t)/T + L, softmax = E_j/D, which for a largest logit is 1/n − R/(n·D).

Which results are rational follows from the Lindemann-Weierstrass theorem: exponentials of distinct rational numbers are
linearly independent over the rationals.

- E_j/D = q means E_j − q·Σ E_k = 0, so there is one distinct exponent: all unmasked logits are equal and q = 1/n. There R
  is an exact 0, and the exact part is all there is.
- Σ w_n·ln D_n = q with weights w_n ≥ 0 and a common denominator N means Π D_n^(N·w_n) = e^(N·q). The product is a sum of
  exponentials with positive coefficients whose largest exponent is 0. So every D_n that counts has one distinct
  exponent, is an integer, and is 1: a single unmasked logit, where L is an exact 0.

References
----------
P. Blanchard, D. J. Higham, N. J. Higham, "Accurately computing the log-sum-exp and softmax functions", IMA Journal of
Numerical Analysis 41 (2021), 2311-2330.
A. Baker, *Transcendental Number Theory*, Cambridge University Press 1975, theorem 1.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from quiz_bank.engine.enclosure import Ball, exp_of_ratio
from quiz_bank.engine.exact import Exact, check_size, is_infinite, over_common_denominator, read_positive, read_ratio
from quiz_bank.engine.rounding import round_sum
from quiz_bank.engine.sums import weighted_sum

_ONE = Fraction(1)


@dataclass(frozen=True)  # not slotted: what is asked for is computed once and kept
class Sums:
    """The sums at one precision."""

    ties: int  # n
    exponentials: tuple[Ball, ...]  # 0 where d_j = 0 or masked: what R is made of
    rest: Ball  # R

    @cached_property
    def total(self) -> Ball:
        """Enclose D."""
        return Ball(self.ties, 0, 0, self.rest.bits) + self.rest

    @cached_property
    def log_total(self) -> Ball:
        """Enclose L."""
        return self.rest.log1p() if self.ties == 1 else self.total.log()

    @cached_property
    def shares(self) -> tuple[Ball, ...]:
        """Enclose E_j/D for each logit, 0 for the largest ones."""
        inverse = Ball(1, 0, 0, self.rest.bits) / self.total
        return tuple(exponential * inverse for exponential in self.exponentials)

    @cached_property
    def leaders_loss(self) -> Ball:
        """Enclose R/(n·D), what a largest logit's probability lacks of 1/n."""
        return self.rest / (Ball(self.ties, 0, 0, self.rest.bits) * self.total)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Exact differences to the largest logit, d_j = −gaps_j/denominator, and the sums made of them.

    A gap of None is a mask: the logit −inf, whose exponential is exactly 0.
    """

    gaps: tuple[int | None, ...]
    denominator: int
    ties: int  # n
    temperature: Fraction  # T
    _sums: dict[int, Sums] = field(default_factory=dict, compare=False)

    def gap(self, index: int) -> Fraction | None:
        """Give (m − z_j)/T exactly, None for a mask."""
        gap = self.gaps[index]
        return None if gap is None else Fraction(gap, self.denominator)

    def sums(self, bits: int) -> Sums:
        """Enclose the sums; computed once for each precision, so a loss and its gradient share them."""
        if bits not in self._sums:
            self._sums[bits] = self._compute(bits)
        return self._sums[bits]

    def base(self, index: int) -> Fraction:
        """Give what the probability is near to: 1/n for a largest logit, else 0."""
        return Fraction(1, self.ties) if self.gaps[index] == 0 else Fraction(0)

    def deviation(self, index: int, bits: int) -> Ball:
        """Enclose the probability less its base: −R/(n·D) for a largest logit, else E_j/D."""
        sums = self.sums(bits)
        return -sums.leaders_loss if self.gaps[index] == 0 else sums.shares[index]

    def probability(self, index: int, bits: int) -> Ball:
        """Enclose p_j with a small relative error."""
        sums = self.sums(bits)
        return Ball(1, 0, 0, bits) / sums.total if self.gaps[index] == 0 else sums.shares[index]

    def complement(self, index: int, bits: int) -> Ball:
        """Enclose 1 − p_j with a small relative error."""
        sums = self.sums(bits)
        if self.gaps[index] == 0:
            return (Ball(self.ties - 1, 0, 0, bits) + sums.rest) / sums.total
        return Ball(1, 0, 0, bits) - sums.shares[index]

    def nearest_share(self, index: int, factor: Fraction, offset: Fraction) -> float:
        """Round factor·p_j + offset; what cancels between the probability's base and the offset is exact."""
        if self.gaps[index] == 0:
            offset += factor if self.ties == 1 else factor / self.ties

        def tail(bits: int) -> Ball:
            deviation = self.deviation(index, bits)
            return deviation if factor == 1 else deviation * Ball.of_ratio(*factor.as_integer_ratio(), bits)

        return round_sum(offset, tail)

    def _compute(self, bits: int) -> Sums:
        zero = Ball(0, 0, 0, bits)
        exponentials = tuple(exp_of_ratio(-gap, self.denominator, bits) if gap else zero for gap in self.gaps)
        return Sums(self.ties, exponentials, weighted_sum([(_ONE, power) for power in exponentials], bits))


def read_logits(logits: Sequence[Exact]) -> list[tuple[int, int] | None]:
    """Give each logit as a ratio, None for −inf.

    Raises
    ------
    ValueError
        For an empty or too long vector, for nan and for +inf: a softmax with an infinite logit has no value.
    """
    check_size(logits, "logits")
    return [_read_logit(logit, f"logits[{index}]") for index, logit in enumerate(logits)]


def _read_logit(logit: Exact, name: str) -> tuple[int, int] | None:
    if is_infinite(logit):
        if logit > 0:
            raise ValueError(f"{name} must be finite or -inf, not {logit}")
        return None
    return read_ratio(logit, name)


def gaps_of(logits: Sequence[Exact], temperature: Exact = 1) -> Gaps:
    """Read logits and divide their differences by the temperature.

    Raises
    ------
    ValueError
        As `read_logits`; also when every logit is −inf, and for a temperature that is not positive.
    """
    ratios = read_logits(logits)
    divisor = read_positive(temperature, "temperature")
    numerators, denominator = over_common_denominator(pair for pair in ratios if pair is not None)
    if not numerators:
        raise ValueError("logits must not all be -inf")
    largest = max(numerators)
    unmasked = iter(numerators)
    gaps = tuple(None if pair is None else (largest - next(unmasked)) * divisor.denominator for pair in ratios)
    return Gaps(gaps, denominator * divisor.numerator, gaps.count(0), divisor)
