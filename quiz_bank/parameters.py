"""Parameters of a problem: what a family takes, how JSON becomes exact numbers, and how these are shown again.

A family declares a frozen dataclass whose annotations are the fields below. The same declaration reads explicit
parameters (nothing is rounded, repaired or renormalised: what doesn't fit is refused with its reason), writes them as
they are displayed, and gives their JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Final, TypeAlias, TypeVar, get_args, get_type_hints

from quiz_bank.problem import Exact, LogBase

P = TypeVar("P")
T = TypeVar("T")

MOST_COMPONENTS: Final = 10
_LONGEST_NUMBER: Final = 24
_LARGEST_NUMBER: Final = 10**6
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_FRACTION: Final = re.compile(r"([+-]?\d+)/(\d+)", re.ASCII)


class ParameterError(ValueError):
    """Parameters that make no problem: which field (a pointer below the parameters), a stable code and its numbers."""

    def __init__(self, pointer: str, code: str, **values: object) -> None:
        super().__init__(f"{pointer}: {code} {values}")
        self.pointer = pointer
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Field:
    """How one kind of parameter is read from JSON and described; `read` gets the pointer for its complaints."""

    read: Callable[[object, str], Any]
    schema: Mapping[str, object]


def exact(text: str, pointer: str = "") -> Exact:
    """Return the exact number that a text shows: a decimal with its digits as written, or a fraction."""
    if len(text) > _LONGEST_NUMBER:
        raise ParameterError(pointer, "number-too-long", longest=_LONGEST_NUMBER)
    if fraction := _FRACTION.fullmatch(text):
        if int(fraction[2]) == 0:
            raise ParameterError(pointer, "not-a-number", text=text)
        return Fraction(int(fraction[1]), int(fraction[2]))
    if not _NUMBER.fullmatch(text):
        raise ParameterError(pointer, "not-a-number", text=text)
    return Decimal(text)


def one_hot(index: int, classes: int) -> tuple[Exact, ...]:
    """Return the one-hot target of a class: 1 at the index, 0 elsewhere."""
    return tuple(Decimal(int(i == index)) for i in range(classes))


def show(value: object) -> object:
    """Return a parameter as JSON shows it: exact numbers as text, vectors as lists, everything else as it is."""
    if isinstance(value, Decimal):
        return format(value, "f") if value.adjusted() >= -12 else str(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return [show(item) for item in value]
    return value


def _number(raw: object, pointer: str) -> Exact:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ParameterError(pointer, "number-expected")
    number = exact(raw if isinstance(raw, str) else repr(raw), pointer)
    if not -_LARGEST_NUMBER <= number <= _LARGEST_NUMBER:
        raise ParameterError(pointer, "number-too-large", largest=_LARGEST_NUMBER)
    return number


def _probability(raw: object, pointer: str) -> Exact:
    number = _number(raw, pointer)
    if number < 0 or number > 1:
        raise ParameterError(pointer, "probability-range", number=show(number))
    return number


def _positive(raw: object, pointer: str) -> Exact:
    number = _number(raw, pointer)
    if number <= 0:
        raise ParameterError(pointer, "positive-expected", number=show(number))
    return number


def _label(raw: object, pointer: str) -> int:
    if isinstance(raw, bool) or raw not in (0, 1, "0", "1"):
        raise ParameterError(pointer, "label-expected")
    return int(str(raw))


def _class_index(raw: object, pointer: str) -> int:
    if isinstance(raw, str) and re.fullmatch(r"\d{1,3}", raw, re.ASCII):
        return int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise ParameterError(pointer, "class-index-expected")
    return raw


def _several(read: Callable[[object, str], T], raw: object, pointer: str, least: int) -> tuple[T, ...]:
    if not isinstance(raw, list | tuple):
        raise ParameterError(pointer, "list-expected")
    if not least <= len(raw) <= MOST_COMPONENTS:
        raise ParameterError(pointer, "list-length", length=len(raw), least=least, most=MOST_COMPONENTS)
    return tuple(read(item, f"{pointer}/{i}") for i, item in enumerate(raw))


def _distribution(raw: object, pointer: str) -> tuple[Exact, ...]:
    probabilities = _several(_probability, raw, pointer, 2)
    total = sum((Fraction(p) for p in probabilities), Fraction(0))
    if total != 1:
        raise ParameterError(pointer, "sum-not-one", total=_decimal_text(total), off=_decimal_text(total - 1, sign=True))
    return probabilities


def _one_hot(raw: object, pointer: str) -> tuple[Exact, ...]:
    target = _distribution(raw, pointer)
    if max(target) != 1:
        raise ParameterError(pointer, "one-hot-expected")
    return target


def _log_base(raw: object, pointer: str) -> LogBase:
    for base in get_args(LogBase):
        if raw == base or (not isinstance(raw, bool) and isinstance(raw, int) and str(raw) == base):
            return base  # type: ignore[no-any-return]  # get_args gives the literals of LogBase, typed as Any
    raise ParameterError(pointer, "log-base-expected")


def _decimal_text(number: Fraction, *, sign: bool = False) -> str:
    return format(Decimal(f"{float(number):.6g}"), "+f" if sign else "f")


def _number_schema(**limits: object) -> dict[str, object]:
    text = {
        "type": "string",
        "pattern": "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?$|^[+-]?\\d+/\\d+$",
        "maxLength": _LONGEST_NUMBER,
    }
    return {"anyOf": [text, {"type": "number", **limits}]}


def _list_schema(items: Mapping[str, object], least: int, description: str) -> dict[str, object]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": MOST_COMPONENTS, "description": description}


_REAL: Final = _number_schema(minimum=-_LARGEST_NUMBER, maximum=_LARGEST_NUMBER)
_UNIT_INTERVAL: Final = _number_schema(minimum=0, maximum=1)

Real: TypeAlias = Annotated[Exact, Field(_number, _REAL)]
Positive: TypeAlias = Annotated[Exact, Field(_positive, _number_schema(exclusiveMinimum=0, maximum=_LARGEST_NUMBER))]
Probability: TypeAlias = Annotated[Exact, Field(_probability, _UNIT_INTERVAL)]
Distribution: TypeAlias = Annotated[
    tuple[Exact, ...], Field(_distribution, _list_schema(_UNIT_INTERVAL, 2, "probabilities that sum to 1 exactly"))
]
OneHot: TypeAlias = Annotated[tuple[Exact, ...], Field(_one_hot, _list_schema(_UNIT_INTERVAL, 2, "a single 1 and otherwise 0"))]
Logits: TypeAlias = Annotated[
    tuple[Exact, ...],
    Field(lambda raw, at: _several(_number, raw, at, 2), _list_schema(_REAL, 2, "one logit for each class")),
]
BinaryLogits: TypeAlias = Annotated[
    tuple[Exact, ...],
    Field(lambda raw, at: _several(_number, raw, at, 1), _list_schema(_REAL, 1, "one logit for each label")),
]
Labels: TypeAlias = Annotated[
    tuple[int, ...],
    Field(lambda raw, at: _several(_label, raw, at, 1), _list_schema({"enum": [0, 1]}, 1, "0 or 1 for each label")),
]
Label: TypeAlias = Annotated[int, Field(_label, {"enum": [0, 1]})]
ClassIndex: TypeAlias = Annotated[int, Field(_class_index, {"type": "integer", "minimum": 0, "maximum": MOST_COMPONENTS - 1})]
Base: TypeAlias = Annotated[LogBase, Field(_log_base, {"enum": list(get_args(LogBase))})]


_DECLARED: Final[dict[type, dict[str, tuple[Field, bool]]]] = {}


def _declared(kind: type) -> dict[str, tuple[Field, bool]]:
    if kind not in _DECLARED:
        hints = get_type_hints(kind, include_extras=True)
        _DECLARED[kind] = {f.name: (get_args(hints[f.name])[-1], f.default is MISSING) for f in fields(kind)}
    return _DECLARED[kind]


def read_parameters(kind: type[P], raw: Mapping[str, object]) -> P:
    """Return the parameters of class `kind` that JSON gives; ParameterError at the first field that doesn't fit."""
    declared = _declared(kind)
    for name in raw:
        if name not in declared:
            raise ParameterError(f"/{name}", "unknown-parameter", known=", ".join(declared))
    for name, (_, required) in declared.items():
        if required and name not in raw:
            raise ParameterError(f"/{name}", "missing-parameter")
    return kind(**{name: declared[name][0].read(value, f"/{name}") for name, value in raw.items()})


def show_parameters(parameters: object) -> dict[str, object]:
    """Return parameters as JSON displays them; `read_parameters` gives the same object back."""
    return {name: show(getattr(parameters, name)) for name in _declared(type(parameters))}


def schema(kind: type) -> dict[str, object]:
    """Return the JSON Schema of a family's explicit parameters."""
    declared = _declared(kind)
    return {
        "type": "object",
        "properties": {name: dict(field.schema) for name, (field, _) in declared.items()},
        "required": [name for name, (_, required) in declared.items() if required],
        "additionalProperties": False,
    }


def same_length(parameters: object, first: str, second: str) -> None:
    """Complain unless two vectors have one length."""
    expected, found = len(getattr(parameters, first)), len(getattr(parameters, second))
    if expected != found:
        raise ParameterError(f"/{second}", "length-differs", other=first, expected=expected, found=found)


def index_within(parameters: object, index: str, vector: str) -> None:
    """Complain unless a class index points into a vector."""
    classes = len(getattr(parameters, vector))
    if getattr(parameters, index) >= classes:
        raise ParameterError(f"/{index}", "index-out-of-range", other=vector, last=classes - 1)
