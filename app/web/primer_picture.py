"""The picture of each primer: a curve with a point that a slider moves.

Everything that a position of the slider shows is computed here, so that the script only looks it up, and without a script
the page shows the same for the position that it was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, log, log2
from typing import Final

from markupsafe import Markup

from app.web.pictures.canvas import Picture, Scale, element, group, line, path, picture, place, words
from app.web.pictures.numbers import short

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 306.0, 30.0, 196.0
_SHAPES: Final = ("M-5.5 0A5.5 5.5 0 1 0 5.5 0A5.5 5.5 0 1 0 -5.5 0Z", "M-5 -5H5V5H-5Z")
_STEPS: Final = 100
_DIGITS: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A function that is drawn, and what it is called."""

    name: str
    value: Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Curve:
    """What a topic's picture shows: one function or two of a variable, at the positions of its slider."""

    variable: str
    positions: tuple[float, ...]
    start: int
    low: float
    high: float
    lines: tuple[Line, ...]
    also: tuple[Line, ...] = field(default=())
    """What is said besides, and not drawn."""


def _steps(first: float, last: float) -> tuple[float, ...]:
    return tuple(round(first + (last - first) * step / _STEPS, 6) for step in range(_STEPS + 1))


def _sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def _minus_log(p: float) -> float:
    return 0.0 - log(p)


_PROBABILITIES: Final = (0.001, *_steps(0, 1)[1:])
_INNER: Final = _steps(0, 1)[1:-1]
_GAPS: Final = _steps(-10, 10)
_STEEP: Final = tuple(step / 1000 for step in range(1, 20))
_TRUTH: Final = 0.7

CURVES: Final[dict[str, Curve]] = {
    "information": Curve(
        "p", _PROBABILITIES, 0, 0, 8, (Line("−ln p", _minus_log),), (Line("−log₂ p", lambda p: 0.0 - log2(p)),)
    ),
    "cross-entropy": Curve(
        "q", _PROBABILITIES, _PROBABILITIES.index(0.7), 0, 8, (Line("−ln q", _minus_log),), (Line("1 − q", lambda q: 1 - q),)
    ),
    "logits": Curve(
        "z", _steps(-5, 5), 65, 0, 6, (Line("ln(1 + e⁻ᶻ)", lambda z: log(1 + exp(-z))),), (Line("σ(z)", _sigmoid),)
    ),
    "binary-and-multi-label": Curve(
        "p", _INNER, _INNER.index(0.7), 0, 5, (Line("−ln p", _minus_log), Line("−ln(1 − p)", lambda p: _minus_log(1 - p)))
    ),
    "gradients": Curve(
        "z",
        _GAPS,
        0,
        -1,
        0,
        (
            Line("σ − 1", lambda z: -_sigmoid(-z)),
            Line("2(σ − 1)σ(1 − σ)", lambda z: -2 * _sigmoid(-z) * _sigmoid(z) * _sigmoid(-z)),
        ),
    ),
    "language-models-and-evaluation": Curve("L", _steps(0, 4), 44, 0, 60, (Line("exp(L)", exp),)),
    "concepts": Curve(
        "q",
        _INNER,
        _INNER.index(0.7),
        0,
        3.5,
        (Line("H(p, q)", lambda q: _TRUTH * _minus_log(q) + (1 - _TRUTH) * _minus_log(1 - q)),),
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A curve as a page shows it: the picture, its slider, and for the script what each position shows, as JSON."""

    picture: Picture
    variable: str
    said: tuple[str, ...]
    at: int
    most: int
    steps: str


def position(topic: str, at: int | None) -> int:
    """Return the slider's position that was asked for, else the one to begin with."""
    curve = CURVES[topic]
    return at if at is not None and 0 <= at < len(curve.positions) else curve.start


@lru_cache(maxsize=256)
def curve_of(topic: str, at: int) -> Shown:
    """Return a topic's curve with its point at a position of the slider."""
    curve = CURVES[topic]
    across = Scale(min(0.0, curve.positions[0]), max(1.0, curve.positions[-1]), _LEFT, _RIGHT)
    up = Scale(curve.low, curve.high, _BOTTOM, _TOP)
    said = _said(curve, curve.positions[at])
    drawn = picture(
        "curve primer-curve",
        _BOTTOM + 44,
        [*_axes(curve, across, up), *_lines(curve, across, up), *_points(curve, at, across, up)],
        caption=", ".join(each.name for each in curve.lines),
        description=", ".join(said),
    )
    return Shown(drawn, curve.variable, said, at, len(curve.positions) - 1, _for_script(curve, across, up))


def _said(curve: Curve, x: float) -> tuple[str, ...]:
    values = (f"{each.name} = {short(each.value(x), _DIGITS)}" for each in (*curve.lines, *curve.also))
    return f"{curve.variable} = {short(x, _DIGITS)}", *values


def _axes(curve: Curve, across: Scale, up: Scale) -> Iterator[Markup]:
    for tick in up.ticks():
        yield line(_LEFT, up.at(tick), _RIGHT, up.at(tick), "axis" if tick == 0 else "grid")
        yield words(_LEFT - 6, up.at(tick) + 5, short(tick), anchor="end")
    for tick in across.ticks(6):
        yield words(across.at(tick), _BOTTOM + 18, short(tick), anchor="middle")
    yield words(_RIGHT, _BOTTOM + 38, curve.variable, anchor="end", kind="name")
    for number, each in enumerate(curve.lines):
        x = 10 + number * 110
        yield group(x, 10, f"mark point-{number + 1}", element("path", d=_SHAPES[number]))
        yield words(x + 12, 15, each.name, kind="name")


def _lines(curve: Curve, across: Scale, up: Scale) -> Iterator[Markup]:
    # Close to p = 0 the curve bends more from one position to the next than a straight line can show.
    between = {x for x in _STEEP if curve.positions[0] < x < curve.positions[-1]}
    xs = sorted({*curve.positions, *between})
    for number, each in enumerate(curve.lines):
        yield path(((across.at(x), up.at(each.value(x))) for x in xs), f"line line-{number + 1}")


def _points(curve: Curve, at: int, across: Scale, up: Scale) -> Iterator[Markup]:
    x = curve.positions[at]
    for number, each in enumerate(curve.lines):
        kind = f"mark moves point-{number + 1}"
        yield group(across.at(x), up.at(each.value(x)), kind, element("path", d=_SHAPES[number]))


def _for_script(curve: Curve, across: Scale, up: Scale) -> str:
    """Return for each position where the points lie and what is said."""
    steps = [
        [place(across.at(x)), [place(up.at(each.value(x))) for each in curve.lines], _said(curve, x)] for x in curve.positions
    ]
    return json.dumps(steps, ensure_ascii=False, separators=(",", ":"))
