"""The kinds of parameters that families take; each refuses what doesn't fit, with its place and its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal, TypeAlias, TypeVar, get_args

from quiz_bank.parameters.core import LONGEST_NUMBER, Field, Given, ParameterError, exact, show
from quiz_bank.problem import Exact, LogBase

T = TypeVar("T")

MOST_COMPONENTS: Final = 10
LARGEST_NUMBER: Final = 10**6
SMALLEST_NUMBER: Final = Fraction(1, 10**100)
_DECIMALS: Final = Context(prec=40)
_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def _number(raw: object, pointer: str) -> Exact:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ParameterError(pointer, "number-expected")
    number = exact(raw if isinstance(raw, str) else repr(raw), pointer)
    if not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
        raise ParameterError(pointer, "number-too-large", largest=LARGEST_NUMBER)
    if number != 0 and abs(Fraction(number)) < SMALLEST_NUMBER:
        raise ParameterError(pointer, "number-too-small")
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
    _must_sum_to_one(probabilities, pointer)
    return probabilities


def _must_sum_to_one(probabilities: Iterable[Exact], pointer: str) -> None:
    total = sum((Fraction(p) for p in probabilities), Fraction(0))
    if total != 1:
        raise ParameterError(pointer, "sum-not-one", total=_decimal_text(total), off=_decimal_text(total - 1, sign=True))


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
    """Return a number as a decimal: exact where it has one of 40 digits, as every sum of decimals has."""
    exact_text = _DECIMALS.divide(Decimal(number.numerator), Decimal(number.denominator)).normalize(_DECIMALS)
    return format(exact_text, "+f" if sign else "f")


def _number_schema(**limits: object) -> dict[str, object]:
    text = {
        "type": "string",
        "pattern": "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?$|^[+-]?\\d+/\\d+$",
        "maxLength": LONGEST_NUMBER,
    }
    return {"anyOf": [text, {"type": "number", **limits}]}


def _list_schema(items: Mapping[str, object], least: int, description: str) -> dict[str, object]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": MOST_COMPONENTS, "description": description}


def _list_of(read: Callable[[object, str], T], least: int) -> Callable[[object, str], tuple[T, ...]]:
    return lambda raw, pointer: _several(read, raw, pointer, least)


def _count(raw: object, pointer: str) -> int:
    number = _number(raw, pointer)
    if number < 0 or number != int(number):
        raise ParameterError(pointer, "count-expected")
    return int(number)


def _non_negative(raw: object, pointer: str) -> Exact:
    number = _number(raw, pointer)
    if number < 0:
        raise ParameterError(pointer, "non-negative-expected", number=show(number))
    return number


def _rows_of(read: Callable[[object, str], T]) -> Callable[[object, str], tuple[tuple[T, ...], ...]]:
    def rows(raw: object, pointer: str) -> tuple[tuple[T, ...], ...]:
        found = _several(_list_of(read, 1), raw, pointer, 1)
        if len({len(row) for row in found}) > 1:
            raise ParameterError(pointer, "rows-differ")
        return found

    return rows


def _joint(raw: object, pointer: str) -> tuple[tuple[Exact, ...], ...]:
    table = _rows_of(_probability)(raw, pointer)
    _must_sum_to_one([p for row in table for p in row], pointer)
    return table


def _code(raw: object, pointer: str) -> str:
    if not isinstance(raw, str) or not _CODE.fullmatch(raw):
        raise ParameterError(pointer, "code-expected")
    return raw


def _given(raw: object, pointer: str) -> Given:
    if not isinstance(raw, Mapping):
        raise ParameterError(pointer, "object-expected")
    return Given(json.dumps(raw, ensure_ascii=False))


def one_of(*choices: str) -> Field:
    """Return the field of a text that is one of several; for `Annotated[Literal[...], one_of(...)]`."""

    def read(raw: object, pointer: str) -> str:
        if raw not in choices:
            raise ParameterError(pointer, "choice-expected", choices=", ".join(choices))
        return str(raw)

    return Field(read, {"enum": list(choices)})


_REAL: Final = _number_schema(minimum=-LARGEST_NUMBER, maximum=LARGEST_NUMBER)
_UNIT_INTERVAL: Final = _number_schema(minimum=0, maximum=1)
_NON_NEGATIVE: Final = _number_schema(minimum=0, maximum=LARGEST_NUMBER)
_POSITIVE: Final = _number_schema(exclusiveMinimum=0, maximum=LARGEST_NUMBER)
_INDEX: Final = {"type": "integer", "minimum": 0, "maximum": MOST_COMPONENTS - 1}
_CODE_SCHEMA: Final = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
_COUNT: Final = {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER}


def _rows_schema(items: Mapping[str, object], description: str) -> dict[str, object]:
    return _list_schema(_list_schema(items, 1, "one row"), 1, description)


Real: TypeAlias = Annotated[Exact, Field(_number, _REAL)]
Positive: TypeAlias = Annotated[Exact, Field(_positive, _POSITIVE)]
NonNegative: TypeAlias = Annotated[Exact, Field(_non_negative, _NON_NEGATIVE)]
Probability: TypeAlias = Annotated[Exact, Field(_probability, _UNIT_INTERVAL)]
Count: TypeAlias = Annotated[int, Field(_count, _COUNT)]
Label: TypeAlias = Annotated[int, Field(_label, {"enum": [0, 1]})]
ClassIndex: TypeAlias = Annotated[int, Field(_class_index, _INDEX)]
Base: TypeAlias = Annotated[LogBase, Field(_log_base, {"enum": list(get_args(LogBase))})]
Reduction: TypeAlias = Annotated[Literal["none", "sum", "mean"], one_of("none", "sum", "mean")]
FloatType: TypeAlias = Annotated[Literal["float32", "float64"], one_of("float32", "float64")]

Code: TypeAlias = Annotated[str, Field(_code, _CODE_SCHEMA)]
Codes: TypeAlias = Annotated[tuple[str, ...], Field(_list_of(_code, 1), _list_schema(_CODE_SCHEMA, 1, "codes, in order"))]
GivenParameters: TypeAlias = Annotated[Given, Field(_given, {"type": "object"})]

Distribution: TypeAlias = Annotated[
    tuple[Exact, ...], Field(_distribution, _list_schema(_UNIT_INTERVAL, 2, "probabilities that sum to 1 exactly"))
]
OneHot: TypeAlias = Annotated[tuple[Exact, ...], Field(_one_hot, _list_schema(_UNIT_INTERVAL, 2, "a single 1 and otherwise 0"))]
Logits: TypeAlias = Annotated[tuple[Exact, ...], Field(_list_of(_number, 2), _list_schema(_REAL, 2, "a logit for each class"))]
BinaryLogits: TypeAlias = Annotated[
    tuple[Exact, ...], Field(_list_of(_number, 1), _list_schema(_REAL, 1, "a logit for each label"))
]
Reals: TypeAlias = Annotated[tuple[Exact, ...], Field(_list_of(_number, 1), _list_schema(_REAL, 1, "numbers"))]
NonNegatives: TypeAlias = Annotated[
    tuple[Exact, ...], Field(_list_of(_non_negative, 1), _list_schema(_NON_NEGATIVE, 1, "numbers that are not below 0"))
]
Weights: TypeAlias = Annotated[
    tuple[Exact, ...], Field(_list_of(_positive, 1), _list_schema(_POSITIVE, 1, "a weight above 0 for each class"))
]
Probabilities: TypeAlias = Annotated[
    tuple[Exact, ...], Field(_list_of(_probability, 1), _list_schema(_UNIT_INTERVAL, 1, "independent probabilities"))
]
Labels: TypeAlias = Annotated[
    tuple[int, ...], Field(_list_of(_label, 1), _list_schema({"enum": [0, 1]}, 1, "0 or 1 for each label"))
]
ClassIndices: TypeAlias = Annotated[
    tuple[int, ...], Field(_list_of(_class_index, 1), _list_schema(_INDEX, 1, "the class of each sample"))
]
Counts: TypeAlias = Annotated[tuple[int, ...], Field(_list_of(_count, 1), _list_schema(_COUNT, 1, "how many of each"))]
CountTable: TypeAlias = Annotated[tuple[tuple[int, ...], ...], Field(_rows_of(_count), _rows_schema(_COUNT, "rows of counts"))]
RealRows: TypeAlias = Annotated[
    tuple[tuple[Exact, ...], ...], Field(_rows_of(_number), _rows_schema(_REAL, "one row for each sample"))
]
DistributionRows: TypeAlias = Annotated[
    tuple[tuple[Exact, ...], ...],
    Field(_list_of(_distribution, 1), _rows_schema(_UNIT_INTERVAL, "one distribution for each sample")),
]
JointTable: TypeAlias = Annotated[
    tuple[tuple[Exact, ...], ...], Field(_joint, _rows_schema(_UNIT_INTERVAL, "joint probabilities that sum to 1 exactly"))
]


def one_hot(index: int, classes: int) -> tuple[Exact, ...]:
    """Return the one-hot target of a class: 1 at the index, 0 elsewhere."""
    return tuple(Decimal(int(i == index)) for i in range(classes))
