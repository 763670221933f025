"""Numbers as pictures write them: short, and with a true minus."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite, isnan
from typing import Final

_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(number: float, digits: int = 4) -> str:
    """Return a number with at most so many significant digits, as 3.4×10⁻⁵ where it is far from 1."""
    if isnan(number):
        return "nan"
    if not isfinite(number):
        return "∞" if number > 0 else "−∞"
    mantissa, _, power = f"{number:.{digits}g}".replace("-", "−").replace("e−", "e-").partition("e")
    return f"{mantissa}×10{str(int(power)).translate(_RAISED)}" if power else mantissa


def shown(number: Decimal | Fraction | float) -> str:
    """Return a number of a problem as the problem shows it, or as `short` does where that would be long."""
    exact = str(number) if isinstance(number, Decimal | Fraction) else repr(number)
    plain = len(exact) <= 6 and not set(exact) & set("Eenif")
    return exact.removesuffix(".0").replace("-", "−") if plain else short(float(number))


def percent(share: float) -> str:
    """Return a share as whole per cents."""
    return f"{100 * share:.0f}%"
