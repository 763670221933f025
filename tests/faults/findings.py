"""What is in the database after a fault, held against what was acknowledged and against what must always be true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, select

from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.models import attempts
from tests.faults.crowd import Crowd
from tests.invariants import broken


@dataclass(frozen=True, slots=True)
class Findings:
    """How many attempts are stored, how many are missing or there twice, and what else is wrong, a sentence each."""

    stored: int
    lost: int
    duplicated: int
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a fault that was tried some times: a row of the table."""

    fault: str
    times: int
    requests: int
    acknowledged: int
    stored: int
    lost: int
    duplicated: int
    faults: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is lost, doubled or otherwise wrong."""
        return not (self.lost or self.duplicated or self.faults)


def examine(url: str, acknowledged: Mapping[int, str], problems: Sequence[str]) -> Findings:
    """Look through a database and, for what is lost or there twice, through the attempts on some problems.

    `acknowledged` are the ids of attempts by serial number.
    """
    own = attempts.c.problem_id.in_([UUID(problem) for problem in problems])
    engine = make_engine(parse_url(url), Purpose.READ)
    with engine.begin() as connection:
        rows = connection.execute(select(attempts.c.id, attempts.c.duration_ms).where(own)).all()
        faults = [*broken(connection), *_damage(connection)]
    stored = {(serial, attempt.hex) for attempt, serial in rows}
    return Findings(
        stored=len(rows),
        lost=len(set(acknowledged.items()) - stored),
        duplicated=len(rows) - len({serial for serial, _ in stored}),
        faults=faults,
    )


def _damage(connection: Connection) -> Iterator[str]:
    """Yield what SQLite finds wrong with its file; PostgreSQL looks after its own."""
    if connection.dialect.name != "sqlite":
        return
    integrity = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if list(integrity) != ["ok"]:
        yield f"integrity: {integrity}"
    if orphans:
        yield f"orphans: {orphans}"


def midway(url: str, crowd: Crowd) -> list[str]:
    """Return what is wrong while clients are at work: what they know to be stored must be there, all of it, once."""
    known = crowd.acknowledged
    found = examine(url, known, crowd.problems)
    counts = ((found.lost, "lost"), (found.duplicated, "duplicated"))
    return [*found.faults, *(f"{count} {what}" for count, what in counts if count)]


def concluded(fault: str, times: int, url: str, crowd: Crowd, faults: list[str]) -> Row:
    """Return the row of a fault after all that was pending was answered."""
    found = examine(url, crowd.acknowledged, crowd.problems)
    wrong = [*faults, *found.faults, *crowd.wrong]
    if found.stored != len(crowd.acknowledged):
        wrong.append(f"{found.stored} attempts are stored and {len(crowd.acknowledged)} were acknowledged")
    return Row(
        fault,
        times,
        crowd.requests,
        len(crowd.acknowledged),
        found.stored,
        found.lost,
        found.duplicated,
        tuple(dict.fromkeys(wrong)),
    )


def is_sound(row: Row) -> bool:
    """Whether something was stored in spite of the fault, and all is well; a failure shows the row."""
    assert row == replace(row, lost=0, duplicated=0, faults=())
    return row.acknowledged == row.stored > 0
