"""The days of practice: a square a day, the larger the more problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from babel.dates import format_skeleton, get_day_names
from markupsafe import Markup

from app.web.pictures.canvas import Picture, element, picture, words
from app.web.templates import LOCALES
from app.web.words import say
from quiz_bank.problem import Language

WEEKS: Final = 18
_PITCH: Final = 15.0
_LEFT, _TOP = 46.0, 24.0
_FROM: Final = ((10, 13.0), (5, 10.5), (2, 8.0), (1, 5.5), (0, 2.0))
"""From how many problems on a square has which side."""


def calendar_picture(days: Mapping[date, int], today: date, language: Language) -> Picture:
    """Return the last eighteen weeks up to that of `today`; `days` says how many problems were answered on which day."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    shown = [first + timedelta(number) for number in range((today - first).days + 1)]
    inside = [*_weekdays(language), *_months(shown, language), *(_square(day, days.get(day, 0), first) for day in shown)]
    practised = [day for day in shown if days.get(day)]
    return picture(
        "calendar",
        _TOP + 7 * _PITCH + 4,
        inside,
        caption=say(language, "A square a day; the larger, the more problems: 1, from 2, from 5, from 10."),
        description=" ".join(_said(practised, days, language)),
    )


def _square(day: date, count: int, first: date) -> Markup:
    week, weekday = divmod((day - first).days, 7)
    side = next(side for least, side in _FROM if count >= least)
    x, y = _LEFT + (week + 0.5) * _PITCH - side / 2, _TOP + (weekday + 0.5) * _PITCH - side / 2
    return element("rect", x=x, y=y, width=side, height=side, class_="day" if count else "day none")


def _weekdays(language: Language) -> Iterator[Markup]:
    names = get_day_names("abbreviated", "stand-alone", LOCALES[language])
    for weekday in (0, 2, 4, 6):
        yield words(_LEFT - 8, _TOP + weekday * _PITCH + 12.5, names[weekday], anchor="end")


def _months(shown: list[date], language: Language) -> Iterator[Markup]:
    """Yield the months above the weeks that they begin in, where there is room for the name."""
    for day in shown:
        week = (day - shown[0]).days // 7
        if day.day == 1 and week <= WEEKS - 2:
            yield words(_LEFT + week * _PITCH, 16, format_skeleton("MMM", day, locale=LOCALES[language]))


def _said(practised: list[date], days: Mapping[date, int], language: Language) -> Iterator[str]:
    if not practised:
        yield say(language, "Nothing was practised in these weeks.")
    for day in practised:
        name = format_skeleton("MMMd", day, locale=LOCALES[language])
        yield say(language, "%(day)s: %(count)s.", day=name, count=days[day])
