from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Float, Select, and_, bindparam, exists, func, or_, select, update

from app.storage.elapsed import seconds_between
from app.storage.models import attempts, drills, outcomes, problems, rooms
from app.storage.prepared import Prepared
from app.storage.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class DrillRow:
    """A drill; `blueprint` and `plan` are JSON texts. The plan was made from `seed`, None where a room's was taken over.

    `state` is running, paused or finished. What changes: state, shown (the place in the plan of what was handed out last),
    ends_at (moved by pauses; None where there is no limit), paused_at, paused_seconds and finished_at.
    """

    id: UUID
    learner_id: UUID
    room_id: UUID | None
    preset: str | None
    blueprint: str
    plan: str
    language: str
    state: str
    shown: int
    started_at: datetime
    ends_at: datetime | None
    paused_at: datetime | None
    paused_seconds: float
    finished_at: datetime | None
    seed: str | None = None


_FIELDS = DrillRow.__slots__
DRILL_COLUMNS = tuple(drills.c[name] for name in _FIELDS)
_CHANGING = ("state", "shown", "ends_at", "paused_at", "paused_seconds", "finished_at")

_INSERT = Prepared(drills.insert())
_BY_ID = select(*DRILL_COLUMNS).where(drills.c.id == bindparam("drill"))
_GET = Prepared(_BY_ID)
_LOCK = Prepared(_BY_ID.with_for_update())
_SAVE = Prepared(
    update(drills).where(drills.c.id == bindparam("drill")).values({name: bindparam(f"new_{name}") for name in _CHANGING})
)


_TAKE = Prepared(_BY_ID.with_for_update(skip_locked=True))


_OVER = (drills.c.state == "running", drills.c.ends_at <= bindparam("now", type_=UtcDateTime))
_DUE = Prepared(select(drills.c.id).where(*_OVER).order_by(drills.c.ends_at).limit(bindparam("count")))
_DUE_OF = Prepared(select(drills.c.id).where(drills.c.learner_id == bindparam("learner"), *_OVER))


def _abandoned() -> Select[Any]:
    now = bindparam("now", type_=UtcDateTime)
    # While a drill was paused it was left with good reason, so that time is none of being left.
    allowed = bindparam("seconds", type_=Float) + drills.c.paused_seconds
    posed_since = exists().where(problems.c.drill_id == drills.c.id, seconds_between(problems.c.created_at, now) < allowed)
    answered = exists().where(
        problems.c.drill_id == drills.c.id,
        attempts.c.problem_id == problems.c.id,
        seconds_between(attempts.c.submitted_at, now) < allowed,
    )
    untouched = (seconds_between(drills.c.started_at, now) >= allowed, ~posed_since, ~answered)
    running = and_(drills.c.state == "running", drills.c.ends_at.is_(None), *untouched)
    paused = and_(drills.c.state == "paused", seconds_between(drills.c.paused_at, now) >= bindparam("seconds", type_=Float))
    query = select(*DRILL_COLUMNS).where(or_(running, paused)).order_by(drills.c.id).limit(bindparam("count"))
    return query.with_for_update(skip_locked=True)


_ABANDONED = Prepared(_abandoned())
_UNFINISHED = Prepared(
    select(*DRILL_COLUMNS)
    .where(drills.c.learner_id == bindparam("learner"), drills.c.state != "finished")
    .order_by(drills.c.id.desc())
)
_ROOM_CODE = Prepared(select(rooms.c.code).where(rooms.c.id == bindparam("room")))
_ROOM_TITLE = Prepared(select(rooms.c.title).where(rooms.c.id == bindparam("room")))


def _missed() -> Select[tuple[str]]:
    newest_first = (outcomes.c.happened_at.desc(), outcomes.c.problem_id.desc())
    place = func.row_number().over(partition_by=outcomes.c.family, order_by=newest_first)
    fields = (outcomes.c.family, outcomes.c.first_verdict, outcomes.c.happened_at, place.label("place"))
    latest = select(*fields).where(outcomes.c.learner_id == bindparam("learner")).subquery("latest")
    missed = func.coalesce(latest.c.first_verdict, "") != "right"
    return select(latest.c.family).where(latest.c.place == 1, missed).order_by(latest.c.happened_at.desc(), latest.c.family)


