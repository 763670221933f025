"""From the text of an answer to its number, or to the reason why it is none."""

import math
import re
from decimal import Decimal
from typing import Final, NamedTuple

from quiz_bank.grading.expression import evaluate
from quiz_bank.grading.fold import Folded, fold
from quiz_bank.grading.names import UNITS
from quiz_bank.grading.unreadable import UnreadableError
from quiz_bank.problem import Unit

__all__ = ["Reading", "Unit", "UnreadableError", "read"]

LONGEST: Final = 200
# Beyond it only the exact decimal would tell a number from 0 or infinity, and nobody computes there.
LARGEST_EXPONENT: Final = 1000

_UNIT = re.compile(rf" *(?<![a-z_])({'|'.join(sorted(UNITS, key=len, reverse=True))}) *\Z")
_decimal = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)").fullmatch
_PLAIN = re.compile(
    r"""
    \ * ([+-]?) \ * ([0-9]+\.?[0-9]* | \.[0-9]+)
    (?: e ([+-]?[0-9]+) | \ *\*\ *10\ *(?:\^|\*\*)\ * (?: ([+-]?[0-9]+) | \(\ *([+-]?[0-9]+)\ *\) ) )?
    \ * (%?) \ *
    """,
    re.VERBOSE,
)


class Reading(NamedTuple):
    """An answer that could be read. Its `value` alone mostly decides; the rest is worked out where it counts.

    Attributes
    ----------
    text : str
        As typed.
    value : float
        The number; it may be infinite, and nan where nan was allowed.
    literal : str or None
        The exact number, as Python writes a plain one (decimal, scientific, percent); None for expressions, fractions, inf and
        nan.
    unit : {"nats", "bits", "dits"} or None
        The unit that was named.
    """

    text: str
    value: float
    literal: str | None
    unit: Unit | None

    @property
    def decimal(self) -> Decimal | None:
        """The exact number of a plain one."""
        return None if self.literal is None else Decimal(self.literal)

    @property
    def significance(self) -> tuple[int, int] | None:
        """How many digits of a plain number count, and the power of ten of the last of them.

        Leading zeros never count, trailing ones only where a point was written. No digit of a zero counts; its last one is the
        last that was written.
        """
        return None if self.literal is None else _significance(self.literal)


def read(text: str, *, unit_allowed: bool = True, nan_allowed: bool = False) -> Reading:
    """Read one number, in any of the ways in which people write one.

    Parameters
    ----------
    text : str
        What was typed; any text at all.
    unit_allowed : bool
        Whether a unit may stand at the end.
    nan_allowed : bool
        Whether nan is a possible answer.

    Raises
    ------
    UnreadableError
        Where the text is no number, with the reason and the place.

    Examples
    --------
    >>> read("0.36 bits").value, read("-ln(0.7)").value
    (0.36, 0.35667494393873245)
    >>> read("3.4×10⁻⁴").decimal
    Decimal('0.00034')
    """
    if (decimal := read_decimal(text)) is not None:
        return decimal
    if len(text) > LONGEST:
        raise UnreadableError("too-long", LONGEST, {"limit": str(LONGEST)})
    folded = fold(text)
    unit, end = _unit(folded, unit_allowed=unit_allowed)
    if plain := _PLAIN.fullmatch(folded.text, 0, end):
        return _read_plain(folded, plain, unit)
    stripped = folded.text[:end].strip()
    if not stripped:
        raise UnreadableError("empty", 0)
    if nan_allowed and stripped == "nan":
        return Reading(text, math.nan, None, unit)
    return Reading(text, evaluate(folded, end), None, unit)


def read_decimal(text: object) -> Reading | None:
    """Read what most people type in a fifth of the time: digits with or without a point and a sign; None for all else."""
    if type(text) is str and len(text) <= LONGEST and _decimal(text):
        return Reading(text, float(text), text, None)
    return None


def _unit(folded: Folded, *, unit_allowed: bool) -> tuple[Unit | None, int]:
    """Return the unit at the end and where the text before it ends."""
    found = _UNIT.search(folded.text)
    if found is None:
        return None, len(folded.text)
    if not unit_allowed:
        raise folded.unreadable("unit-not-here", found.start(1), unit=found[1])
    return UNITS[found[1]], found.start()


def _read_plain(folded: Folded, plain: re.Match[str], unit: Unit | None) -> Reading:
    """Read a decimal, scientific or percent number; its text is handed to the exact conversions as a whole."""
    sign, mantissa, *powers, percent = plain.groups()
    power = int(next(filter(None, powers), "0")) - (2 if percent else 0)
    literal = f"{sign}{mantissa}e{power}"
    value = float(literal)
    if math.isinf(value):
        raise folded.unreadable("overflow", plain.start(2))
    if abs(power) > LARGEST_EXPONENT:
        raise folded.unreadable("exponent-range", plain.start(2), limit=str(LARGEST_EXPONENT))
    return Reading(folded.typed, value, literal, unit)


def _significance(literal: str) -> tuple[int, int]:
    mantissa, _, power = literal.lstrip("+-").partition("e")
    whole, point, fraction = mantissa.partition(".")
    last = int(power or "0") - len(fraction)
    counted = (whole + fraction).lstrip("0")
    if point or not counted:
        return len(counted), last
    significant = counted.rstrip("0")
    return len(significant), last + len(counted) - len(significant)
