"""The sigmoid with the gradients of two losses: where squared error stops learning and cross-entropy doesn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp
from typing import Final

from markupsafe import Markup

from app.web.pictures.axes import below, grid
from app.web.pictures.canvas import LINE, WIDTH, Picture, Scale, path, picture, words
from app.web.pictures.marks import Form, key, point
from app.web.pictures.numbers import short
from app.web.words import say
from quiz_bank.problem import Language

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 306.0, 16.0, 196.0
_STEPS: Final = 60
_LEAST, _MOST = 6.0, 12.0


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    form: Form
    value: Callable[[float], float]


def sigmoid(z: float) -> float:
    """Return σ(z), which a double holds for every z."""
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


def _lines(target: float) -> tuple[_Line, ...]:
    return (
        _Line("σ(z)", "circle", sigmoid),
        _Line("BCE: σ − y", "square", lambda z: sigmoid(z) - target),
        _Line("MSE: 2(σ − y)σ(1 − σ)", "diamond", lambda z: 2 * (sigmoid(z) - target) * sigmoid(z) * sigmoid(-z)),
    )


def sigmoid_gradients(z: float, target: float, language: Language) -> Picture:
    """Return the sigmoid and both gradients by the logit, with their points at a finite logit z, for a target in [0, 1]."""
    reach = min(max(_LEAST, 1.25 * abs(z)), _MOST)
    across = Scale(-reach, reach, _LEFT, _RIGHT)
    up = Scale(0.0 if target == 0 else -1.0, 1.0, _BOTTOM, _TOP)
    lines = _lines(target)
    said = [f"{each.name} = {short(each.value(z))}" for each in lines]
    inside = [
        *grid(up, _LEFT, _RIGHT),
        *below(across, _BOTTOM),
        words(WIDTH - 12, _BOTTOM + 36, "z", anchor="end", kind="name"),
    ]
    for number, each in enumerate(lines):
        inside += _drawn(each, number, z, across, up)
        inside += key(_BOTTOM + 58 + number * LINE, each.form, said[number], f"number-{number + 1}")
    at = say(language, "At the logit z = %(z)s with the target y = %(y)s", z=short(z), y=short(target))
    return picture(
        "sigmoid",
        _BOTTOM + 46 + len(lines) * LINE,
        inside,
        caption=say(language, "The sigmoid, and the gradients of cross-entropy and of squared error."),
        description=say(language, "%(at)s: %(numbers)s.", at=at, numbers=", ".join(said)),
        x=across.written(),
        y=up.written(),
    )


def _drawn(each: _Line, number: int, z: float, across: Scale, up: Scale) -> Iterator[Markup]:
    steps = (across.low + (across.high - across.low) * step / _STEPS for step in range(_STEPS + 1))
    yield path(((across.at(x), up.at(each.value(x))) for x in steps), f"line number-{number + 1}")
    yield point(across.at(z), up.at(each.value(z)), each.form, f"number-{number + 1}")
