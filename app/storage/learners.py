from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from app.storage.models import learners
from app.storage.prepared import Prepared


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


LEARNER_COLUMNS = tuple(learners.c[name] for name in LearnerRow.__slots__)

_INSERT = Prepared(learners.insert())
_GET = Prepared(select(*LEARNER_COLUMNS).where(learners.c.id == bindparam("learner")))
_ERASE = Prepared(learners.delete().where(learners.c.id == bindparam("learner")))


def add(connection: Connection, learner: LearnerRow) -> None:
    """Store a new learner."""
    _INSERT.run(connection, {name: getattr(learner, name) for name in LearnerRow.__slots__})


def get(connection: Connection, learner_id: UUID) -> LearnerRow | None:
    """Return the learner, None if there is none of that id."""
    row = _GET.first(connection, {"learner": learner_id})
    return LearnerRow(*row) if row is not None else None


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


def erase(connection: Connection, learner_id: UUID) -> bool:
    """Remove the learner and, through the foreign keys, everything of theirs; False if there was none of that id."""
    return _ERASE.run(connection, {"learner": learner_id}) == 1
