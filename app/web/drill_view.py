"""Drills as pages show them: what they are called, where they stand, and the bar above each of their problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request

from app.edge.context import context_of
from app.edge.languages import Language
from app.services import drills
from app.services.blueprints import blueprint_from_json
from app.services.drill_presets import PRESETS
from app.services.plans import plan_from_json
from app.services.shelf import Shelf
from app.storage import drills as stored_drills
from app.storage import problems
from app.storage.drills import DrillRow
from app.storage.problems import ProblemRow
from app.web.visits import arrived, visit_of
from app.web.words import say

Stage = Literal["running", "paused", "over"]


@dataclass(frozen=True, slots=True)
class DrillBar:
    """The bar above a problem of a drill. `remaining` is in seconds, None without a limit; `position` counts from 1.

    After a problem comes the next one, unless it is the last or an interviewer has a question first.
    """

    drill_id: UUID
    title: str
    position: int
    length: int
    stage: Stage
    remaining: float | None
    pausable: bool
    interview: bool

    @property
    def leads_to_problem(self) -> bool:
        """Whether what comes after this problem is sure to be another one."""
        return self.position < self.length and not self.interview

    @property
    def address(self) -> str:
        """Where the drill is."""
        return f"/drills/{self.drill_id}"

    @property
    def next_action(self) -> str:
        """Where the form goes that asks for what comes after this problem."""
        return f"{self.address}/next?after={self.position}"


@dataclass(frozen=True, slots=True)
class Step:
    """A problem of a drill in its list: `state` says in a word how far it is, and nothing of what is withheld.

    One that was answered or has ended doesn't wait, whether or not it may be answered again.
    """

    position: int
    address: str
    state: str
    sign: str
    waits: bool


def bar_of(connection: Connection, row: ProblemRow, language: Language, now: datetime) -> DrillBar | None:
    """Return the bar above a problem; None where it belongs to no drill."""
    drill = stored_drills.get(connection, row.learner_id, row.drill_id) if row.drill_id is not None else None
    if drill is None:
        return None
    stage, blueprint = stage_of(drill, now), blueprint_from_json(drill.blueprint)
    return DrillBar(
        drill.id,
        title_of(connection, drill, language),
        row.position or 0,
        len(plan_from_json(drill.plan)),
        stage,
        drills.remaining_seconds(drill, now),
        stage == "running" and blueprint.pause,
        blueprint.interview,
    )


def stage_of(drill: DrillRow, now: datetime) -> Stage:
    """Return where a drill stands; one whose time is over is so whether or not that is stored already."""
    if drill.state == "paused":
        return "paused"
    out_of_time = drill.ends_at is not None and drill.ends_at <= now
    return "over" if drill.state == "finished" or out_of_time else "running"


def title_of(connection: Connection, drill: DrillRow, language: Language) -> str:
    """Return what a drill is called: that of a room as its coach calls the room."""
    title = stored_drills.room_title(connection, drill.room_id) if drill.room_id is not None else None
    return title or named(drill.preset, language)


def named(preset: str | None, language: Language) -> str:
    """Return what a drill of a preset is called."""
    known = PRESETS.get(preset or "")
    return known.titles[language] if known else say(language, "A drill of your own")


def step_of(row: ProblemRow, language: Language) -> Step:
    """Return a problem of a drill as it stands in the drill's list."""
    sign, state = _state(row, language)
    return Step(row.position or 0, f"/problems/{row.id}", state, sign, row.state == "open" and row.tries == 0)


def _state(row: ProblemRow, language: Language) -> tuple[str, str]:
    if row.state == "solved":
        return "✓", say(language, "solved")
    if row.state == "revealed":
        return "•", say(language, "solution seen")
    if row.state == "expired":
        return "✗", say(language, "not solved")
    if row.tries:
        return "•", say(language, "answered") if row.withheld else say(language, "not right yet")
    return "○", say(language, "open")


def go_on(connection: Connection, shelf: Shelf, drill: DrillRow, now: datetime) -> str:
    """Return where a running drill goes on: at the problem that was handed out last, or at its first, handed out now.

    The caller holds the drill's lock.
    """
    shown = problems.of_drill(connection, drill.id)
    row = shown[-1] if shown else drills.hand_out(connection, shelf, drill, now)
    return f"/problems/{row.id}"


async def end_due(request: Request) -> None:
    """End the visitor's drills whose time is over, so that what is read next is as it should be."""
    context, visit = context_of(request), visit_of(request)
    now = context.clock()

    def due(connection: Connection) -> tuple[UUID, list[UUID]]:
        visitor = arrived(connection, visit, context, now, anyone=True, guests=True)
        return visitor.caller.id, stored_drills.due_of(connection, visitor.caller.id, now)

    learner_id, over = await context.storage.read(due)

    def end(connection: Connection) -> None:
        for drill_id in over:
            drills.locked(connection, learner_id, drill_id, now)

    if over:
        await context.storage.write(end)
