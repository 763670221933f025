"""Figures of families over the outcomes of many people, computed by the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Connection,
    Float,
    Select,
    Subquery,
    Uuid,
    and_,
    cast,
    func,
    literal,
    select,
    union_all,
)

from app.storage.models import drills, learners, outcomes, rooms

ALL_LEVELS: Final = 0
"""What stands for the level in the figures of a family as a whole."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which outcomes are looked at: of one family or of all, of everybody or of the people of a coach's rooms.

    A person of a room is whoever has a drill in it; `and_coach` counts the coach among them. `by_level` asks for each level
    beside all of them together.
    """

    family: str | None = None
    coach: UUID | None = None
    by_level: bool = True
    and_coach: bool = False


@dataclass(frozen=True, slots=True)
class LearnerRange:
    """The learners whose ids follow `after`, up to and including `last`; None leaves an end open."""

    after: UUID | None = None
    last: UUID | None = None


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many there are of each, at one level: `answered` of the problems had a first try, `attempts` are tries that count."""

    family: str
    level: int
    problems: int
    answered: int
    attempts: int
    learners: int
    first_right: int
    solved: int


@dataclass(frozen=True, slots=True)
class MistakeRow:
    """How many first tries show a misconception, at one level."""

    family: str
    level: int
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class MomentRow:
    """What a correlation is computed from: sums over first tries, each with its learner's rate in all other families.

    Sums over different learners add up.
    """

    family: str
    level: int
    learners: int
    tries: float
    right: float
    rest: float
    rest_squared: float
    right_and_rest: float


@dataclass(frozen=True, slots=True)
class PersonRow:
    """How much somebody has practised; `guest` joined a room with a name alone."""

    id: UUID
    name: str
    guest: bool
    problems: int
    answered: int
    first_right: int
    last_practised_at: datetime | None


def _people_of(coach: UUID) -> Select[Any]:
    return select(drills.c.learner_id).join(rooms, rooms.c.id == drills.c.room_id).where(rooms.c.owner_id == coach)


def _outcomes(sample: Sample) -> Subquery:
    """Return the outcomes of a sample; each one stands at its own level, where asked, and at `ALL_LEVELS`."""
    names = ("family", "learner_id", "first_verdict", "misconception", "seconds", "tries", "solved")
    columns = [outcomes.c[name] for name in names]
    # Read once, however often it is used: the rows of a family lie all over the file.
    found = select(*columns, outcomes.c.level).where(*_whose(sample)).cte("found")
    of_all = [literal(ALL_LEVELS).label("level") if column.name == "level" else column for column in found.c]
    together = select(*of_all)
    return (union_all(together, select(found)) if sample.by_level else together).subquery("sample")


def counts(connection: Connection, sample: Sample) -> list[CountRow]:
    """Return the counts of each family and level that has any outcome, in that order."""
    its = _outcomes(sample).c
    figures = (
        func.count(),
        func.count().filter(its.first_verdict.is_not(None)),
        func.sum(its.tries),
        func.count(its.learner_id.distinct()),
        func.count().filter(its.first_verdict == "right"),
        func.count().filter(its.solved),
    )
    query = select(its.family, its.level, *figures).group_by(its.family, its.level).order_by(its.family, its.level)
    return [CountRow(*row) for row in connection.execute(query)]


def learners_met(connection: Connection, sample: Sample) -> dict[tuple[str, int], int]:
    """Return how many learners met each family and level, where any did."""
    its = _outcomes(sample).c
    query = select(its.family, its.level, func.count(its.learner_id.distinct())).group_by(its.family, its.level)
    return {(family, level): count for family, level, count in connection.execute(query)}


def medians(connection: Connection, sample: Sample) -> dict[tuple[str, int], float]:
    """Return the median seconds to the first try by family and level, where any are known."""
    its = _outcomes(sample).c
    cell = (its.family, its.level)
    ranked = (
        select(
            *cell,
            its.seconds,
            func.row_number().over(partition_by=cell, order_by=its.seconds).label("rank"),
            func.count().over(partition_by=cell).label("count"),
        )
        .where(its.seconds.is_not(None))
        .subquery("ranked")
    )
    mine = ranked.c
    in_the_middle = (2 * mine.rank).between(mine.count, mine.count + 2)  # one of an odd number, two of an even one
    query = select(mine.family, mine.level, func.avg(mine.seconds)).where(in_the_middle).group_by(mine.family, mine.level)
    return {(family, level): seconds for family, level, seconds in connection.execute(query)}


