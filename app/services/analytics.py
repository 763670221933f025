"""How families fare with those who practise them: what coaches see of everybody, and of the people of their rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from app.services.figures import Figures, counted, tallied, with_discrimination
from app.services.rollups import kept
from app.storage import analytics, rollups
from app.storage.analytics import ALL_LEVELS, PersonRow, Sample

Scope = Literal["everyone", "rooms"]

FEWEST_OTHERS: Final = 5
"""A coach sees figures of everybody that hold so many learners besides the coach and those of the coach's own rooms."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: an admin sees all there is, a coach nothing that would tell of a few."""

    id: UUID
    sees_all: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures by family and level, and when they were counted: None where that was for this very look."""

    figures: tuple[Figures, ...]
    as_of: datetime | None = None


def of_family(connection: Connection, viewer: Viewer, scope: Scope, family: str) -> Overview:
    """Return a family's figures: all levels together, then each level that anybody met."""
    return _overview(connection, viewer, scope, Sample(family))


def of_families(connection: Connection, viewer: Viewer, scope: Scope) -> Overview:
    """Return the figures of each family that anybody met, all levels together."""
    return _overview(connection, viewer, scope, Sample(by_level=False))


def people(connection: Connection, viewer: Viewer, before: UUID | None, limit: int) -> list[PersonRow]:
    """Return up to `limit` people that the viewer may see by name, the newest first: a coach those of their own rooms."""
    coach = None if viewer.sees_all else viewer.id
    return analytics.people(connection, coach=coach, before=before, limit=limit)


def _overview(connection: Connection, viewer: Viewer, scope: Scope, sample: Sample) -> Overview:
    own = replace(sample, coach=viewer.id)
    if scope == "rooms":
        return Overview(tuple(_now(connection, own)))
    everyone = _of_everyone(connection, sample)
    if viewer.sees_all:
        return everyone
    known = analytics.learners_met(connection, replace(own, and_coach=True))
    return replace(everyone, figures=tuple(_without_few(everyone.figures, known)))


def _now(connection: Connection, sample: Sample) -> list[Figures]:
    """Return the figures as they are; of all families at once only what is quickly counted, for somebody waits."""
    if sample.family is None:
        return counted(connection, sample)
    return with_discrimination(tallied(connection, sample), analytics.moments(connection, sample))


def _of_everyone(connection: Connection, sample: Sample) -> Overview:
    """Return the figures that are kept; those of now as long as there are none, which is when there is little to count."""
    as_of = rollups.as_of(connection)
    if as_of is None:
        return Overview(tuple(_now(connection, sample)))
    rows = rollups.read(connection, family=sample.family, by_level=sample.by_level)
    return Overview(tuple(map(kept, rows)), as_of)


def _without_few(figures: Iterable[Figures], known: Mapping[tuple[str, int], int]) -> Iterator[Figures]:
    """Yield figures, suppressed where they would tell of a few whom the viewer doesn't know.

    Levels are shown all or none: a single one that is missing could be worked out from the others.
    """
    for family, group in groupby(figures, key=lambda each: each.family):
        those = list(group)
        few = {each.level for each in those if each.learners - known.get((family, each.level), 0) < FEWEST_OTHERS}
        for each in those:
            hidden = each.level in few if each.level == ALL_LEVELS else bool(few)
            yield Figures(family, each.level, suppressed=True) if hidden else each
