from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from app.storage.models import attempts, drills, problems
from app.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem as it was shown; `parameters`, `convention`, `truth` and `shown` are JSON texts.

    `state` is open, solved, revealed or expired. All but state, tries, hints_taken, closed_at and withheld never change,
    unless the key was wrong: then the truth is corrected, at `corrected_at`.
    """

    id: UUID
    learner_id: UUID
    family: str
    family_version: int
    topic: str
    level: int
    language: str
    seed: str | None
    preset: str | None
    parameters: str
    convention: str
    truth: str
    shown: str
    state: str
    tries: int
    hints_taken: int
    created_at: datetime
    closed_at: datetime | None
    engine_version: str
    expected_seconds: int
    drill_id: UUID | None = None
    position: int | None = None
    withheld: bool = False
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What changes of a problem, and how many attempts it has."""

    state: str
    tries: int
    hints_taken: int
    withheld: bool
    corrected_at: datetime | None
    attempts: int


_FIELDS = ProblemRow.__slots__
_COLUMNS = tuple(problems.c[name] for name in _FIELDS)
_OWN = (problems.c.id == bindparam("problem"), problems.c.learner_id == bindparam("learner"))

_INSERT = Prepared(problems.insert())
_GET = Prepared(select(*_COLUMNS).where(*_OWN))
_CHANGING = ("state", "tries", "hints_taken", "withheld", "corrected_at")
_LOCK = Prepared(select(*(problems.c[name] for name in _CHANGING)).where(*_OWN).with_for_update())
_ATTEMPTS = Prepared(
    select(func.coalesce(func.max(attempts.c.number), literal_column("0"))).where(attempts.c.problem_id == bindparam("problem"))
)
_RECORD = Prepared(
    update(problems)
    .where(problems.c.id == bindparam("problem"))
    .values(state=bindparam("new_state"), tries=bindparam("new_tries"), closed_at=bindparam("new_closed_at"))
)
_TRIED = Prepared(update(problems).where(problems.c.id == bindparam("problem")).values(tries=bindparam("new_tries")))
_HINT = Prepared(
    update(problems)
    .where(*_OWN, problems.c.hints_taken < bindparam("available"))
    .values(hints_taken=problems.c.hints_taken + 1)
    .returning(problems.c.hints_taken)
)
_SET_STATE = Prepared(
    update(problems)
    .where(*_OWN, problems.c.state == "open", problems.c.withheld.is_(False))
    .values(state=bindparam("new_state"), closed_at=bindparam("new_closed_at"))
)
_CLOSE = Prepared(
    update(problems)
    .where(problems.c.id == bindparam("problem"))
    .values(state=bindparam("new_state"), closed_at=bindparam("new_closed_at"), withheld=False)
)
_OF_DRILL = Prepared(select(*_COLUMNS).where(problems.c.drill_id == bindparam("drill")).order_by(problems.c.position))
# From the drills that have not ended, which are few: of open problems some learners have many thousands.
_HELD_BACK = (
    drills.c.learner_id == bindparam("learner"),
    drills.c.state != "finished",
    problems.c.drill_id == drills.c.id,
    problems.c.withheld,
)
_WITHHELD = Prepared(select(problems.c.parameters).where(*_HELD_BACK, problems.c.family == bindparam("its_family")))
_WITHHELD_PRESETS = Prepared(select(problems.c.family).where(*_HELD_BACK, problems.c.preset.is_not(None)))
_LAST_ASKED = Prepared(
    select(problems.c.family, func.max(problems.c.created_at))
    .where(problems.c.learner_id == bindparam("learner"))
    .group_by(problems.c.family)
)


def add(connection: Connection, problem: ProblemRow) -> None:
    """Store a new problem."""
    _INSERT.run(connection, {name: getattr(problem, name) for name in _FIELDS})


def get(connection: Connection, learner_id: UUID, problem_id: UUID) -> ProblemRow | None:
    """Return the learner's problem, None if there is none or it is another's."""
    row = _GET.first(connection, {"problem": problem_id, "learner": learner_id})
    return ProblemRow(*row) if row is not None else None


def lock(connection: Connection, learner_id: UUID, problem_id: UUID) -> Progress | None:
    """Return how far the problem is and keep others from changing it until the transaction ends; None as in `get`.

    For a problem whose unchanging part is known already. Needed before `record` and before adding an attempt: several
    processes may serve one PostgreSQL database.
    """
    rows, [[count]] = _LOCK.all_and(connection, _ATTEMPTS, {"problem": problem_id, "learner": learner_id})
    return Progress(*[*rows[0], count]) if rows else None


def record(connection: Connection, problem_id: UUID, *, state: str, tries: int, closed_at: datetime | None) -> None:
    """Store how far an open problem is after an attempt; the caller holds its lock."""
    values = {"problem": problem_id, "new_state": state, "new_tries": tries, "new_closed_at": closed_at}
    # What stays as it is is not written: SQLite would move it in every index that it stands in.
    (_TRIED if state == "open" else _RECORD).tell(connection, values)


def set_state(connection: Connection, learner_id: UUID, problem_id: UUID, state: str, closed_at: datetime) -> bool:
    """End an open problem; False if the learner has no open problem of that id, or what it got is withheld."""
    values = {"problem": problem_id, "learner": learner_id, "new_state": state, "new_closed_at": closed_at}
    return _SET_STATE.run(connection, values) == 1


def close(connection: Connection, problem_id: UUID, state: str, closed_at: datetime) -> None:
    """End a problem whatever its state, and withhold nothing of it any longer; the caller holds the lock of its drill."""
    _CLOSE.run(connection, {"problem": problem_id, "new_state": state, "new_closed_at": closed_at})


def of_drill(connection: Connection, drill_id: UUID) -> list[ProblemRow]:
    """Return the problems of a drill that were shown, in their order."""
    return [ProblemRow(*row) for row in _OF_DRILL.all(connection, {"drill": drill_id})]


def withheld(connection: Connection, learner_id: UUID, family: str) -> list[str]:
    """Return the parameters of a family's problems that the learner has in drills which tell at their end what answers got."""
    return [row[0] for row in _WITHHELD.all(connection, {"learner": learner_id, "its_family": family})]


def families_of_withheld_presets(connection: Connection, learner_id: UUID) -> set[str]:
    """Return the families of those problems of the same kind that are presets."""
    return {row[0] for row in _WITHHELD_PRESETS.all(connection, {"learner": learner_id})}


def take_hint(connection: Connection, learner_id: UUID, problem_id: UUID, available: int) -> int | None:
    """Count one more hint and return its number, from 1; None if all `available` are taken or there is no such problem."""
    values = {"problem": problem_id, "learner": learner_id, "available": available}
    row = _HINT.first(connection, values)
    return row[0] if row is not None else None


def page(
    connection: Connection,
    learner_id: UUID,
    *,
    state: str | None = None,
    family: str | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[ProblemRow]:
    """Return up to `limit` problems of the learner, the newest first, from the one that follows `before` on."""
    query = select(*_COLUMNS).where(problems.c.learner_id == learner_id)
    for column, value in ((problems.c.state, state), (problems.c.family, family)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(problems.c.id < before)
    return [ProblemRow(*row) for row in connection.execute(query.order_by(problems.c.id.desc()).limit(limit))]


def last_asked(connection: Connection, learner_id: UUID) -> dict[str, datetime]:
    """Return when the learner was asked last, for each family that they were ever asked. It reads all of their problems."""
    return {family: at for family, at in _LAST_ASKED.all(connection, {"learner": learner_id})}  # noqa: C416 - rows are sequences
