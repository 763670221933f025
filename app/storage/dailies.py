from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from app.storage.models import dailies, problems
from app.storage.prepared import Prepared
from app.storage.problems import ProblemRow


@dataclass(frozen=True, slots=True)
class DailyRow:
    """The problem of a day; `parameters`, `convention` and `truth` are JSON texts. Nothing of it ever changes."""

    day: date
    family: str
    family_version: int
    level: int
    seed: str
    parameters: str
    convention: str
    truth: str
    engine_version: str
    created_at: datetime


_FIELDS = DailyRow.__slots__
_COLUMNS = tuple(dailies.c[name] for name in _FIELDS)
_PROBLEM_COLUMNS = tuple(problems.c[name] for name in ProblemRow.__slots__)

_AnyInsert = sqlite.Insert | postgresql.Insert


def _add(insert: _AnyInsert) -> _AnyInsert:
    return insert.on_conflict_do_nothing(index_elements=[dailies.c.day])


_ADD = {"sqlite": Prepared(_add(sqlite.insert(dailies))), "postgresql": Prepared(_add(postgresql.insert(dailies)))}


def between(connection: Connection, first: date, last: date) -> dict[date, DailyRow]:
    """Return the problems of the days from `first` to `last`, both included, that were fixed already, the earliest first."""
    query = select(*_COLUMNS).where(dailies.c.day.between(first, last)).order_by(dailies.c.day)
    return {row.day: DailyRow(*row) for row in connection.execute(query)}


def add(connection: Connection, row: DailyRow) -> None:
    """Store the problem of a day; where another was stored first, that one stays."""
    _ADD[connection.dialect.name].run(connection, {name: getattr(row, name) for name in _FIELDS})


def problem_of(connection: Connection, learner_id: UUID, row: DailyRow) -> ProblemRow | None:
    """Return the learner's own problem of a day, None while they have none."""
    query = select(*_PROBLEM_COLUMNS).where(
        problems.c.learner_id == learner_id,
        problems.c.seed == row.seed,
        problems.c.family == row.family,
        problems.c.parameters == row.parameters,
        problems.c.drill_id.is_(None),
    )
    found = connection.execute(query.order_by(problems.c.id).limit(1)).first()
    return ProblemRow(*found) if found is not None else None


def problems_of(connection: Connection, learner_id: UUID, rows: Sequence[DailyRow]) -> dict[date, ProblemRow]:
    """Return the learner's own problems of days, where they have one; the first of each day."""
    query = select(*_PROBLEM_COLUMNS).where(
        problems.c.learner_id == learner_id,
        problems.c.seed.in_([row.seed for row in rows]),
        problems.c.drill_id.is_(None),
    )
    days = {(row.seed, row.family, row.parameters): row.day for row in rows}
    found: dict[date, ProblemRow] = {}
    for problem in (ProblemRow(*each) for each in connection.execute(query.order_by(problems.c.id))):
        day = days.get((problem.seed or "", problem.family, problem.parameters))
        if day is not None:
            found.setdefault(day, problem)
    return found
