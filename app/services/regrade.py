"""Judging again what was judged before a family or the grader was mended; nothing that was said is overwritten.

A look at the next problems finds what would change, on a read connection. Carrying it out is one short write, in which
what isn't as it was found is worked out again under its lock, so that what was answered in between is judged too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from app.services import audit
from app.services.replay import LeftAlone, Review, Unreadable, Verdicts, review
from app.storage import attempts, outcomes, regrades
from app.storage.ids import new_id
from app.storage.regrades import ProblemOnFile, RegradeRow
from quiz_bank.engine import ENGINE_VERSION
from quiz_bank.grading import GRADER_VERSION
from quiz_bank.registry import family

BATCH: Final = 50
"""How many problems one write takes at most: on SQLite whoever serves waits for it, some 20 ms where all of them change."""

MOST_EXAMPLES: Final = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One change to look at, without whose it is; the truths and verdicts before and after."""

    family: str
    parameters: str
    truths: tuple[str, str] | None
    verdicts: Verdicts | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What some reviews come to; `refused` attempts can't be read today, and some of them are named in `unreadable`."""

    problems: int = 0
    attempts: int = 0
    corrected: int = 0
    solved: int = 0
    verdicts: Counter[Verdicts] = field(default_factory=Counter)
    left_alone: Counter[LeftAlone] = field(default_factory=Counter)
    refused: int = 0
    unreadable: tuple[Unreadable, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def changed(self) -> int:
        """How many attempts get another judgement."""
        return self.verdicts.total()

    @property
    def changes(self) -> bool:
        """Whether anything is to be stored."""
        return bool(self.corrected or self.changed)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.problems + other.problems,
            self.attempts + other.attempts,
            self.corrected + other.corrected,
            self.solved + other.solved,
            self.verdicts + other.verdicts,
            self.left_alone + other.left_alone,
            self.refused + other.refused,
            (self.unreadable + other.unreadable)[:MOST_EXAMPLES],
            (self.examples + other.examples)[:MOST_EXAMPLES],
        )


@dataclass(frozen=True, slots=True)
class Step:
    """How far a regrade is, and what its last write did; nothing where another process was faster or held a lock."""

    regrade: RegradeRow
    done: Tally = field(default_factory=Tally)


def tally(reviews: Iterable[Review]) -> Tally:
    """Sum up some reviews."""
    every = tuple(reviews)
    changing = [each for each in every if each.changes]
    unreadable = [attempt for each in every for attempt in each.unreadable]
    return Tally(
        problems=len(every),
        attempts=sum(len(each.found.attempts) for each in every),
        corrected=sum(each.truth is not None for each in every),
        solved=sum(each.becomes_solved for each in every),
        verdicts=Counter(rejudged.verdicts for each in every for rejudged in each.rejudged),
        left_alone=Counter(each.left_alone for each in every if each.left_alone),
        refused=len(unreadable),
        unreadable=tuple(unreadable[:MOST_EXAMPLES]),
        examples=tuple(map(_example, changing[:MOST_EXAMPLES])),
    )


def _example(changing: Review) -> Example:
    row = changing.problem
    truths = None if changing.truth is None else (row.truth, changing.truth)
    verdicts = changing.rejudged[0].verdicts if changing.rejudged else None
    return Example(row.family, row.parameters, truths, verdicts)


def look(connection: Connection, slug: str, after: UUID | None, now: datetime, limit: int = BATCH) -> list[Review]:
    """Return what becomes of up to `limit` problems of a family behind `after`; nothing is changed."""
    return [review(problem, now) for problem in regrades.page(connection, slug, after, limit)]


def unfinished(connection: Connection, slug: str, now: datetime) -> RegradeRow | None:
    """Return the regrade of a family by today's versions that was stopped on its way, None if there is none."""
    return regrades.unfinished(connection, _wanted(slug, now))


def begin(connection: Connection, slug: str, now: datetime) -> RegradeRow:
    """Return the regrade of a family by today's versions: a new one, or the one that was stopped or is under way."""
    wanted = _wanted(slug, now)
    begun = regrades.begin(connection, wanted)
    if begun.id == wanted.id:
        audit.note(connection, None, "regrade.begun", begun.id, now, family=slug, family_version=begun.family_version)
    return begun


def _wanted(slug: str, now: datetime) -> RegradeRow:
    return RegradeRow(new_id(), slug, family(slug).version, ENGINE_VERSION, GRADER_VERSION, now)


def carry_on(connection: Connection, regrade: RegradeRow, found: Sequence[Review], now: datetime) -> Step:
    """Store what becomes of the problems that a look behind the regrade's cursor found; none found means the end.

    Of several processes that looked there, one does it. It goes as far as the first problem that somebody has in hand.
    """
    current = regrades.lock(connection, regrade.id)
    if current.cursor != regrade.cursor or current.finished_at is not None:
        return Step(current)
    if not found:
        return _saved(connection, replace(current, finished_at=now), Tally())
    wanted = [each.problem.id for each in found if each.changes]
    free = {problem.row.id: problem for problem in regrades.lock_free(connection, wanted)}
    busy = set(regrades.existing(connection, wanted)) - free.keys()
    reached = list(takewhile(lambda each: each.problem.id not in busy, found))
    if not reached:
        return Step(current)
    again = (_under_lock(each, free[each.problem.id], now) if each.problem.id in free else each for each in reached)
    done = [each for each in again if not each.changes or each.problem.id in free]  # the others were erased meanwhile
    for each in done:
        _store(connection, current.id, each, now)
    return _saved(connection, replace(current, cursor=reached[-1].problem.id), tally(done))


def _under_lock(looked: Review, locked: ProblemOnFile, now: datetime) -> Review:
    """Return what becomes of a problem whose lock is held: what a look found, as long as nothing happened since."""
    return looked if looked.found == locked else review(locked, now)


def _saved(connection: Connection, regrade: RegradeRow, done: Tally) -> Step:
    regrade = replace(
        regrade,
        problems=regrade.problems + done.problems,
        attempts=regrade.attempts + done.attempts,
        corrected=regrade.corrected + done.corrected,
        changed=regrade.changed + done.changed,
    )
    regrades.save(connection, regrade)
    return Step(regrade, done)


def _store(connection: Connection, regrade_id: UUID, done: Review, now: datetime) -> None:
    """Store a review of a problem whose lock is held. Reviews by spaced repetition stay as they were rated."""
    if not done.changes:
        return
    row = done.problem
    if done.truth is not None:
        regrades.correct(connection, regrade_id, row, done.truth, family(row.family).version, now)
    for each in done.rejudged:
        attempts.add_judgement(connection, each.attempt.id, each.judgement)
    if done.becomes_solved:
        regrades.solve(connection, row, now)
    outcomes.refresh(connection, row.id)
