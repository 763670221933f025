"""Drills: starting one, its problems one after the other, its pauses and its end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from app.errors import (
    DrillCompleteError,
    DrillFinishedError,
    DrillPausedError,
    DrillRunningError,
    FamilyUnavailableError,
    NotFoundError,
    PauseNotAllowedError,
)
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.closing import ended, pause_of, settled
from app.services.plans import Plan, PlanItem, plan_from_json, plan_to_json, variant_of
from app.services.problems import Setting, place
from app.services.shelf import Shelf
from app.storage import drills, learners, problems
from app.storage.drills import DrillRow
from app.storage.ids import new_id
from app.storage.problems import ProblemRow
from quiz_bank.problem import Language, Variant

ABANDONED_AFTER: Final = timedelta(days=7)
"""How long a drill may be paused, or left where it has no limit of time, before it ends."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill with the problems that were handed out, and the code of its room, None where it has none."""

    row: DrillRow
    problems: tuple[ProblemRow, ...]
    room: str | None


def find(connection: Connection, learner_id: UUID, drill_id: UUID) -> Drill:
    """Return a learner's drill as it is stored; NotFoundError where the learner has none of that id."""
    row = drills.get(connection, learner_id, drill_id)
    if row is None:
        raise NotFoundError
    return complete(connection, row)


def complete(connection: Connection, row: DrillRow) -> Drill:
    """Return a drill with all that belongs to it."""
    room = drills.room_code(connection, row.room_id) if row.room_id is not None else None
    return Drill(row, tuple(problems.of_drill(connection, row.id)), room)


def remaining_seconds(drill: DrillRow, now: datetime) -> float | None:
    """Return how much time a drill has left, None where it has no limit.

    Never below zero, nor more than its minutes, whichever way the clock was set meanwhile.
    """
    if drill.ends_at is None:
        return None
    if drill.state == "finished":
        return 0.0
    left = (drill.ends_at - (drill.paused_at or now)).total_seconds()
    return min(max(left, 0.0), (blueprint_from_json(drill.blueprint).minutes or 0) * 60)


def start(
    connection: Connection,
    learner_id: UUID,
    blueprint: Blueprint,
    plan: Plan,
    *,
    preset: str | None,
    room_id: UUID | None,
    language: Language,
    now: datetime,
    seed: str | None = None,
) -> DrillRow:
    """Store and return a new drill, with the seed that its plan was made from; its clock runs from now on."""
    drill = DrillRow(
        id=new_id(),
        learner_id=learner_id,
        room_id=room_id,
        preset=preset,
        blueprint=blueprint.to_json(),
        plan=plan_to_json(plan),
        language=language,
        state="running",
        shown=0,
        started_at=now,
        ends_at=None if blueprint.minutes is None else now + timedelta(minutes=blueprint.minutes),
        paused_at=None,
        paused_seconds=0.0,
        finished_at=None,
        seed=seed,
    )
    drills.add(connection, drill)
    return drill


def under_way(connection: Connection, learner_id: UUID, plan: Plan) -> DrillRow | None:
    """Return the learner's drill that has not ended and asks some of the same problems; None where there is none.

    Two such drills at once could tell in one what the other tells at its end. So the learner is locked: who starts the same
    one twice at once has one.
    """
    learners.lock(connection, learner_id)
    asked = _drawn(plan)
    found = drills.unfinished(connection, learner_id)
    return next((row for row in found if not asked.isdisjoint(_drawn(plan_from_json(row.plan)))), None)


def _drawn(plan: Plan) -> set[tuple[str, int, str]]:
    return {(item.family, item.level, item.seed) for item in plan if item.seed is not None}


def hand_out(connection: Connection, shelf: Shelf, drill: DrillRow, now: datetime) -> ProblemRow:
    """Draw, store and return the next problem of a drill whose lock the caller holds.

    A problem whose family is no longer installed is passed over, so that the drill goes on.

    Raises
    ------
    DrillFinishedError, DrillPausedError, DrillCompleteError
        The drill has ended, its clock stands still, or every problem was handed out.
    """
    if drill.state == "finished":
        raise DrillFinishedError
    if drill.state == "paused":
        raise DrillPausedError
    position, item, variant = _next(drill)
    withheld = blueprint_from_json(drill.blueprint).feedback == "at-end"
    language: Language = "zh" if drill.language == "zh" else "en"
    setting = Setting(language, item.seed, item.preset, drill.id, position, withheld)
    drills.save(connection, replace(drill, shown=position))
    return place(connection, shelf, drill.learner_id, variant, setting, now)


def _next(drill: DrillRow) -> tuple[int, PlanItem, Variant[Any]]:
    """Return the position of the next problem that can be had, from 1, with what asks for it."""
    for position, item in enumerate(plan_from_json(drill.plan), 1):
        if position > drill.shown:
            with suppress(FamilyUnavailableError):
                return position, item, variant_of(item)
    raise DrillCompleteError


def locked(connection: Connection, learner_id: UUID, drill_id: UUID, now: datetime) -> DrillRow:
    """Return the learner's drill as it is at `now`, locked; NotFoundError where the learner has none of that id."""
    drill = drills.lock(connection, drill_id)
    if drill is None or drill.learner_id != learner_id:
        raise NotFoundError
    return settled(connection, drill, now)


def pause(connection: Connection, drill: DrillRow, now: datetime) -> DrillRow:
    """Stop a drill's clock, with the drill locked.

    Raises
    ------
    DrillFinishedError, DrillPausedError, PauseNotAllowedError
        The drill has ended, is paused already, or may not be paused.
    """
    if drill.state == "finished":
        raise DrillFinishedError
    if drill.state == "paused":
        raise DrillPausedError
    if not blueprint_from_json(drill.blueprint).pause:
        raise PauseNotAllowedError
    paused = replace(drill, state="paused", paused_at=now)
    drills.save(connection, paused)
    return paused


def resume(connection: Connection, drill: DrillRow, now: datetime) -> DrillRow:
    """Let a drill's clock go on, with the drill locked: its end moves by as long as it stood still.

    Raises
    ------
    DrillFinishedError, DrillRunningError
        The drill has ended, or is not paused.
    """
    if drill.state == "finished":
        raise DrillFinishedError
    if drill.paused_at is None:
        raise DrillRunningError
    pause = pause_of(drill, now)
    running = replace(
        drill,
        state="running",
        ends_at=drill.ends_at and drill.ends_at + pause,
        paused_at=None,
        paused_seconds=drill.paused_seconds + pause.total_seconds(),
    )
    drills.save(connection, running)
    return running


def finish(connection: Connection, drill: DrillRow, now: datetime) -> DrillRow:
    """End a drill now, with the drill locked; one that has ended stays as it is."""
    if drill.state == "finished":
        return drill
    return ended(connection, drill, max(now, drill.started_at))


def settle(connection: Connection, drill_id: UUID, now: datetime) -> None:
    """End a drill whose time is over, unless someone else is at it."""
    drill = drills.take(connection, drill_id)
    if drill is not None:
        settled(connection, drill, now)


def end_abandoned(connection: Connection, now: datetime, limit: int) -> None:
    """End up to `limit` drills that were left."""
    for drill in drills.abandoned(connection, now, ABANDONED_AFTER, limit):
        finish(connection, drill, now)
