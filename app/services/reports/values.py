"""Answers and truths as text on one line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial


def values_text(values: Mapping[str, object], digits: int | None = None) -> str:
    """Return a value for each part as text: `0.357`, or `entropy = 0.611; kl = [0.1, 0.2]` where there are several parts."""
    if len(values) == 1:
        return value_text(next(iter(values.values())), digits)
    return "; ".join(f"{name} = {value_text(value, digits)}" for name, value in values.items())


def value_text(value: object, digits: int | None = None) -> str:
    """Return a value of JSON as text: lists in brackets, text as it was typed, floats to so many significant digits.

    Of a rubric it is the points that were ticked.
    """
    if isinstance(value, Mapping):
        return value_text(value["points"])
    if isinstance(value, list):
        return "[" + ", ".join(map(partial(value_text, digits=digits), value)) + "]"
    return f"{value:.{digits}g}" if digits and isinstance(value, float) else str(value)


def own_words(values: Mapping[str, object]) -> str:
    """Return the prose beside a rubric; empty where there is no rubric, or nothing was written."""
    return "\n".join(str(value["text"]) for value in values.values() if isinstance(value, Mapping))
