"""Rooms, who is in them, and what a coach sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, case, func, select, update

from app.storage.drills import DRILL_COLUMNS, DrillRow
from app.storage.models import attempts, drills, follow_ups, judgements, learners, problems, regrades, rooms
from app.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room; `blueprint` and `plan` are JSON texts, `again_of` is the room that it repeats."""

    id: UUID
    owner_id: UUID
    code: str
    title: str
    preset: str | None
    blueprint: str
    plan: str
    again_of: UUID | None
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who joined a room, and their drill; a guest has a name and nothing else."""

    drill: DrillRow
    name: str
    guest: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """A problem that a member was handed, with what they would say to the question that follows it."""

    drill_id: UUID
    problem_id: UUID
    position: int
    state: str
    tries: int
    hints: int
    created_at: datetime
    expected_seconds: int
    follow_up_answer: str | None
    mark: float | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to a problem of a room, with its latest judgement: for the coach, from whom nothing is withheld.

    `answers` and `parts` are JSON texts; there are parts only where a misconception was found in them.
    """

    problem_id: UUID
    answers: str
    counted: bool
    late: bool
    confidence: float | None
    duration_ms: int | None
    submitted_at: datetime
    verdict: str
    credit: float
    parts: str | None


_FIELDS = RoomRow.__slots__
_COLUMNS = tuple(rooms.c[name] for name in _FIELDS)
_IN_ROOM = drills.c.room_id == bindparam("room")

_INSERT = Prepared(rooms.insert())
_FIND = Prepared(select(*_COLUMNS).where(rooms.c.code == bindparam("code")))
# Whoever joins inserts rows that refer to the room, so its key stays free.
_LOCK = Prepared(select(*_COLUMNS).where(rooms.c.id == bindparam("room")).with_for_update(key_share=True))
_CLOSE = Prepared(
    update(rooms).where(rooms.c.id == bindparam("room"), rooms.c.closed_at.is_(None)).values(closed_at=bindparam("now"))
)
_DRILL = Prepared(select(*DRILL_COLUMNS).where(_IN_ROOM, drills.c.learner_id == bindparam("learner")))
_MEMBERS = Prepared(
    select(*DRILL_COLUMNS, learners.c.name, learners.c.room_id.is_not(None))
    .join_from(drills, learners, learners.c.id == drills.c.learner_id)
    .where(_IN_ROOM)
    .order_by(drills.c.id)
)
_REACHED = Prepared(
    select(
        *(problems.c.drill_id, problems.c.id, problems.c.position, problems.c.state, problems.c.tries),
        *(problems.c.hints_taken, problems.c.created_at, problems.c.expected_seconds),
        *(follow_ups.c.answer, follow_ups.c.mark, follow_ups.c.remark),
    )
    .join_from(drills, problems, problems.c.drill_id == drills.c.id)
    .outerjoin(follow_ups, follow_ups.c.problem_id == problems.c.id)
    .where(_IN_ROOM)
    .order_by(problems.c.drill_id, problems.c.position)
)
_newest = judgements.alias("newest")
_latest_judgement = (
    select(_newest.c.id).where(_newest.c.attempt_id == attempts.c.id).order_by(_newest.c.id.desc()).limit(1).scalar_subquery()
)
_GIVEN = Prepared(
    select(
        *(attempts.c[name] for name in Given.__slots__ if name in attempts.c),
        *(judgements.c.verdict, judgements.c.credit),
        case((judgements.c.misconception.is_not(None), judgements.c.parts)),
    )
    .join_from(drills, problems, problems.c.drill_id == drills.c.id)
    .join(attempts, attempts.c.problem_id == problems.c.id)
    .join(judgements, judgements.c.id == _latest_judgement)
    .where(_IN_ROOM)
    .order_by(attempts.c.problem_id, attempts.c.number)
)
_OWNER = Prepared(
    select(problems.c.learner_id)
    .join_from(problems, drills, drills.c.id == problems.c.drill_id)
    .where(_IN_ROOM, problems.c.id == bindparam("problem"))
)
_last_attempt = (
    select(attempts.c.id).where(attempts.c.learner_id == drills.c.learner_id).order_by(attempts.c.id.desc()).limit(1)
)
_talk = select(func.max(follow_ups.c.answered_at)).where(follow_ups.c.learner_id == drills.c.learner_id)
_marked = select(func.max(follow_ups.c.marked_at)).where(follow_ups.c.learner_id == drills.c.learner_id)
_hints = select(func.sum(problems.c.hints_taken)).where(problems.c.drill_id == drills.c.id)
_closed = select(func.count()).where(problems.c.drill_id == drills.c.id, problems.c.state != "open")
_VERSION = Prepared(
    select(
        *(drills.c.id, learners.c.name, drills.c.state, drills.c.shown, drills.c.ends_at),
        *(query.scalar_subquery() for query in (_last_attempt, _talk, _marked, _hints, _closed)),
    )
    .join_from(drills, learners, learners.c.id == drills.c.learner_id)
    .where(_IN_ROOM)
    .order_by(drills.c.id)
)
_REGRADED = Prepared(select(func.sum(regrades.c.corrected), func.sum(regrades.c.changed)))


