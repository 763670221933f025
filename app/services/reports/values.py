"""Answers and truths as text on one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DIGITS: Final = 6
"""Significant digits of a truth: three more than answers need."""


def values_text(values: Mapping[str, object]) -> str:
    """Return a value for each part as text: `0.357`, or `entropy = 0.611; kl = [0.1, 0.2]` where there are several parts."""
    if len(values) == 1:
        return value_text(next(iter(values.values())))
    return "; ".join(f"{name} = {value_text(value)}" for name, value in values.items())


def value_text(value: object) -> str:
    """Return a value as JSON holds it as text: lists in brackets, text as it was typed, floats to six significant digits."""
    if isinstance(value, list):
        return "[" + ", ".join(map(value_text, value)) + "]"
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else str(value)
