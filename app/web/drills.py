"""Drills: choosing one, its problems one after the other, its pauses and its end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.errors import DrillCompleteError, DrillFinishedError, DrillPausedError, DrillRunningError, PauseNotAllowedError
from app.services import drills, plans
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.drill_presets import PRESETS, DrillPreset, resolved
from app.services.plans import plan_from_json
from app.storage import problems
from app.storage.drills import DrillRow
from app.web.drill_view import Stage, Step, end_due, go_on, stage_of, step_of, title_of
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class DrillsPage:
    """What `drills.html` is rendered with."""

    presets: tuple[DrillPreset, ...]


@dataclass(frozen=True, slots=True)
class DrillPage:
    """What `drill.html` is rendered with. `remaining` is in seconds, None without a limit; `room` is a code."""

    id: UUID
    title: str
    stage: Stage
    blueprint: Blueprint
    steps: tuple[Step, ...]
    length: int
    remaining: float | None
    room: str | None

    @property
    def address(self) -> str:
        """Where the drill is."""
        return f"/drills/{self.id}"

    @property
    def is_complete(self) -> bool:
        """Whether every problem was handed out."""
        return bool(self.steps) and self.steps[-1].position == self.length

    @property
    def left(self) -> int:
        """How many of the problems that were handed out wait for an answer."""
        return sum(not step.done for step in self.steps)


@router.get("/drills")
async def list_drills(request: Request) -> Response:
    """Offer drills."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("drills.html", DrillsPage(tuple(PRESETS.values())))

    return await look(request, work)


@router.post("/drills")
async def start(request: Request) -> Response:
    """Start a drill and hand out its first problem."""
    context = context_of(request)
    now, seed = context.clock(), secrets.token_hex(16)

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        preset = form.text("preset") or None
        blueprint = resolved(preset, {}, visitor.language)
        plan = plans.planned(connection, visitor.caller.id, blueprint, seed, language=visitor.language)
        terms = (visitor.caller.id, blueprint, plan)
        row = drills.start(connection, *terms, preset=preset, room_id=None, language=visitor.language, now=now)
        return To(go_on(connection, context.shelf, row, now))

    return await act(request, work)


@router.get("/drills/{drill_id}")
async def show_drill(request: Request, drill_id: UUID) -> Response:
    """Show how far a drill is, and its problems; one that has ended has a report."""
    await end_due(request)
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        drill = drills.find(connection, visitor.caller.id, drill_id)
        if drill.row.state == "finished":
            return To(f"/drills/{drill_id}/report")
        page = DrillPage(
            drill_id,
            title_of(drill.row, visitor.language),
            stage_of(drill.row, now),
            blueprint_from_json(drill.row.blueprint),
            tuple(step_of(row, visitor.language) for row in drill.problems),
            len(plan_from_json(drill.row.plan)),
            drills.remaining_seconds(drill.row, now),
            drill.room,
        )
        return Page("drill.html", page)

    return await look(request, work, guests=True)


@router.post("/drills/{drill_id}/next")
async def take_next(request: Request, drill_id: UUID, after: int | None = None) -> Response:
    """Go on to the problem `after` a position: one that was handed out, or else the next one."""
    context = context_of(request)

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        shown = problems.of_drill(connection, drill.id)
        later = [row for row in shown if after is not None and (row.position or 0) > after]
        if later:
            return f"/problems/{later[0].id}"
        try:
            return f"/problems/{drills.hand_out(connection, context.shelf, drill, now).id}"
        except DrillCompleteError:
            if any(row.state == "open" for row in shown):
                return f"/drills/{drill.id}"
            drills.finish(connection, drill, now)
            raise DrillFinishedError from None

    return await _changed(request, drill_id, step)


@router.post("/drills/{drill_id}/pause")
async def pause(request: Request, drill_id: UUID) -> Response:
    """Stop the clock."""

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        with suppress(DrillPausedError, PauseNotAllowedError):
            drills.pause(connection, drill, now)
        return f"/drills/{drill.id}"

    return await _changed(request, drill_id, step)


@router.post("/drills/{drill_id}/resume")
async def resume(request: Request, drill_id: UUID) -> Response:
    """Let the clock go on."""
    context = context_of(request)

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        with suppress(DrillRunningError):
            drill = drills.resume(connection, drill, now)
        return go_on(connection, context.shelf, drill, now)

    return await _changed(request, drill_id, step)


@router.post("/drills/{drill_id}/finish")
async def finish(request: Request, drill_id: UUID) -> Response:
    """End a drill now."""

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        return f"/drills/{drills.finish(connection, drill, now).id}/report"

    return await _changed(request, drill_id, step)


async def _changed(request: Request, drill_id: UUID, step: Callable[[Connection, DrillRow, datetime], str]) -> Response:
    """Take a step of a drill; what can't be taken because it has ended or is paused leads to where that is said."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        drill = drills.locked(connection, visitor.caller.id, drill_id, now)
        try:
            return To(step(connection, drill, now))
        except DrillFinishedError:
            return To(f"/drills/{drill_id}/report")
        except DrillPausedError:
            return To(f"/drills/{drill_id}")

    return await act(request, work, guests=True)
