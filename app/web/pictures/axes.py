"""Axes: grid lines with round values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup

from app.web.pictures.canvas import Scale, line, words
from app.web.pictures.numbers import short


def grid(up: Scale, left: float, right: float, write: Callable[[float], str] = short, most: int = 5) -> Iterator[Markup]:
    """Yield a level line for each round value, with the value on its left; that of 0 is the axis."""
    for tick in up.ticks(most):
        y = up.at(tick)
        yield line(left, y, right, y, "axis" if tick == 0 else "grid")
        yield words(left - 6, y + 5, write(tick), anchor="end")


def below(across: Scale, bottom: float, write: Callable[[float], str] = short, most: int = 6) -> Iterator[Markup]:
    """Yield the round values below a plot."""
    for tick in across.ticks(most):
        yield words(across.at(tick), bottom + 18, write(tick), anchor="middle")
