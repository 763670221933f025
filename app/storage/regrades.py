"""What a regrade reads and writes: how far it has come, problems with their attempts, and corrections of the key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, or_, select, text, update

from app.storage.attempts import JudgementRow
from app.storage.ids import new_id
from app.storage.models import attempts, drills, judgements, problems, regrades, truth_corrections
from app.storage.prepared import Prepared
from app.storage.problems import ProblemRow


@dataclass(frozen=True, slots=True)
class RegradeRow:
    """A regrade of one family by one version of family, engine and grader.

    `cursor` is the last problem that is done; `problems` and `attempts` count what was looked at, `corrected` the truths
    and `changed` the verdicts that are others now.
    """

    id: UUID
    family: str
    family_version: int
    engine_version: str
    grader_version: str
    started_at: datetime
    cursor: UUID | None = None
    problems: int = 0
    attempts: int = 0
    corrected: int = 0
    changed: int = 0
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AttemptOnFile:
    """An attempt as it can be judged again, with its latest judgement; `answers` is the JSON that was submitted."""

    judgement: JudgementRow
    id: UUID
    number: int
    answers: str
    counted: bool


@dataclass(frozen=True, slots=True)
class ProblemOnFile:
    """A problem with all its attempts by number; `blueprint` is the JSON of its drill's, None where it has none."""

    row: ProblemRow
    blueprint: str | None
    attempts: tuple[AttemptOnFile, ...]


_FIELDS = RegradeRow.__slots__
_COLUMNS = tuple(regrades.c[name] for name in _FIELDS)
_CHANGING = ("cursor", "problems", "attempts", "corrected", "changed", "finished_at")
_VERSIONS = ("family", "family_version", "engine_version", "grader_version")

_PROBLEM_COLUMNS = tuple(problems.c[name] for name in ProblemRow.__slots__)
_PROBLEMS: Select[Any] = select(*_PROBLEM_COLUMNS, drills.c.blueprint).outerjoin_from(
    problems, drills, drills.c.id == problems.c.drill_id
)

_newest = judgements.alias("newest")
_latest = (
    select(_newest.c.id).where(_newest.c.attempt_id == attempts.c.id).order_by(_newest.c.id.desc()).limit(1).scalar_subquery()
)
_OWN_COLUMNS = ("id", "number", "answers", "counted")
_ATTEMPTS: Select[Any] = (
    select(
        attempts.c.problem_id,
        *(attempts.c[name] for name in _OWN_COLUMNS),
        *(judgements.c[name] for name in JudgementRow.__slots__),
    )
    .join_from(attempts, judgements, judgements.c.id == _latest)
    .order_by(attempts.c.number)
)

# For each problem of a batch, while whoever serves waits for its end.
_ADD_CORRECTION = Prepared(truth_corrections.insert())
_ITS_PROBLEM = update(problems).where(problems.c.id == bindparam("problem"))
_CORRECT = Prepared(_ITS_PROBLEM.values(truth=bindparam("new_truth"), corrected_at=bindparam("now")))
_SOLVE = Prepared(_ITS_PROBLEM.values(state="solved", closed_at=bindparam("new_closed_at")))


def begin(connection: Connection, wanted: RegradeRow) -> RegradeRow:
    """Return the unfinished regrade of the same family and versions, else store and return the `wanted` one."""
    if connection.dialect.name == "postgresql":  # of two that begin at once the second must find the first one's row
        connection.execute(text("LOCK TABLE regrades IN SHARE ROW EXCLUSIVE MODE"))
    found = unfinished(connection, wanted)
    if found is None:
        connection.execute(regrades.insert().values({name: getattr(wanted, name) for name in _FIELDS}))
    return found or wanted


def unfinished(connection: Connection, wanted: RegradeRow) -> RegradeRow | None:
    """Return the unfinished regrade of the same family and versions, None if there is none."""
    same = (regrades.c[name] == getattr(wanted, name) for name in _VERSIONS)
    query = select(*_COLUMNS).where(*same, regrades.c.finished_at.is_(None)).order_by(regrades.c.id).limit(1)
    row = connection.execute(query).first()
    return RegradeRow(*row) if row is not None else None


