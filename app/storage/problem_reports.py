"""What learners say of a key: the remark, the problem as it stood, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select, update

from app.storage.models import drills, learners, problem_reports, problems, rooms


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report without its snapshot, which may be large. Only state, resolution and resolved_at change."""

    id: UUID
    problem_id: UUID
    learner_id: UUID
    family: str
    remark: str
    state: str
    resolution: str | None
    created_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A report as one who decides on it finds it: with the learner's name, and how far the problem is by now.

    It is `in_room` where the problem belongs to a drill in the viewer's own room.
    """

    row: ReportRow
    learner_name: str
    problem_state: str
    withheld: bool
    in_room: bool


_FIELDS = ReportRow.__slots__
_COLUMNS = tuple(problem_reports.c[name] for name in _FIELDS)


def add(connection: Connection, report: ReportRow, snapshot: str) -> None:
    """Store a new report with its problem as it stood, as JSON."""
    values = {name: getattr(report, name) for name in _FIELDS}
    connection.execute(problem_reports.insert().values({**values, "snapshot": snapshot}))


def find(connection: Connection, report_id: UUID) -> ReportRow | None:
    """Return a report, whoever wrote it; None if there is none of that id."""
    row = connection.execute(select(*_COLUMNS).where(problem_reports.c.id == report_id)).first()
    return ReportRow(*row) if row is not None else None


def snapshot(connection: Connection, report_id: UUID) -> str:
    """Return the problem of a report as it stood, as JSON."""
    query = select(problem_reports.c.snapshot).where(problem_reports.c.id == report_id)
    return str(connection.execute(query).scalar_one())


def count_open(connection: Connection, learner_id: UUID) -> int:
    """Return how many reports of a learner nobody has decided on."""
    query = select(func.count()).where(problem_reports.c.learner_id == learner_id, problem_reports.c.state == "open")
    return int(connection.scalar(query) or 0)


def of_problem(
    connection: Connection, learner_id: UUID, problem_id: UUID, *, before: UUID | None = None, limit: int
) -> list[ReportRow]:
    """Return up to `limit` reports of the learner on a problem, the newest first, from the one that follows `before` on."""
    own = (problem_reports.c.learner_id == learner_id, problem_reports.c.problem_id == problem_id)
    query = _older(select(*_COLUMNS).where(*own), before, limit)
    return [ReportRow(*row) for row in connection.execute(query)]


def page(
    connection: Connection,
    viewer_id: UUID,
    *,
    everyone: bool,
    state: str | None = None,
    family: str | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[SeenReport]:
    """Return up to `limit` reports, the newest first, from the one that follows `before` on.

    They are of `everyone`, or else of the people who have joined the viewer's rooms.
    """
    query = _seen(viewer_id, everyone=everyone)
    for column, value in ((problem_reports.c.state, state), (problem_reports.c.family, family)):
        if value is not None:
            query = query.where(column == value)
    return [_seen_report(row) for row in connection.execute(_older(query, before, limit))]


def get(connection: Connection, viewer_id: UUID, report_id: UUID, *, everyone: bool) -> SeenReport | None:
    """Return the report of that id if it is one of those that `page` lists."""
    row = connection.execute(_seen(viewer_id, everyone=everyone).where(problem_reports.c.id == report_id)).first()
    return _seen_report(row) if row is not None else None


def resolve(connection: Connection, report_id: UUID, state: str, resolution: str, now: datetime) -> None:
    """Store what was decided on a report."""
    values = {"state": state, "resolution": resolution, "resolved_at": now}
    connection.execute(update(problem_reports).where(problem_reports.c.id == report_id).values(values))


def _seen(viewer_id: UUID, *, everyone: bool) -> Select[Any]:
    own_rooms = select(rooms.c.id).where(rooms.c.owner_id == viewer_id)
    in_room = func.coalesce(drills.c.room_id.in_(own_rooms), False)
    query = (
        select(*_COLUMNS, learners.c.name, problems.c.state, problems.c.withheld, in_room)
        .join_from(problem_reports, problems, problems.c.id == problem_reports.c.problem_id)
        .join(learners, learners.c.id == problem_reports.c.learner_id)
        .outerjoin(drills, drills.c.id == problems.c.drill_id)
    )
    joined = drills.alias("joined")
    people = select(joined.c.learner_id).where(joined.c.room_id.in_(own_rooms))
    return query if everyone else query.where(problem_reports.c.learner_id.in_(people))


def _seen_report(row: Sequence[Any]) -> SeenReport:
    own = len(_FIELDS)
    return SeenReport(ReportRow(*row[:own]), *row[own:])


def _older(query: Select[Any], before: UUID | None, limit: int) -> Select[Any]:
    if before is not None:
        query = query.where(problem_reports.c.id < before)
    return query.order_by(problem_reports.c.id.desc()).limit(limit)
