"""The parts of a problem: what is asked, in which kind and unit, and what is right.

Numbers that a learner sees are `Exact`: decimals and fractions whose text
*is* their value, so that no digit can be hidden; truths are the float64 nearest to the exact value, made by the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Final, Literal, TypeAlias, cast

Exact: TypeAlias = Decimal | Fraction
Vector: TypeAlias = tuple[float, ...]
Matrix: TypeAlias = tuple[Vector, ...]
Value: TypeAlias = float | Vector | Matrix
Codes: TypeAlias = tuple[str, ...]
Values: TypeAlias = Mapping[str, Value]
"""A value for each numeric part, by the part's name."""
Truths: TypeAlias = Mapping[str, Value | Codes]
"""What is right for each part, by the part's name."""

LogBase: TypeAlias = Literal["e", "2", "10"]
Unit: TypeAlias = Literal["nats", "bits", "dits"]
NumericKind: TypeAlias = Literal["number", "vector", "matrix"]
ChoiceKind: TypeAlias = Literal["choice", "multi_select", "ordering", "matching", "rubric"]
Kind: TypeAlias = Literal[NumericKind, ChoiceKind]
State: TypeAlias = Literal["right", "wrong", "too_coarse"]
PartResult: TypeAlias = Literal["right", "partly_right", "wrong", "too_coarse"]
Language: TypeAlias = Literal["en", "zh"]

UNIT_OF_BASE: Final[Mapping[LogBase, Unit]] = {"e": "nats", "2": "bits", "10": "dits"}


def components(value: Value) -> Vector:
    """Return the numbers of a scalar, vector or matrix in reading order."""
    if not isinstance(value, tuple):
        return (value,)
    if not (value and isinstance(value[0], tuple)):
        return cast("Vector", value)
    return tuple(chain.from_iterable(value))


def shape(value: Value) -> tuple[int, ...]:
    """Return the shape as NumPy would: () for a scalar, (n,) for a vector, (rows, columns) for a matrix."""
    if not isinstance(value, tuple):
        return ()
    return (len(value), *shape(value[0]))


@dataclass(frozen=True, slots=True)
class Convention:
    """What differs between frameworks and therefore is said with every problem; None where it plays no part."""

    log_base: LogBase | None = None
    reduction: Literal["none", "sum", "mean"] | None = None
    smoothing: str | None = None
    weighting: str | None = None
    zero_log_zero: Literal["0"] | None = None
    clip: Literal["never"] | None = "never"

    def items(self) -> dict[str, str]:
        """Return the conventions that this problem states, by name."""
        names = self.__dataclass_fields__
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One numeric question of a family.

    `in_log_units` gives it the unit that belongs to the problem's log base; with `unit_fixed` no other unit is accepted.
    `special`: the answer may be infinite, nan or zero, which drawn problems otherwise never ask for.
    """

    name: str
    kind: NumericKind = "number"
    in_log_units: bool = False
    significant_digits: int = 3
    unit_fixed: bool = False
    special: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """One question of a family that is answered by picking among options.

    choice: the one that is right. multi_select: all that are. ordering: all, in order. matching: one for each item.
    rubric: the points that one's own words covered; self-assessed, for prose is never graded.
    """

    name: str
    kind: ChoiceKind = "choice"


@dataclass(frozen=True, slots=True)
class ChoicePart:
    """One question with options, by their codes in the order shown; `truth` are the codes that are right.

    For a matching, `truth` has one code for each of `items`.
    """

    spec: ChoiceSpec
    options: Codes
    truth: Codes
    items: Codes = ()

    @property
    def name(self) -> str:
        """The part's name, unique in its family."""
        return self.spec.name

    @property
    def letters(self) -> dict[str, str]:
        """The code of each option by the letter that it is shown with."""
        return dict(zip("abcdefghijklmnopqrstuvwxyz", self.options, strict=False))


@dataclass(frozen=True, slots=True)
class Part:
    """One numeric question of a variant, with its truth."""

    spec: PartSpec
    truth: Value
    unit: Unit | None

    @property
    def name(self) -> str:
        """The part's name, unique in its family."""
        return self.spec.name
