"""What a learner has practised, as plain tuples: there may be ten thousands of them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, or_, select

from app.storage.models import outcomes
from app.storage.prepared import Prepared
from app.storage.types import UtcDateTime


class Practised(NamedTuple):
    """What came of a problem. `right` is of the first try that counted, None where there was none.

    `misconception` is what that try showed; `seconds` is None where nobody knows how long it took.
    """

    family: str
    topic: str
    happened_at: datetime
    right: bool | None
    misconception: str | None
    seconds: float | None
    expected_seconds: int
    solved: bool


class Sure(NamedTuple):
    """How sure a learner was that a first try was right, whether it was, and how many `times` that was so in a topic."""

    topic: str
    confidence: float
    right: bool
    times: int


_RIGHT = outcomes.c.first_verdict == "right"
_OWN = outcomes.c.learner_id == bindparam("learner")
_COLUMNS = {**{column.name: column for column in outcomes.c}, "right": _RIGHT}

_PRACTISED = Prepared(
    select(*(_COLUMNS[name].label(name) for name in Practised._fields))
    .where(_OWN)
    .order_by(outcomes.c.family, outcomes.c.happened_at)  # as the index has them
)
_PROBLEM = Prepared(
    select(outcomes.c.problem_id)
    .where(_OWN, outcomes.c.happened_at == bindparam("at"), outcomes.c.family == bindparam("slug"))
    .limit(1)
)
_SINCE = bindparam("since", type_=UtcDateTime)
_SURE = Prepared(
    select(outcomes.c.topic, outcomes.c.confidence, _RIGHT.label("right"), func.count().label("times"))
    .where(_OWN, outcomes.c.confidence.is_not(None), outcomes.c.first_verdict.is_not(None))
    .where(or_(_SINCE.is_(None), outcomes.c.happened_at >= _SINCE))
    .group_by(outcomes.c.topic, outcomes.c.confidence, outcomes.c.first_verdict)
)


def practised(connection: Connection, learner_id: UUID) -> list[Practised]:
    """Return what came of every problem of the learner whose result may be known: by family, each from the oldest on."""
    return [Practised._make(row) for row in _PRACTISED.all(connection, {"learner": learner_id})]


def problem_of(connection: Connection, learner_id: UUID, row: Practised) -> UUID:
    """Return which of the learner's problems a row of `practised` is about."""
    [[problem_id]] = _PROBLEM.all(connection, {"learner": learner_id, "at": row.happened_at, "slug": row.family})
    found: UUID = problem_id
    return found


def sure(connection: Connection, learner_id: UUID, since: datetime | None = None) -> list[Sure]:
    """Return the first tries, from `since` on, of which the learner said how sure they were, those alike in one row."""
    return [Sure._make(row) for row in _SURE.all(connection, {"learner": learner_id, "since": since})]
