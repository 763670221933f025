"""How well things are known: a bar each, and the line from which on they count as known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.services.mastery import MASTERED
from app.web.pictures.canvas import Picture, Scale, cut, element, line, picture, words
from app.web.pictures.numbers import percent
from app.web.words import say
from quiz_bank.problem import Language

_ROW: Final = 46.0
_ACROSS: Final = Scale(0.0, 1.0, 4.0, 246.0)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known how well, from 0 to 1."""

    name: str
    mastery: float

    @property
    def mastered(self) -> bool:
        """Whether it counts as known."""
        return self.mastery >= MASTERED


def mastery_picture(rows: Sequence[Known], language: Language) -> Picture:
    """Return a bar for each name, at least one."""
    return picture(
        "mastery",
        _ROW * len(rows) + 4,
        [mark for number, row in enumerate(rows) for mark in _row(row, _ROW * number)],
        caption=say(
            language, "How well you know it; from the mark at %(share)s on it counts as known.", share=percent(MASTERED)
        ),
        description=" ".join(_said(row, language) for row in rows),
        x=_ACROSS.written(),
    )


def _row(row: Known, y: float) -> Iterator[Markup]:
    full = _ACROSS.end - _ACROSS.start
    yield words(4, y + 15, cut(row.name, 40))
    yield element("rect", x=_ACROSS.start, y=y + 23, width=full, height=12.0, class_="bar outlined")
    yield element(
        "rect", x=_ACROSS.start, y=y + 23, width=_ACROSS.at(row.mastery) - _ACROSS.start, height=12.0, class_="bar filled"
    )
    yield line(_ACROSS.at(MASTERED), y + 20, _ACROSS.at(MASTERED), y + 38, "axis")
    yield words(_ACROSS.end + 6, y + 34, percent(row.mastery) + (" ✓" if row.mastered else ""))


def _said(row: Known, language: Language) -> str:
    if row.mastered:
        return say(language, "%(name)s: %(share)s, known.", name=row.name, share=percent(row.mastery))
    return say(language, "%(name)s: %(share)s.", name=row.name, share=percent(row.mastery))
