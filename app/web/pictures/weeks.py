"""Progress over weeks: how many problems were answered, and the share that was right at the first try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from babel.dates import format_skeleton
from markupsafe import Markup

from app.services.progress import Week
from app.web.pictures.axes import grid
from app.web.pictures.canvas import LINE, Picture, Scale, element, path, picture, words
from app.web.pictures.marks import key, point
from app.web.pictures.numbers import percent
from app.web.templates import LOCALES
from app.web.words import say
from quiz_bank.problem import Language

_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 264.0, 18.0, 178.0
_LABELS: Final = 3


def weeks_picture(weeks: Sequence[Week], language: Language) -> Picture:
    """Return the weeks, the oldest first, at least one: bars for the problems, a line for the share."""
    most = max(4, *(week.problems for week in weeks))
    up, shares = Scale(0.0, float(most), _BOTTOM, _TOP), Scale(0.0, 1.0, _BOTTOM, _TOP)
    names = (say(language, "Problems answered"), say(language, "Right at the first try"))
    inside = [*grid(up, _LEFT, _RIGHT, lambda tick: f"{tick:.0f}", most=4), *_bars(weeks, up), *_line(weeks, shares)]
    inside += (words(_RIGHT + 6, shares.at(share) + 5, percent(share)) for share in (0.0, 0.5, 1.0))
    inside += _days(weeks, language)
    inside.append(element("rect", x=4.0, y=_BOTTOM + 31, width=18.0, height=12.0, class_="bar pale"))
    inside.append(words(28, _BOTTOM + 42, names[0]))
    inside += key(_BOTTOM + 42 + LINE, "circle", names[1])
    return picture(
        "weeks",
        _BOTTOM + 50 + LINE,
        inside,
        caption=say(language, "Problems a week, and the share of them that was right at the first try."),
        description=" ".join(_said(weeks, language)),
        y=up.written(),
    )


def _width(weeks: Sequence[Week]) -> float:
    return (_RIGHT - _LEFT) / len(weeks)


def _bars(weeks: Sequence[Week], up: Scale) -> Iterator[Markup]:
    width = _width(weeks)
    for number, week in enumerate(weeks):
        y = up.at(week.problems)
        yield element("rect", x=_LEFT + (number + 0.15) * width, y=y, width=0.7 * width, height=_BOTTOM - y, class_="bar pale")


def _line(weeks: Sequence[Week], shares: Scale) -> Iterator[Markup]:
    """Yield the line; it breaks where a week had no problems, for nothing is known of such a week."""
    width = _width(weeks)
    for practised, run in groupby(enumerate(weeks), lambda each: each[1].problems > 0):
        if practised:
            points = [(_LEFT + (n + 0.5) * width, shares.at(week.first_try_right / week.problems)) for n, week in run]
            yield path(points, "line")
            yield from (point(x, y, "circle") for x, y in points)


def _days(weeks: Sequence[Week], language: Language) -> Iterator[Markup]:
    step = -(-len(weeks) // _LABELS)
    for number, week in enumerate(weeks):
        if number % step == 0:
            yield words(_LEFT + number * _width(weeks), _BOTTOM + 18, _day(week, language))


def _day(week: Week, language: Language) -> str:
    return format_skeleton("MMMd", week.monday, locale=LOCALES[language])


def _said(weeks: Sequence[Week], language: Language) -> Iterator[str]:
    for week in weeks:
        day = _day(week, language)
        if not week.problems:
            yield say(language, "Week of %(day)s: none.", day=day)
        else:
            share = percent(week.first_try_right / week.problems)
            yield say(
                language,
                "Week of %(day)s: %(count)s, of them %(share)s right at once.",
                day=day,
                count=week.problems,
                share=share,
            )
