"""The reliability diagram: how sure somebody was, against how often they were right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from markupsafe import Markup

from app.services.calibration import Bin
from app.web.pictures.axes import below, grid
from app.web.pictures.canvas import WIDTH, Picture, Scale, element, line, picture, words
from app.web.pictures.numbers import percent, short
from app.web.words import say
from quiz_bank.problem import Language

_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 292.0, 14.0, 206.0
_SMALLEST, _LARGEST = 4.0, 11.0
_ACROSS: Final = Scale(0.0, 1.0, _LEFT, _RIGHT)
_UP: Final = Scale(0.0, 1.0, _BOTTOM, _TOP)


@dataclass(frozen=True, slots=True)
class Told:
    """So many forecasts together: how sure they were on average, and the share that came true, both from 0 to 1."""

    count: int
    confidence: float
    share: float


def told(bins: Iterable[Bin]) -> list[Told]:
    """Return the bins that hold forecasts."""
    return [
        Told(each.count, each.mean_confidence, each.accuracy)
        for each in bins
        if each.mean_confidence is not None and each.accuracy is not None
    ]


def reliability_diagram(groups: Sequence[Told], language: Language) -> Picture:
    """Return forecasts in groups: on the diagonal who is as often right as they say, and by how much others are off it."""
    inside = [
        *grid(_UP, _LEFT, _RIGHT, percent),
        *below(_ACROSS, _BOTTOM, percent, most=3),
        words(WIDTH - 6, _BOTTOM + 36, say(language, "how sure"), anchor="end", kind="name"),
        words(_LEFT + 8, _TOP + 18, say(language, "not sure enough")),
        words(_RIGHT - 6, _BOTTOM - 10, say(language, "too sure"), anchor="end"),
        line(_LEFT, _BOTTOM, _RIGHT, _TOP, "guide"),
        *_points(groups),
    ]
    return picture(
        "reliability",
        _BOTTOM + 42,
        inside,
        caption=say(language, "How sure, and the share that was right; on the dashed line the two agree."),
        description=" ".join(_said(groups, language)),
        x=_ACROSS.written(),
        y=_UP.written(),
    )


def _points(groups: Sequence[Told]) -> Iterator[Markup]:
    most = max((each.count for each in groups), default=1)
    for each in groups:
        x, y = _ACROSS.at(each.confidence), _UP.at(each.share)
        yield line(x, _UP.at(each.confidence), x, y, "gap")
        radius = max(_SMALLEST, _LARGEST * sqrt(each.count / most))
        yield element("circle", cx=x, cy=y, r=radius, class_="mark")


def _said(groups: Sequence[Told], language: Language) -> Iterator[str]:
    for each in groups:
        sure, share = f"{short(100 * each.confidence, 3)}%", f"{short(100 * each.share, 3)}%"
        yield say(
            language, "Sure to %(sure)s on average: %(share)s of %(count)s right.", sure=sure, share=share, count=each.count
        )