def mistakes(connection: Connection, sample: Sample) -> list[MistakeRow]:
    """Return how often each misconception was shown on the first try, by family and level, the commonest first."""
    its = _outcomes(sample).c
    count = func.count()
    cell = (its.family, its.level, its.misconception)
    query = select(*cell, count).where(its.misconception.is_not(None)).group_by(*cell)
    rows = connection.execute(query.order_by(its.family, its.level, count.desc(), its.misconception))
    return [MistakeRow(*row) for row in rows]


def moments(connection: Connection, sample: Sample, learners_in: LearnerRange | None = None) -> list[MomentRow]:
    """Return the sums that tell how first tries go with the same learners' in other families, by family and level.

    Learners without a first try in another family aren't in them.
    """
    rested = _rested(sample, learners_in)
    its = rested.c
    cells: Select[Any] | CompoundSelect[Any] = select(
        its.family, literal(ALL_LEVELS).label("level"), its.tries, its.right, its.rest
    )
    if sample.by_level:
        own = _first_tries(sample, learners_in, outcomes.c.family, outcomes.c.level).subquery("own")
        same = and_(own.c.learner_id == its.learner_id, own.c.family == its.family)
        each = select(own.c.family, own.c.level, own.c.tries, own.c.right, its.rest).join_from(own, rested, same)
        cells = union_all(cells, each)
    cell = cells.subquery("cell").c
    sums = (
        func.count(),
        func.sum(cell.tries),
        func.sum(cell.right),
        func.sum(cell.tries * cell.rest),
        func.sum(cell.tries * cell.rest * cell.rest),
        func.sum(cell.right * cell.rest),
    )
    query = select(cell.family, cell.level, *sums).group_by(cell.family, cell.level)
    return [MomentRow(*row) for row in connection.execute(query)]


def _rested(sample: Sample, learners_in: LearnerRange | None) -> CTE:
    """Return each learner's first tries in a family, and the share that was right of those in all others."""
    here = _first_tries(sample, learners_in, outcomes.c.family).subquery("here")
    everywhere = _first_tries(replace(sample, family=None), learners_in).subquery("everywhere")
    tries, right = everywhere.c.tries - here.c.tries, everywhere.c.right - here.c.right
    joined = select(here, (right / tries).label("rest")).join_from(
        here, everywhere, everywhere.c.learner_id == here.c.learner_id
    )
    return joined.where(tries > 0).cte("rested")


def _first_tries(sample: Sample, learners_in: LearnerRange | None, *by: ColumnElement[Any]) -> Select[Any]:
    """Return how many first tries each learner has, and how many of them were right, by what is named."""
    key = (outcomes.c.learner_id, *by)
    right = func.count().filter(outcomes.c.first_verdict == "right")
    sums = (cast(func.count(), Float).label("tries"), cast(right, Float).label("right"))
    conditions = (outcomes.c.first_verdict.is_not(None), *_whose(sample, learners_in))
    return select(*key, *sums).where(*conditions).group_by(*key)


def _whose(sample: Sample, learners_in: LearnerRange | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions that an outcome of the sample meets."""
    conditions: list[ColumnElement[bool]] = []
    if sample.family is not None:
        conditions.append(outcomes.c.family == sample.family)
    if sample.coach is not None:
        people = _people_of(sample.coach)
        whose = people.union_all(select(literal(sample.coach, Uuid))) if sample.and_coach else people
        conditions.append(outcomes.c.learner_id.in_(whose))
    if learners_in is not None and learners_in.after is not None:
        conditions.append(outcomes.c.learner_id > learners_in.after)
    if learners_in is not None and learners_in.last is not None:
        conditions.append(outcomes.c.learner_id <= learners_in.last)
    return conditions


def people(connection: Connection, *, coach: UUID | None = None, before: UUID | None = None, limit: int) -> list[PersonRow]:
    """Return up to `limit` people, of a coach's rooms or all, the newest first, from the one that follows `before` on."""
    query = select(learners.c.id, learners.c.name, learners.c.room_id)
    if coach is not None:
        query = query.where(learners.c.id.in_(_people_of(coach)))
    if before is not None:
        query = query.where(learners.c.id < before)
    some = query.order_by(learners.c.id.desc()).limit(limit).subquery("some")
    its = outcomes.c
    figures = (
        func.count(its.problem_id),
        func.count(its.first_verdict),
        func.count().filter(its.first_verdict == "right"),
        func.max(its.happened_at),
    )
    with_outcomes = some.outerjoin(outcomes, and_(its.learner_id == some.c.id))
    rows = connection.execute(
        select(some.c.id, some.c.name, some.c.room_id.is_not(None), *figures)
        .select_from(with_outcomes)
        .group_by(some.c.id, some.c.name, some.c.room_id)
        .order_by(some.c.id.desc())
    )
    return [PersonRow(*row) for row in rows]
