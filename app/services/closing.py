"""The end of a drill, and what holds for its problems until then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from app.errors import DrillPausedError, NotFoundError
from app.services import results
from app.services.blueprints import blueprint_from_json
from app.storage import attempts, drills, problems
from app.storage.drills import DrillRow
from app.storage.problems import ProblemRow


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a problem: tries that count (None is any number), hints, feeding of reviews, and the time's end."""

    tries: int | None = None
    hints: bool = True
    reviews: bool = True
    over: bool = False


FREE: Final = Terms()
"""The terms of a problem that belongs to no drill."""


def terms_of(connection: Connection, drill_id: UUID | None, now: datetime) -> Terms:
    """Return the terms of a drill's problems at `now`, with the drill locked; a drill whose time is over ends by it.

    Raises
    ------
    DrillPausedError
        The clock stands still, so nothing can be answered.
    NotFoundError
        The drill is gone.
    """
    if drill_id is None:
        return FREE
    drill = drills.lock(connection, drill_id)
    if drill is None:
        raise NotFoundError
    drill = settled(connection, drill, now)
    if drill.state == "paused":
        raise DrillPausedError
    blueprint = blueprint_from_json(drill.blueprint)
    return Terms(blueprint.tries, blueprint.hints, blueprint.reviews, drill.state == "finished")


def settled(connection: Connection, drill: DrillRow, now: datetime) -> DrillRow:
    """Return the drill as it is at `now`: one whose time is over is ended at that time. The caller holds its lock."""
    if drill.state == "running" and drill.ends_at is not None and drill.ends_at <= now:
        return ended(connection, drill, drill.ends_at)
    return drill


def ended(connection: Connection, drill: DrillRow, at: datetime) -> DrillRow:
    """End a drill that is running or paused: its problems are closed, and what was withheld is told from now on."""
    # By family: two drills of one learner that end at once take the locks of their reviews in one order.
    for problem in sorted(problems.of_drill(connection, drill.id), key=attrgetter("family")):
        _close(connection, problem, at)
        results.noted(connection, problem.id, at, feed_reviews=blueprint_from_json(drill.blueprint).reviews)
    stood = drill.paused_seconds + pause_of(drill, at).total_seconds()
    finished = replace(drill, state="finished", finished_at=at, paused_at=None, paused_seconds=stood)
    drills.save(connection, finished)
    return finished


def pause_of(drill: DrillRow, now: datetime) -> timedelta:
    """Return how long the clock of a drill has been standing still: nothing while it runs, and never less than that."""
    return timedelta(0) if drill.paused_at is None else max(now - drill.paused_at, timedelta(0))


def _close(connection: Connection, problem: ProblemRow, at: datetime) -> None:
    if problem.withheld:
        right = attempts.last_counted_verdict(connection, problem.id) == "right"
        problems.close(connection, problem.id, "solved" if right else "expired", at)
    elif problem.state == "open":
        problems.close(connection, problem.id, "expired", at)
