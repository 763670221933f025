from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, func, or_, select, type_coerce

from app.storage.ids import LOCAL_LEARNER
from app.storage.models import identities, learners, tokens
from app.storage.prepared import Prepared
from app.storage.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """Who practises; `role` is learner, coach or admin, `room_id` the one room that a guest may be in."""

    id: UUID
    name: str
    role: str
    language: str
    created_at: datetime
    time_zone: str = "UTC"
    streak: bool = True
    room_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CallerRow:
    """What of a learner decides what they may do, and in which language they are answered; see `LearnerRow`."""

    id: UUID
    role: str
    language: str
    room_id: UUID | None


@dataclass(frozen=True, slots=True)
class SeenLearner:
    """A learner as an admin finds them, with when any token of theirs was used last."""

    row: LearnerRow
    last_used_at: datetime | None


LEARNER_COLUMNS = tuple(learners.c[name] for name in LearnerRow.__slots__)
CALLER_COLUMNS = tuple(learners.c[name] for name in CallerRow.__slots__)

ROSTER = "roster"
"""The issuer of what the list of a class knows people by."""

_INSERT = Prepared(learners.insert())
_GET = Prepared(select(*LEARNER_COLUMNS).where(learners.c.id == bindparam("learner")))
_GET_CALLER = Prepared(select(*CALLER_COLUMNS).where(learners.c.id == bindparam("learner")))
_LOCK = Prepared(select(learners.c.id).where(learners.c.id == bindparam("learner")).with_for_update(key_share=True))
_LAST_USED = select(func.max(tokens.c.last_used_at)).where(tokens.c.learner_id == learners.c.id).scalar_subquery()
_SEEN = select(*LEARNER_COLUMNS, type_coerce(_LAST_USED, UtcDateTime))
_ERASE = Prepared(learners.delete().where(learners.c.id == bindparam("learner")))


def add(connection: Connection, learner: LearnerRow) -> None:
    """Store a new learner."""
    _INSERT.run(connection, {name: getattr(learner, name) for name in LearnerRow.__slots__})


def get(connection: Connection, learner_id: UUID) -> LearnerRow | None:
    """Return the learner, None if there is none of that id."""
    row = _GET.first(connection, {"learner": learner_id})
    return LearnerRow(*row) if row is not None else None


def get_caller(connection: Connection, learner_id: UUID) -> CallerRow | None:
    """Return what every request needs to know of a learner, None if there is none of that id."""
    row = _GET_CALLER.first(connection, {"learner": learner_id})
    return CallerRow(*row) if row is not None else None


def lock(connection: Connection, learner_id: UUID) -> None:
    """Make others who lock the learner wait until the transaction ends; what only refers to the learner goes on."""
    _LOCK.first(connection, {"learner": learner_id})


def update(
    connection: Connection,
    learner_id: UUID,
    *,
    name: str | None = None,
    language: str | None = None,
    role: str | None = None,
    time_zone: str | None = None,
    streak: bool | None = None,
) -> LearnerRow | None:
    """Change what is given and return the learner as it is then, None if there is none of that id."""
    given = {"name": name, "language": language, "role": role, "time_zone": time_zone, "streak": streak}
    changes = {column: value for column, value in given.items() if value is not None}
    if changes:
        connection.execute(learners.update().where(learners.c.id == learner_id).values(changes))
    return get(connection, learner_id)


def add_all(connection: Connection, rows: Sequence[LearnerRow]) -> None:
    """Store many new learners with one statement."""
    if rows:
        connection.execute(learners.insert(), [{name: getattr(row, name) for name in LearnerRow.__slots__} for row in rows])


def page(
    connection: Connection,
    *,
    text: str = "",
    role: str | None = None,
    guests: bool = False,
    before: UUID | None = None,
    limit: int,
) -> list[SeenLearner]:
    """Return up to `limit` learners, the newest first, from the one that follows `before` on.

    With `text` those who have it in their name or in what the list of a class knows them by; guests of rooms only if asked for.
    """
    query = _SEEN.order_by(learners.c.id.desc()).limit(limit)
    if not guests:
        query = query.where(learners.c.room_id.is_(None))
    if role is not None:
        query = query.where(learners.c.role == role)
    if before is not None:
        query = query.where(learners.c.id < before)
    if text:
        known_by = identities.c.subject.icontains(text, autoescape=True)
        listed = exists().where(identities.c.learner_id == learners.c.id, identities.c.issuer == ROSTER, known_by)
        query = query.where(or_(learners.c.name.icontains(text, autoescape=True), listed))
    return [SeenLearner(LearnerRow(*row[:-1]), row[-1]) for row in connection.execute(query)]


def last_used(connection: Connection, learner_id: UUID) -> datetime | None:
    """Return when any token of a learner was used last, None where none ever was."""
    query = select(type_coerce(func.max(tokens.c.last_used_at), UtcDateTime)).where(tokens.c.learner_id == learner_id)
    used: datetime | None = connection.scalar(query)
    return used


def is_last_admin(connection: Connection, learner_id: UUID) -> bool:
    """Whether a learner is the only admin, besides the one of local access.

    All admins are locked until the transaction ends, so that of two who step back at once the second finds the first gone.
    """
    query = select(learners.c.id).where(learners.c.role == "admin", learners.c.id != LOCAL_LEARNER)
    return list(connection.scalars(query.order_by(learners.c.id).with_for_update())) == [learner_id]


def erase(connection: Connection, learner_id: UUID) -> bool:
    """Remove the learner and, through the foreign keys, everything of theirs; False if there was none of that id."""
    return _ERASE.run(connection, {"learner": learner_id}) == 1
