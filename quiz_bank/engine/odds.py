"""One logit, seen from the side that it favours.

With E = e^(−|z|) the less likely side has the probability τ = E/(1 + E), the other one 1 − τ. The losses are
−ln(1 − τ) = ln(1 + E) and −ln τ = |z| + ln(1 + E). Nothing in these cancels.

For a rational z ≠ 0, E is transcendental (Lindemann), and a non-constant rational function of E with rational
coefficients has an irrational value; so has ln(1 + E), as 1 + E = e^q would make exponentials of distinct rational
numbers linearly dependent. For z = 0, E is exactly 1.

References
----------
A. Baker, *Transcendental Number Theory*, Cambridge University Press 1975, theorem 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from quiz_bank.engine.enclosure import Ball, exp_of_ratio
from quiz_bank.engine.exact import Exact, is_infinite, read_rational


@dataclass(frozen=True, slots=True)
class Odds:
    """A logit's sign and exact size; a size of None is infinite."""

    positive: bool
    size: Fraction | None

    @property
    def even(self) -> bool:
        """Say whether both sides are equally likely: z = 0."""
        return self.size == 0

    def power(self, bits: int) -> Ball:
        """Enclose E."""
        if self.size is None:
            return Ball(0, 0, 0, bits)
        return exp_of_ratio(-self.size.numerator, self.size.denominator, bits)

    def minority(self, bits: int) -> Ball:
        """Enclose τ."""
        power = self.power(bits)
        return power / (Ball(1, 0, 0, bits) + power)

    def signed_minority(self, bits: int) -> Ball:
        """Enclose σ(z) less its limit, 1 or 0: −τ for z > 0, else τ."""
        minority = self.minority(bits)
        return -minority if self.positive else minority

    def distance(self, target: Fraction) -> Fraction:
        """Give how far a target lies from the side that the logit favours."""
        return 1 - target if self.positive else target


def read_odds(logit: Exact, name: str) -> Odds:
    """Read a logit that may be infinite.

    Raises
    ------
    ValueError
        For nan, and for a number that is too long.
    """
    if is_infinite(logit):
        return Odds(logit > 0, None)
    value = read_rational(logit, name)
    return Odds(value > 0, abs(value))
