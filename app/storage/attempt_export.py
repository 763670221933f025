"""A learner's attempts from the oldest to the newest, in short reads that follow one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from app.errors import NotFoundError
from app.storage.models import attempts, judgements, problems
from app.storage.prepared import Prepared

BEFORE_ALL = UUID(int=0)
"""The cursor in front of the first attempt."""


class ExportedAttempt(NamedTuple):
    """An attempt with its latest judgement; while that is withheld, what it says is None."""

    id: UUID
    problem_id: UUID
    family: str
    level: int
    number: int
    answers: str
    verdict: str | None
    credit: float | None
    misconception: str | None
    counted: bool
    late: bool
    confidence: float | None
    duration_ms: int | None
    submitted_at: datetime
    family_version: int
    engine_version: str
    grader_version: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which attempts: those at a family, from `since` on, before `until`."""

    family: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, attempt: ExportedAttempt) -> bool:
        """Whether an attempt is one of them."""
        return (
            self.family in (None, attempt.family)
            and (self.since is None or attempt.submitted_at >= self.since)
            and (self.until is None or attempt.submitted_at < self.until)
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """Some attempts in a row, as far as they are wanted, and where to go on: None where nothing follows."""

    attempts: list[ExportedAttempt]
    after: UUID | None


_later = judgements.alias("later")
_latest = (
    select(_later.c.id).where(_later.c.attempt_id == attempts.c.id).order_by(_later.c.id.desc()).limit(1).scalar_subquery()
)
_SOURCES = {"family": problems, "level": problems} | dict.fromkeys(
    ("verdict", "credit", "misconception", "family_version", "engine_version", "grader_version"), judgements
)
_SLICE = Prepared(
    select(*(_SOURCES.get(name, attempts).c[name] for name in ExportedAttempt._fields), problems.c.withheld)
    .join_from(attempts, problems, problems.c.id == attempts.c.problem_id)
    .join(judgements, judgements.c.id == _latest)
    .where(
        attempts.c.learner_id == bindparam("learner"),
        attempts.c.id > bindparam("after"),
        attempts.c.id <= bindparam("newest"),
    )
    .order_by(attempts.c.id)
    .limit(bindparam("count"))
)
_NEWEST = Prepared(
    select(attempts.c.id).where(attempts.c.learner_id == bindparam("learner")).order_by(attempts.c.id.desc()).limit(1)
)


def newest(connection: Connection, learner_id: UUID) -> UUID:
    """Return the learner's newest attempt, where an export that begins now will end; `BEFORE_ALL` if there is none."""
    row = _NEWEST.first(connection, {"learner": learner_id})
    return row[0] if row is not None else BEFORE_ALL


def attempts_after(connection: Connection, learner_id: UUID, wanted: Wanted, *, after: UUID, newest: UUID, size: int) -> Slice:
    """Look at the next `size` attempts of the learner behind `after`, up to `newest`, and return those that are wanted.

    However few are wanted, no read takes longer than another. NotFoundError where the attempts are gone: erased with
    their learner since `newest` was asked for.
    """
    rows = _SLICE.all(connection, {"learner": learner_id, "after": after, "newest": newest, "count": size})
    last = rows[-1][0] if rows else after
    if not rows and last != newest:
        raise NotFoundError
    found = (_told(row) for row in rows)
    return Slice([attempt for attempt in found if wanted.takes(attempt)], None if last == newest else last)


def _told(row: Sequence[Any]) -> ExportedAttempt:
    *fields, withheld = row
    attempt = ExportedAttempt(*fields)
    return attempt._replace(verdict=None, credit=None, misconception=None) if withheld else attempt
