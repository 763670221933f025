"""The problem of a day (UTC): one and the same for everybody, for ever.

It follows from the date and the bank, and is stored when it is first asked for, so that no later change of the bank changes
it. Families come in one fixed order in which the topics are spread evenly, so that none comes twice before all have come;
the level rises over the week, from Monday to Sunday.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FieldError, InvalidInputError, NotFoundError, NotYetError, WithheldError
from app.services.plans import Frozen, PlanItem, variant_of
from app.services.problems import Setting, Wish, place
from app.services.shelf import Shelf, truths_to_json
from app.services.texts import text
from app.storage import dailies, learners, problems
from app.storage.dailies import DailyRow
from app.storage.problems import ProblemRow
from quiz_bank.engine import ENGINE_VERSION
from quiz_bank.parameters import show_parameters
from quiz_bank.problem import Family, Variant
from quiz_bank.registry import FAMILIES
from quiz_bank.sampling import Stream
from quiz_bank.variants import draw

FIRST_DAY: Final = date(2026, 11, 20)
"""No day before it has a problem."""

APART: Final = timedelta(days=30)
"""Within this time no family comes twice, even where the bank was changed in between."""

OTHER_WAYS: Final = ("family", "topic", "level", "seed", "preset", "parameters")
"""What a wish can't have beside a day: the day decides all of it."""

_DAY: Final = timedelta(days=1)


def known(connection: Connection, first: date, last: date, now: datetime) -> list[DailyRow] | None:
    """Return the problems of the days from `first` to `last`, the earliest first; None unless all are fixed already.

    Raises
    ------
    NotYetError
        One of the days is still to come.
    NotFoundError
        One lies before the first day that has a problem.
    """
    for day in _days(first, last):
        if day > now.date():
            raise NotYetError(day=day.isoformat())
        if day < FIRST_DAY:
            raise NotFoundError
    rows = dailies.between(connection, first, last)
    return list(rows.values()) if len(rows) == (last - first).days + 1 else None


def fixed(connection: Connection, first: date, last: date, now: datetime) -> list[DailyRow]:
    """Return the problems of the days from `first` to `last`, the earliest first, and store those that weren't fixed yet."""
    near = dailies.between(connection, first - APART, last + APART)
    for day in _days(first, last):
        if day not in near:
            near[day] = _drawn(day, {row.family for row in near.values() if abs(row.day - day) <= APART}, now)
            dailies.add(connection, near[day])
    return list(dailies.between(connection, first, last).values())  # another process may have come first


def posed(
    connection: Connection, shelf: Shelf, learner_id: UUID, day: date, wish: Wish, now: datetime
) -> tuple[ProblemRow, bool]:
    """Return the learner's problem of a day, and whether it was set just now: asked for again, it is the one that they have.

    Raises
    ------
    InvalidInputError
        The day has no problem, or something else is wished for as well.
    FamilyUnavailableError
        Its family is no longer installed.
    WithheldError
        The very same problem is before the learner in a drill that gives its feedback at the end.
    """
    _require_possible(day, wish, now)
    [row] = fixed(connection, day, day, now)
    learners.lock(connection, learner_id)  # who asks twice at once, of two processes, has one problem all the same
    before = dailies.problem_of(connection, learner_id, row)
    if before is not None:
        return before, False
    if row.parameters in problems.withheld(connection, learner_id, row.family):
        raise WithheldError(family=row.family)
    return place(connection, shelf, learner_id, variant_of_day(row), Setting(wish.language, row.seed), now), True


def _require_possible(day: date, wish: Wish, now: datetime) -> None:
    others = [name for name in OTHER_WAYS if getattr(wish, name) is not None]
    if others:
        raise _invalid(others[0], text("daily-alone", wish.language))
    if day > now.date():
        raise _invalid("daily", text("daily-to-come", wish.language, day=day.isoformat()))
    if day < FIRST_DAY:
        raise _invalid("daily", text("daily-too-early", wish.language, first=FIRST_DAY.isoformat()))


def _invalid(name: str, detail: str) -> InvalidInputError:
    return InvalidInputError(errors=(FieldError(f"/{name}", detail),))


def variant_of_day(row: DailyRow) -> Variant[Any]:
    """Return the variant of a day as it was stored; FamilyUnavailableError where that can't be had any more."""
    parameters, convention, truth = map(json.loads, (row.parameters, row.convention, row.truth))
    frozen = Frozen(row.family_version, parameters, convention, truth, row.engine_version)
    return variant_of(PlanItem(row.family, row.level, row.seed, frozen=frozen))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * _DAY for number in range((last - first).days + 1))


def _drawn(day: date, taken: Collection[str], now: datetime) -> DailyRow:
    family = FAMILIES[_slug(day, taken)]
    level, seed = _level(family, day), f"daily-{day.isoformat()}"
    variant = draw(family, level, seed).variant
    return DailyRow(
        day=day,
        family=family.slug,
        family_version=family.version,
        level=level,
        seed=seed,
        parameters=json.dumps(show_parameters(variant.parameters)),
        convention=json.dumps(variant.convention.items()),
        truth=json.dumps(truths_to_json(variant.truths)),
        engine_version=ENGINE_VERSION,
        created_at=now,
    )


def _slug(day: date, taken: Collection[str]) -> str:
    """Return the family whose turn it is, or the next one that isn't taken by a day near by."""
    order = _order(tuple((known.topic, slug) for slug, known in FAMILIES.items()))
    start = day.toordinal() % len(order)
    turns = order[start:] + order[:start]
    return next((slug for slug in turns if slug not in taken), turns[0])


@cache
def _order(bank: tuple[tuple[str, str], ...]) -> list[str]:
    """Return all families in an order in which each topic's are spread evenly, shuffled within the topic."""
    topics: dict[str, list[str]] = {}
    for topic, slug in bank:
        topics.setdefault(topic, []).append(slug)
    places: dict[str, float] = {}
    for number, (topic, slugs) in enumerate(topics.items()):
        start = (number + 0.5) / len(topics)  # topics of one size would else always come in a row
        shuffled = Stream("daily", topic).sample(slugs, len(slugs))
        places |= {slug: (place + start) / len(slugs) for place, slug in enumerate(shuffled)}
    return sorted(places, key=lambda slug: (places[slug], slug))


def _level(family: Family[Any], day: date) -> int:
    """Return a level of the family: the lowest on Monday, the highest on Sunday."""
    levels = sorted(family.levels)
    return levels[day.weekday() * len(levels) // 7]
