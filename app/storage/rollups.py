"""The figures of everybody, counted now and then: reading all outcomes takes too long while somebody waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.analytics import ALL_LEVELS, LearnerRange
from app.storage.models import family_rollups, learners, outcomes


@dataclass(frozen=True, slots=True)
class RollupRow:
    """The figures of everybody as they are kept; `misconceptions` is JSON, `as_of` when they were counted."""

    family: str
    level: int
    problems: int
    answered: int
    attempts: int
    learners: int
    first_right: int
    solved: int
    median_seconds: float | None
    discrimination: float | None
    misconceptions: str
    as_of: datetime


_FIELDS = RollupRow.__slots__
_C = family_rollups.c


def families(connection: Connection) -> list[str]:
    """Return the families that have any outcome."""
    return list(connection.scalars(select(outcomes.c.family).distinct().order_by(outcomes.c.family)))


def learner_ranges(connection: Connection, size: int) -> list[LearnerRange]:
    """Return ranges of about `size` learners each that together hold all there are, now and later."""
    place = func.row_number().over(order_by=learners.c.id).label("place")
    placed = select(learners.c.id, place).subquery("placed")
    query = select(placed.c.id).where(placed.c.place % size == 0).order_by(placed.c.id)
    ends = [None, *connection.scalars(query), None]
    return [LearnerRange(after, last) for after, last in pairwise(ends)]


def as_of(connection: Connection) -> datetime | None:
    """Return when the kept figures were counted, None where there are none."""
    found: datetime | None = connection.scalar(select(func.max(_C.as_of)))
    return found


def read(connection: Connection, *, family: str | None = None, by_level: bool = True) -> list[RollupRow]:
    """Return the kept figures, of one family or of all."""
    query = select(*(_C[name] for name in _FIELDS))
    if family is not None:
        query = query.where(_C.family == family)
    if not by_level:
        query = query.where(_C.level == ALL_LEVELS)
    return [RollupRow(*row) for row in connection.execute(query.order_by(_C.family, _C.level))]


def replace(connection: Connection, rows: list[RollupRow], counted_at: datetime) -> None:
    """Keep these figures alone, unless another process has kept some that were counted later."""
    newest = as_of(connection)
    if newest is not None and newest >= counted_at:
        return
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(family_rollups)
    changing = {name: insert.excluded[name] for name in _FIELDS if name not in {"family", "level"}}
    # Of two processes at once the second finds the first one's rows only when it writes its own.
    upsert = insert.on_conflict_do_update(index_elements=[_C.family, _C.level], set_=changing)
    if rows:
        connection.execute(upsert, [{name: getattr(row, name) for name in _FIELDS} for row in rows])
    connection.execute(family_rollups.delete().where(_C.as_of < counted_at))
