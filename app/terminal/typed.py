"""From what is typed to what is sent: components, rows and letters. Numbers stay the text that was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, TypeAlias

Value: TypeAlias = str | list[str] | list[list[str]] | dict[str, str]

# The grader's own marks between components, as an English or a Chinese keyboard has them.
_MARKS: Final = re.compile(r"[,;，；、]")
_ROW_ENDS: Final = re.compile(r"[;；\n]|\]\s*[,，]?\s*\[")
_BRACKETS: Final = "[]［］【】"
_NUMBERLESS: Final = frozenset({"inf", "-inf", "+inf", "∞", "-∞", "−∞", "nan", "e", "pi", "π"})


def folded(text: str) -> str:
    """Return what was typed with full-width letters made plain and in lower case, for reading keys and counts."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def components(text: str) -> list[str]:
    """Return the components of a vector that stand in one line.

    Commas and semicolons divide wherever there are any. Spaces divide only where each piece is a number of its own:
    `ln 2 / 3` and `0.5 bits` are one component.
    """
    bare = text.strip().strip(_BRACKETS).strip()
    if _MARKS.search(bare):
        return [piece.strip() for piece in _MARKS.split(bare) if piece.strip()]
    pieces = bare.split()
    return pieces if all(map(_stands_alone, pieces)) else [bare]


def _stands_alone(piece: str) -> bool:
    return any(map(str.isdigit, piece)) or piece.lower() in _NUMBERLESS


def rows(text: str) -> list[list[str]]:
    """Return the rows of a matrix that stand in one line: divided by semicolons, or in brackets of their own."""
    return [components(row) for row in _ROW_ENDS.split(text.strip().strip(_BRACKETS)) if row.strip(_BRACKETS + " ,，")]


def shaped(leaves: Sequence[str], shape: Sequence[int]) -> Value:
    """Return the components of a vector, or of a matrix row by row; what is too much stays in the last row."""
    if len(shape) == 1:
        return list(leaves)
    starts = [row * shape[1] for row in range(shape[0])]
    ends: list[int | None] = [*starts[1:], None]
    return [list(leaves[start:end]) for start, end in zip(starts, ends, strict=True)]


def shown(value: Value) -> str:
    """Return a value as it could be typed again in one line."""
    if isinstance(value, dict):
        return value["text"]
    if isinstance(value, str):
        return value
    return "; ".join(shown(row) for row in value if isinstance(row, list)) or ", ".join(map(str, value))


def at(value: Value, path: Sequence[int]) -> str:
    """Return the text at a place of a value; the whole where the place has none of its own."""
    found: object = value
    for index in path:
        if not isinstance(found, list) or index >= len(found):
            return shown(value)
        found = found[index]
    return found if isinstance(found, str) else shown(value)


def confidence(text: str) -> float | None:
    """Return how sure somebody is, from 0 to 1: a percentage, or a share with a decimal point; None for anything else."""
    plain = folded(text).replace("。", ".").removesuffix("%").strip()
    try:
        number = float(plain)
    except ValueError:
        return None
    is_share = number <= 1 and "." in plain and "%" not in folded(text)
    share = number if is_share else number / 100
    return share if 0 <= share <= 1 else None
