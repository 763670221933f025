"""Numbers side by side as bars: a prediction against its target, a gradient with its signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Final, Literal

from markupsafe import Markup

from app.web.pictures.canvas import LINE, WIDTH, Picture, Scale, cut, element, line, path, picture, words
from app.web.pictures.numbers import short
from app.web.words import say
from quiz_bank.problem import Language

Kind = Literal["filled", "outlined"]

MOST: Final = 10
"""More bars than these say less than a table."""
_BAR, _GAP = 16.0, 12.0
_LABELS, _NUMBERS = 64.0, 74.0


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each label; `texts` are the numbers as the problem shows them, empty where `short` does."""

    name: str
    kind: Kind
    values: tuple[float, ...]
    texts: tuple[str, ...] = ()

    def text(self, index: int) -> str:
        """Return a number as it is shown."""
        return self.texts[index] if self.texts else short(self.values[index])


def bars(labels: Sequence[str], series: Sequence[Series], caption: str, language: Language) -> Picture:
    """Return up to ten labels, each with a bar of every series; bars of negative numbers go to the left."""
    scale = _scale([value for each in series for value in each.values if isfinite(value)])
    top = LINE * len(series) + 10
    row = _BAR * len(series) + _GAP
    bottom = top + row * len(labels)
    inside = [mark for number, each in enumerate(series) for mark in _key(each, number)]
    for number, label in enumerate(labels):
        y = top + number * row
        inside.append(words(4, y + _BAR * len(series) / 2 + 5, cut(label, 8)))
        inside += (mark for at, each in enumerate(series) for mark in _bar(each, number, y + at * _BAR, scale))
    inside.append(line(scale.at(0.0), top - 4, scale.at(0.0), bottom - _GAP + 4, "axis"))
    return picture(
        "bars", bottom, inside, caption=caption, description=_description(labels, series, language), x=scale.written()
    )


def _scale(values: Sequence[float]) -> Scale:
    """Return a scale with 0 on it, and room for a number at the end of the longest bar on either side."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    start = _LABELS + (_NUMBERS if low < 0 else 0.0)
    return Scale(min(low, 0.0), max(high, 0.0) or (0.0 if low < 0 else 1.0), start, WIDTH - _NUMBERS)


def _key(series: Series, number: int) -> Iterator[Markup]:
    y = LINE * number + 16
    yield element("rect", x=4.0, y=y - 11, width=18.0, height=12.0, class_=f"bar {series.kind}")
    yield words(30, y, cut(series.name, 40))


def _bar(series: Series, index: int, y: float, scale: Scale) -> Iterator[Markup]:
    value = series.values[index]
    zero = scale.at(0.0)
    end = zero if isnan(value) else scale.at(value)
    height = _BAR - 3
    yield element("rect", x=min(zero, end), y=y, width=abs(end - zero), height=height, class_=f"bar {series.kind}")
    outwards = -1 if value < 0 else 1
    if not (isfinite(value) or isnan(value)):
        yield path(((end, y), (end + 9 * outwards, y + height / 2), (end, y + height)), "arrow")
        end += 9 * outwards
    yield words(end + 5 * outwards, y + height - 1.5, cut(series.text(index), 9), anchor="end" if value < 0 else "start")


def _description(labels: Sequence[str], series: Sequence[Series], language: Language) -> str:
    """Return every number in words."""

    def sentence(index: int) -> str:
        numbers = (say(language, "%(name)s %(number)s", name=each.name, number=each.text(index)) for each in series)
        numbers_of = say(language, ", ").join(numbers)
        return say(language, "%(label)s: %(numbers)s.", label=labels[index], numbers=numbers_of)

    return " ".join(map(sentence, range(len(labels))))