def add(connection: Connection, room: RoomRow) -> None:
    """Store a new room."""
    _INSERT.run(connection, {name: getattr(room, name) for name in _FIELDS})


def find(connection: Connection, code: str) -> RoomRow | None:
    """Return the room of a code, None if there is none."""
    row = _FIND.first(connection, {"code": code})
    return RoomRow(*row) if row is not None else None


def lock(connection: Connection, room_id: UUID) -> RoomRow | None:
    """Return the room and let nobody else join or close it until the transaction ends; None if it is gone."""
    row = _LOCK.first(connection, {"room": room_id})
    return RoomRow(*row) if row is not None else None


def close(connection: Connection, room_id: UUID, now: datetime) -> bool:
    """Take nobody in any more; False if that was so already."""
    return _CLOSE.run(connection, {"room": room_id, "now": now}) == 1


def page(connection: Connection, owner_id: UUID, *, before: UUID | None = None, limit: int) -> list[RoomRow]:
    """Return up to `limit` rooms of a coach, the newest first, from the one that follows `before` on."""
    query = select(*_COLUMNS).where(rooms.c.owner_id == owner_id)
    if before is not None:
        query = query.where(rooms.c.id < before)
    return [RoomRow(*row) for row in connection.execute(query.order_by(rooms.c.id.desc()).limit(limit))]


def drill_of(connection: Connection, room_id: UUID, learner_id: UUID) -> DrillRow | None:
    """Return the drill that a learner has in a room, None if they haven't joined it."""
    row = _DRILL.first(connection, {"room": room_id, "learner": learner_id})
    return DrillRow(*row) if row is not None else None


def count_members(connection: Connection, room_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many have joined each of some rooms; a room that nobody has joined is left out."""
    counted = select(drills.c.room_id, func.count()).where(drills.c.room_id.in_(room_ids)).group_by(drills.c.room_id)
    return {row[0]: row[1] for row in connection.execute(counted)}


def members(connection: Connection, room_id: UUID) -> list[Member]:
    """Return who has joined a room, in the order in which they did."""
    return [Member(DrillRow(*row[:-2]), row[-2], bool(row[-1])) for row in _MEMBERS.all(connection, {"room": room_id})]


def reached(connection: Connection, room_id: UUID) -> list[Reached]:
    """Return every problem that was handed out in a room, by drill and position."""
    return [Reached(*row) for row in _REACHED.all(connection, {"room": room_id})]


def given(connection: Connection, room_id: UUID) -> list[Given]:
    """Return every answer that was given in a room, by problem and in the order in which they came."""
    return [Given(*row) for row in _GIVEN.all(connection, {"room": room_id})]


def owner_of_problem(connection: Connection, room_id: UUID, problem_id: UUID) -> UUID | None:
    """Return whose problem it is, None if it doesn't belong to the room."""
    row = _OWNER.first(connection, {"room": room_id, "problem": problem_id})
    return row[0] if row is not None else None


def version(connection: Connection, room_id: UUID) -> list[list[object]]:
    """Return figures of which one changes with everything that a coach sees of a room.

    A few look-ups in indexes for each member, however much they have answered: it is asked every second.
    """
    return [list(row) for row in (*_VERSION.all(connection, {"room": room_id}), *_REGRADED.all(connection, {}))]
