"""How JSON becomes the exact parameters of a family, and how these are shown again.

A family declares a frozen dataclass whose annotations are fields (`quiz_bank.parameters.fields`). The same declaration
reads explicit parameters (nothing is rounded, repaired or renormalised: what doesn't fit is refused with its reason),
writes them as they are displayed, and gives their JSON Schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeVar, get_args, get_type_hints

from quiz_bank.problem import Exact

P = TypeVar("P")

LONGEST_NUMBER: Final = 24
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
    if len(text) > LONGEST_NUMBER:
        raise ParameterError(pointer, "number-too-long", longest=LONGEST_NUMBER)
    if fraction := _FRACTION.fullmatch(text):
        if int(fraction[2]) == 0:
            raise ParameterError(pointer, "not-a-number", text=text)
        return Fraction(int(fraction[1]), int(fraction[2]))
    if not _NUMBER.fullmatch(text):
        raise ParameterError(pointer, "not-a-number", text=text)
    return Decimal(text)


@dataclass(frozen=True, slots=True)
class Given:
    """Parameters of another family, as they are displayed there."""

    text: str

    @property
    def raw(self) -> dict[str, Any]:
        """The parameters as JSON has them."""
        raw: dict[str, Any] = json.loads(self.text)
        return raw


def show(value: object) -> object:
    """Return a parameter as JSON shows it: exact numbers as text, vectors as lists, everything else as it is."""
    if isinstance(value, Decimal):
        return format(value, "f") if value.adjusted() >= -12 else str(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return [show(item) for item in value]
    if isinstance(value, Given):
        return value.raw
    return value


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
            pointer = "/" + name.replace("~", "~0").replace("/", "~1")
            raise ParameterError(pointer, "unknown-parameter", known=", ".join(declared))
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
