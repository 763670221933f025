"""Drills: starting one, its problems one after the other, its pauses and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from app.errors import DrillCompleteError, DrillFinishedError, DrillPausedError, NotFoundError
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.closing import settled
from app.services.plans import Plan, plan_from_json, plan_to_json, variant_of
from app.services.problems import Setting, place
from app.services.shelf import Shelf
from app.storage import drills
from app.storage.drills import DrillRow
from app.storage.ids import new_id
from app.storage.problems import ProblemRow
from quiz_bank.problem import Language


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
) -> DrillRow:
    """Store and return a new drill; its clock runs from now on."""
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
    )
    drills.add(connection, drill)
    return drill


def hand_out(connection: Connection, shelf: Shelf, drill: DrillRow, now: datetime) -> ProblemRow:
    """Draw, store and return the next problem of a drill whose lock the caller holds.

    Raises
    ------
    DrillFinishedError, DrillPausedError, DrillCompleteError
        The drill has ended, its clock stands still, or every problem was handed out.
    FamilyUnavailableError
        The next problem's family is no longer installed.
    """
    if drill.state == "finished":
        raise DrillFinishedError
    if drill.state == "paused":
        raise DrillPausedError
    plan = plan_from_json(drill.plan)
    if drill.shown >= len(plan):
        raise DrillCompleteError
    item = plan[drill.shown]
    withheld = blueprint_from_json(drill.blueprint).feedback == "at-end"
    language: Language = "zh" if drill.language == "zh" else "en"
    setting = Setting(language, item.seed, item.preset, drill.id, drill.shown + 1, withheld)
    drills.save(connection, replace(drill, shown=drill.shown + 1))
    return place(connection, shelf, drill.learner_id, variant_of(item), setting, now)


def locked(connection: Connection, learner_id: UUID, drill_id: UUID, now: datetime) -> DrillRow:
    """Return the learner's drill as it is at `now`, locked; NotFoundError where the learner has none of that id."""
    drill = drills.lock(connection, drill_id)
    if drill is None or drill.learner_id != learner_id:
        raise NotFoundError
    return settled(connection, drill, now)