def lock(connection: Connection, regrade_id: UUID) -> RegradeRow:
    """Return a regrade and keep other processes from going on with it until the transaction ends."""
    query = select(*_COLUMNS).where(regrades.c.id == regrade_id).with_for_update()
    return RegradeRow(*connection.execute(query).one())


def save(connection: Connection, regrade: RegradeRow) -> None:
    """Store how far a regrade has come; the caller holds its lock."""
    values = {name: getattr(regrade, name) for name in _CHANGING}
    connection.execute(update(regrades).where(regrades.c.id == regrade.id).values(values))


def families(connection: Connection) -> list[str]:
    """Return the families of all stored problems."""
    return list(connection.scalars(select(problems.c.family).distinct().order_by(problems.c.family)))


def count(connection: Connection, family: str, after: UUID | None) -> int:
    """Return how many problems of a family follow `after`."""
    return int(connection.scalar(_behind(select(func.count()).select_from(problems), family, after)) or 0)


def page(connection: Connection, family: str, after: UUID | None, limit: int) -> list[ProblemOnFile]:
    """Return up to `limit` problems of a family by id, the oldest first, from the one that follows `after` on."""
    query = _behind(_PROBLEMS, family, after).order_by(problems.c.id).limit(limit)
    return _with_attempts(connection, connection.execute(query).all())


def lock_free(connection: Connection, ids: Iterable[UUID]) -> list[ProblemOnFile]:
    """Return those of some problems that nobody else has in hand, locked, by id.

    It waits for no lock, so whoever serves can hold several in any order: the two never wait for each other. Drills are
    locked before their problems, as everywhere.
    """
    wanted = problems.c.id.in_(list(ids))
    its_drill = select(problems.c.drill_id).where(wanted, problems.c.drill_id.is_not(None))
    free = connection.scalars(select(drills.c.id).where(drills.c.id.in_(its_drill)).with_for_update(skip_locked=True)).all()
    query = _PROBLEMS.where(wanted, or_(problems.c.drill_id.is_(None), problems.c.drill_id.in_(free)))
    query = query.order_by(problems.c.id).with_for_update(of=problems, skip_locked=True)
    return _with_attempts(connection, connection.execute(query).all())


def existing(connection: Connection, ids: Iterable[UUID]) -> list[UUID]:
    """Return those of some problems that were not erased, by id."""
    return list(connection.scalars(select(problems.c.id).where(problems.c.id.in_(list(ids))).order_by(problems.c.id)))


def correct(
    connection: Connection, regrade_id: UUID, problem: ProblemRow, truth: str, family_version: int, now: datetime
) -> None:
    """Give a problem another truth and keep the one before; the caller holds its lock."""
    versions = {"regrade_id": regrade_id, "family_version": family_version}
    truths = {"truth_before": problem.truth, "truth_after": truth}
    values = {"id": new_id(), "problem_id": problem.id, **versions, **truths, "corrected_at": now}
    _ADD_CORRECTION.run(connection, values)
    _CORRECT.run(connection, {"problem": problem.id, "new_truth": truth, "now": now})


def solve(connection: Connection, problem: ProblemRow, now: datetime) -> None:
    """Make a problem a solved one; where it has ended already, that stays when it ended. The caller holds its lock."""
    _SOLVE.run(connection, {"problem": problem.id, "new_closed_at": problem.closed_at or now})


def _behind(query: Select[Any], family: str, after: UUID | None) -> Select[Any]:
    query = query.where(problems.c.family == family)
    return query if after is None else query.where(problems.c.id > after)


def _with_attempts(connection: Connection, rows: Sequence[Sequence[Any]]) -> list[ProblemOnFile]:
    by_problem: dict[UUID, list[AttemptOnFile]] = {row[0]: [] for row in rows}
    for problem_id, *fields in connection.execute(_ATTEMPTS.where(attempts.c.problem_id.in_(list(by_problem)))):
        own, judged = fields[: len(_OWN_COLUMNS)], fields[len(_OWN_COLUMNS) :]
        by_problem[problem_id].append(AttemptOnFile(JudgementRow(*judged), *own))
    return [ProblemOnFile(ProblemRow(*row[:-1]), row[-1], tuple(by_problem[row[0]])) for row in rows]
