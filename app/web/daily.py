"""The problem of a day: today's, and all since the first."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.errors import FamilyUnavailableError, NotFoundError
from app.services import dailies
from app.services.dailies import FIRST_DAY
from app.services.problems import Wish
from app.storage.dailies import DailyRow, problems_of
from app.storage.problems import ProblemRow
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.practise import to_problem
from app.web.visits import Visitor, arrived, visit_of
from quiz_bank import rendering
from quiz_bank.registry import FAMILIES

router = APIRouter(include_in_schema=False)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayView:
    """A day with its family, and how far the learner is with its problem: empty for not begun."""

    day: date
    family: str
    title: str
    level: int
    state: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the archive, its latest day first, with the months beside it; None where there is none."""

    first: date
    days: tuple[DayView, ...]
    earlier: date | None
    later: date | None


@dataclass(frozen=True, slots=True)
class DailyPage:
    """What `daily.html` is rendered with: a day, what it asks as Markdown (empty where its family is gone), and the archive."""

    shown: DayView
    prompt: str
    seconds: int
    today: date
    month: Month

    @property
    def earlier(self) -> date | None:
        """The day before, None before the first."""
        return self.shown.day - _DAY if self.shown.day > FIRST_DAY else None

    @property
    def later(self) -> date | None:
        """The day after, None while it is still to come."""
        return self.shown.day + _DAY if self.shown.day < self.today else None


@dataclass(frozen=True, slots=True)
class NoDayPage:
    """What `no_day.html` is rendered with: a day that has no problem, for it is to come or came before the first."""

    day: date
    today: date
    first: date

    @property
    def is_to_come(self) -> bool:
        """Whether it will have one."""
        return self.day > self.today


@router.get("/daily")
async def show_today(request: Request, month: str = "") -> Response:
    """Show today's problem, and a month of the archive."""
    now = context_of(request).clock()
    return await _shown(request, now.date(), month, now)


@router.get("/daily/{day}")
async def show_day(request: Request, day: str, month: str = "") -> Response:
    """Show the problem of a day, and the month that it lies in."""
    return await _shown(request, _day(day), month, context_of(request).clock())


@router.post("/daily/{day}")
async def start(request: Request, day: str) -> Response:
    """Set the problem of a day, or go on with the one that the learner has."""
    context, wanted = context_of(request), _day(day)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        row, _ = dailies.posed(connection, context.shelf, visitor.caller.id, wanted, Wish(visitor.language), now)
        return to_problem(row.id)

    return await act(request, work)


def _day(text: str) -> date:
    """Return the day that an address names; NotFoundError for anything else than such a day as 2026-11-21."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if day.isoformat() == text:
            return day
    raise NotFoundError


async def _shown(request: Request, day: date, month: str, now: datetime) -> Response:
    today = now.date()
    if not FIRST_DAY <= day <= today:
        page = Page("no_day.html", NoDayPage(day, today, FIRST_DAY), 404)
        return await look(request, lambda _connection, _visitor: page)
    first = _month(month, day, today)
    rows = {row.day: row for row in await _rows(request, *_within(first, today), now)}
    if day not in rows:
        rows |= {row.day: row for row in await _rows(request, day, day, now)}

    def work(connection: Connection, visitor: Visitor) -> Page:
        own = problems_of(connection, visitor.caller.id, tuple(rows.values()))
        return Page("daily.html", daily_page(rows, day, first, own, today, visitor.language))

    return await look(request, work)


def _month(text: str, day: date, today: date) -> date:
    """Return the first day of the month that is asked for, of that of `day` where it has no problems or isn't one."""
    with suppress(ValueError):
        first = date.fromisoformat(f"{text}-01")
        if FIRST_DAY.replace(day=1) <= first <= today:
            return first
    return day.replace(day=1)


def _within(first: date, today: date) -> tuple[date, date]:
    """Return the first and the last day of a month that have a problem."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return max(first, FIRST_DAY), min(last, today)


async def _rows(request: Request, first: date, last: date, now: datetime) -> list[DailyRow]:
    """Read the days from `first` to `last`; what nobody asked for before is fixed by this, once it is known who asks."""
    context, visit = context_of(request), visit_of(request)

    def run(connection: Connection) -> list[DailyRow] | None:
        arrived(connection, visit, context, now, anyone=False, guests=False)
        return dailies.known(connection, first, last, now)

    rows = await context.storage.read(run)
    if rows is None:
        rows = await context.storage.write(partial(dailies.fixed, first=first, last=last, now=now))
    return rows


def daily_page(
    rows: Mapping[date, DailyRow], day: date, first: date, own: Mapping[date, ProblemRow], today: date, language: Language
) -> DailyPage:
    """Return what is shown of a day, and of the month that begins on `first`, to a learner whose own problems these are."""
    in_month = (rows[each] for each in sorted(rows, reverse=True) if each.replace(day=1) == first)
    before, after = first - _DAY, first + timedelta(days=31)
    month = Month(
        first,
        tuple(_days(in_month, own, language)),
        before.replace(day=1) if before >= FIRST_DAY else None,
        after.replace(day=1) if after.replace(day=1) <= today else None,
    )
    [shown] = _days([rows[day]], own, language)
    return DailyPage(shown, *_asked(rows[day], language), today, month)


def _days(rows: Iterable[DailyRow], own: Mapping[date, ProblemRow], language: Language) -> Iterable[DayView]:
    for row in rows:
        known = FAMILIES.get(row.family)
        title = row.family if known is None else rendering.title(known, language)
        yield DayView(row.day, row.family, title, row.level, own[row.day].state if row.day in own else "")


def _asked(row: DailyRow, language: Language) -> tuple[str, int]:
    """Return what a day asks, and the time that an interviewer would give; nothing where its family is gone."""
    try:
        variant = dailies.variant_of_day(row)
    except FamilyUnavailableError:
        return "", 0
    return rendering.prompt(variant, language).markdown, variant.family.levels[row.level].seconds