_MISSED = Prepared(_missed())


def add(connection: Connection, drill: DrillRow) -> None:
    """Store a new drill."""
    _INSERT.run(connection, {name: getattr(drill, name) for name in _FIELDS})


def get(connection: Connection, learner_id: UUID, drill_id: UUID) -> DrillRow | None:
    """Return the learner's drill, None if there is none or it is another's."""
    row = _GET.first(connection, {"drill": drill_id})
    return DrillRow(*row) if row is not None and row[1] == learner_id else None


def lock(connection: Connection, drill_id: UUID) -> DrillRow | None:
    """Return the drill and keep others from changing it until the transaction ends; None if there is none of that id.

    Locked before any of its problems, always: two that lock in different orders would wait for each other.
    """
    row = _LOCK.first(connection, {"drill": drill_id})
    return DrillRow(*row) if row is not None else None


def save(connection: Connection, drill: DrillRow) -> None:
    """Store what changes of a drill; the caller holds its lock."""
    _SAVE.run(connection, {"drill": drill.id, **{f"new_{name}": getattr(drill, name) for name in _CHANGING}})


def take(connection: Connection, drill_id: UUID) -> DrillRow | None:
    """Return and lock the drill as `lock` does, but None where someone else has it in hand right now."""
    row = _TAKE.first(connection, {"drill": drill_id})
    return DrillRow(*row) if row is not None else None


def due(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Return up to `limit` running drills whose time is over, the longest over first."""
    return [row[0] for row in _DUE.all(connection, {"now": now, "count": limit})]


def due_of(connection: Connection, learner_id: UUID, now: datetime) -> list[UUID]:
    """Return the learner's running drills whose time is over."""
    return [row[0] for row in _DUE_OF.all(connection, {"learner": learner_id, "now": now})]


def abandoned(connection: Connection, now: datetime, after: timedelta, limit: int) -> list[DrillRow]:
    """Return up to `limit` drills that have been paused for as long as `after`, or left for so long and have no end.

    They are locked, and those that another process has in hand are left out.
    """
    values = {"now": now, "seconds": after.total_seconds(), "count": limit}
    return [DrillRow(*row) for row in _ABANDONED.all(connection, values)]


def room_code(connection: Connection, room_id: UUID) -> str | None:
    """Return the code by which a room is joined, None if the room is gone."""
    row = _ROOM_CODE.first(connection, {"room": room_id})
    return row[0] if row is not None else None


def room_title(connection: Connection, room_id: UUID) -> str | None:
    """Return what the coach calls a room, None if the room is gone."""
    row = _ROOM_TITLE.first(connection, {"room": room_id})
    return row[0] if row is not None else None


def page(connection: Connection, learner_id: UUID, *, before: UUID | None = None, limit: int) -> list[DrillRow]:
    """Return up to `limit` drills of the learner, the newest first, from the one that follows `before` on."""
    query = select(*DRILL_COLUMNS).where(drills.c.learner_id == learner_id)
    if before is not None:
        query = query.where(drills.c.id < before)
    return [DrillRow(*row) for row in connection.execute(query.order_by(drills.c.id.desc()).limit(limit))]


def unfinished(connection: Connection, learner_id: UUID) -> list[DrillRow]:
    """Return the learner's drills that have not ended, the newest first."""
    return [DrillRow(*row) for row in _UNFINISHED.all(connection, {"learner": learner_id})]


def finished(connection: Connection, learner_id: UUID, *, before: UUID | None = None, limit: int) -> list[DrillRow]:
    """Return up to `limit` drills of the learner that have ended, the newest first, from the one that follows `before` on."""
    query = select(*DRILL_COLUMNS).where(drills.c.learner_id == learner_id, drills.c.state == "finished")
    if before is not None:
        query = query.where(drills.c.id < before)
    return [DrillRow(*row) for row in connection.execute(query.order_by(drills.c.id.desc()).limit(limit))]


def missed_families(connection: Connection, learner_id: UUID) -> list[str]:
    """Return the families whose latest problem the learner didn't get right at the first try, the latest missed first."""
    return [row[0] for row in _MISSED.all(connection, {"learner": learner_id})]
