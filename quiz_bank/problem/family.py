"""What a family is, and a variant: one drawing with its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from quiz_bank.problem.parts import ChoicePart, ChoiceSpec, Codes, Convention, Language, Part, PartSpec, Truths, Value, Values

if TYPE_CHECKING:
    from quiz_bank.sampling import Stream

P = TypeVar("P")
"""The parameters of one family: a frozen dataclass whose annotations are the fields of `quiz_bank.parameters`."""


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


def _no_choices(_: Any) -> Mapping[str, Codes]:  # noqa: ANN401 - takes the parameters of any family
    return {}


def _nothing_to_say(_: Any, _key: str, _language: Language) -> str | None:  # noqa: ANN401 - as above
    return None


def _no_expression(_: Any) -> Mapping[str, str]:  # noqa: ANN401 - takes the parameters of any family
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Generic[P]):
    """A way to draw problems of one kind. `package` is the folder that holds its texts, `en.md` and `zh.md`.

    draw: parameters of a level from a stream. truth: the engine's value of each part. convention: what goes with it.
    working: numbers that hints and solution show. expression: an answer that a learner could type for a part.
    degenerate: True for parameters that make a poor problem. check: raises `ParameterError` where fields disagree.
    fallbacks: parameters to serve at a level when every redraw was rejected. variants: how many problems there are.
    few_because: why there are fewer than the bank otherwise asks for, where there are.
    options, items: the codes that a part with options shows. say: a text that the parameters themselves make, or None.
    """

    slug: str
    version: int
    topic: str
    package: str
    levels: Mapping[int, Level]
    parameters: type[P]
    draw: Callable[[Stream, int], P]
    parts: tuple[PartSpec | ChoiceSpec, ...]
    truth: Callable[[P], Truths]
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
    options: Callable[[P], Mapping[str, Codes]] = _no_choices
    items: Callable[[P], Mapping[str, Codes]] = _no_choices
    few_because: str = ""
    say: Callable[[P, str, Language], str | None] = _nothing_to_say

    @property
    def misconception_codes(self) -> tuple[str, ...]:
        """The codes of all misconceptions, in the order in which they are tried."""
        each = ((m.code,) if isinstance(m, Misconception) else m.codes for m in self.misconceptions)
        return tuple(dict.fromkeys(code for some in each for code in some))


class WrongValue(NamedTuple):
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
    parts: tuple[Part | ChoicePart, ...]
    convention: Convention
    wrong: tuple[WrongValue, ...]

    @property
    def numeric(self) -> dict[str, Part]:
        """The numeric parts, by name."""
        return {part.name: part for part in self.parts if isinstance(part, Part)}

    def part(self, name: str) -> Part | ChoicePart:
        """Return the part of that name; KeyError where there is none."""
        return {part.name: part for part in self.parts}[name]

    @property
    def truths(self) -> Truths:
        """The truth of each part, by name."""
        return {part.name: part.truth for part in self.parts}
