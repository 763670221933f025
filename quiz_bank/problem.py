"""What a problem is: a family draws parameters, a variant is one drawing with its truth, a verdict judges an answer.

Everything here is frozen and free of I/O. Numbers that a learner sees are `Exact`: decimals and fractions whose text
*is* their value, so that no digit can be hidden; truths are the float64 nearest to the exact value, made by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from quiz_bank.sampling import Stream

Exact: TypeAlias = Decimal | Fraction
Vector: TypeAlias = tuple[float, ...]
Matrix: TypeAlias = tuple[Vector, ...]
Value: TypeAlias = float | Vector | Matrix
Values: TypeAlias = Mapping[str, Value]
"""A value for each part, by the part's name."""

LogBase: TypeAlias = Literal["e", "2", "10"]
Unit: TypeAlias = Literal["nats", "bits", "dits"]
Kind: TypeAlias = Literal["number", "vector", "matrix"]
State: TypeAlias = Literal["right", "wrong", "too_coarse"]
PartResult: TypeAlias = Literal["right", "partly_right", "wrong", "too_coarse"]
Language: TypeAlias = Literal["en", "zh"]

UNIT_OF_BASE: Final[Mapping[LogBase, Unit]] = {"e": "nats", "2": "bits", "10": "dits"}

P = TypeVar("P")
"""The parameters of one family: a frozen dataclass whose annotations are the fields of `quiz_bank.parameters`."""


def components(value: Value) -> Vector:
    """Return the numbers of a scalar, vector or matrix in reading order."""
    if not isinstance(value, tuple):
        return (value,)
    return tuple(number for item in value for number in components(item))


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
    """One question of a family. `in_log_units` gives it the unit that belongs to the problem's log base."""

    name: str
    kind: Kind = "number"
    in_log_units: bool = False
    significant_digits: int = 3
    unit_fixed: bool = False
    nan_possible: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a variant, with its truth."""

    spec: PartSpec
    truth: Value
    unit: Unit | None

    @property
    def name(self) -> str:
        """The part's name, unique in its family."""
        return self.spec.name


@dataclass(frozen=True, slots=True)
class Misconception(Generic[P]):
    """A wrong computation on the same parameters; a list is several values that the same mistake can give.

    Plain floats are good enough here: the value is compared at a few digits.
    """

    code: str
    recipe: Callable[[P], Value | list[float]]
    part: str


@dataclass(frozen=True, slots=True)
class SharedMisconception:
    """Wrong computations that start from the truth itself, such as a flipped sign: the value of each code for a part.

    They apply to every part of a family, or to the parts named.
    """

    codes: tuple[str, ...]
    recipe: Callable[[Part], Mapping[str, Value]]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carry(Generic[P]):
    """How `part` follows from the parts in `uses`: marks it anew with the learner's own earlier numbers."""

    part: str
    uses: tuple[str, ...]
    recipe: Callable[[P, Values], Value]


@dataclass(frozen=True, slots=True)
class Identity(Generic[P]):
    """An equation between parts; `residual` is by how much given values break it (zero where it holds)."""

    code: str
    parts: tuple[str, ...]
    residual: Callable[[P, Values], float]


@dataclass(frozen=True, slots=True)
class Level:
    """How hard: the time that an interviewer would give, and whether heads or a scientific calculator do it."""

    seconds: int
    tool: Literal["mental", "calculator"] = "calculator"


def _no_working(_: Any) -> Mapping[str, object]:  # noqa: ANN401 - takes the parameters of any family
    return {}


def _nothing_degenerate(_: Any) -> bool:  # noqa: ANN401 - takes the parameters of any family
    return False


def _no_expression(_: Any) -> Mapping[str, str]:  # noqa: ANN401 - takes the parameters of any family
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Generic[P]):
    """A way to draw problems of one kind. `package` is the folder that holds its texts, `en.md` and `zh.md`.

    draw: parameters of a level from a stream. truth: the engine's value of each part. convention: what goes with it.
    working: numbers that hints and solution show. expression: an answer that a learner could type for a part.
    degenerate: True for parameters that make a poor problem. check: raises `ParameterError` where fields disagree.
    fallbacks: parameters to serve at a level when every redraw was rejected. variants: how many problems there are.
    """

    slug: str
    version: int
    topic: str
    package: str
    levels: Mapping[int, Level]
    parameters: type[P]
    draw: Callable[[Stream, int], P]
    parts: tuple[PartSpec, ...]
    truth: Callable[[P], Values]
    convention: Callable[[P], Convention]
    misconceptions: tuple[Misconception[P] | SharedMisconception, ...]
    variants: int
    fallbacks: Mapping[int, P]
    check: Callable[[P], None] | None = None
    presets: Mapping[str, P] = field(default_factory=dict)
    preset_levels: Mapping[str, int] = field(default_factory=dict)
    carried: tuple[Carry[P], ...] = ()
    identities: tuple[Identity[P], ...] = ()
    working: Callable[[P], Mapping[str, object]] = _no_working
    expression: Callable[[P], Mapping[str, str]] = _no_expression
    degenerate: Callable[[P], bool] = _nothing_degenerate

    @property
    def misconception_codes(self) -> tuple[str, ...]:
        """The codes of all misconceptions, in the order in which they are tried."""
        each = ((m.code,) if isinstance(m, Misconception) else m.codes for m in self.misconceptions)
        return tuple(dict.fromkeys(code for some in each for code in some))


@dataclass(frozen=True, slots=True)
class WrongValue:
    """What a misconception gives on a variant; `shared` where it was made from the truth."""

    part: str
    code: str
    value: Value
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Variant(Generic[P]):
    """One problem: parameters as displayed, parts with their truths, and the wrong values that the diagnosis knows."""

    family: Family[P]
    level: int
    parameters: P
    parts: tuple[Part, ...]
    convention: Convention
    wrong: tuple[WrongValue, ...]

    def part(self, name: str) -> Part:
        """Return the part of that name; KeyError where there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)

    @property
    def truths(self) -> Values:
        """The truth of each part, by name."""
        return {part.name: part.truth for part in self.parts}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a number is wrong: the first misconception that gives it, and the others that would too."""

    code: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """What the answer to one part got.

    `states` has one entry for each component. `other_unit` names the unit that was typed where it isn't the part's own,
    `carried_from` the parts from whose submitted numbers this one follows, `identity` the equation that it breaks and
    by how much.
    """

    name: str
    result: PartResult
    submitted: object
    read_as: Value
    states: tuple[State, ...]
    diagnosis: Diagnosis | None = None
    other_unit: Unit | None = None
    carried_from: tuple[str, ...] = ()
    identity: tuple[str, float] | None = None

    @property
    def credit(self) -> float:
        """The share of right components."""
        return self.states.count("right") / len(self.states)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole attempt got: `credit` is the mean over the parts."""

    result: PartResult
    credit: float
    parts: tuple[PartVerdict, ...]
