"""A drill that was begun: its problems one after the other, its pauses and its end."""

from __future__ import annotations

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
from app.services import drills
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.plans import plan_from_json
from app.services.shelf import Shelf
from app.storage import follow_ups, problems
from app.storage.drills import DrillRow
from app.storage.problems import ProblemRow
from app.web.drill_form import shared_at
from app.web.drill_terms import terms_of
from app.web.drill_view import Stage, Step, end_due, go_on, stage_of, step_of, title_of
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class DrillPage:
    """What `drill.html` is rendered with. `remaining` is in seconds, None without a limit; `link` starts the same drill."""

    id: UUID
    title: str
    terms: tuple[str, ...]
    stage: Stage
    blueprint: Blueprint
    steps: tuple[Step, ...]
    length: int
    remaining: float | None
    in_room: bool
    link: str

    @property
    def address(self) -> str:
        """Where the drill is."""
        return f"/drills/{self.id}"

    @property
    def is_complete(self) -> bool:
        """Whether every problem was handed out."""
        return bool(self.steps) and self.steps[-1].position == self.length

    @property
    def waiting(self) -> tuple[Step, ...]:
        """The problems that were handed out and wait for an answer."""
        return tuple(step for step in self.steps if step.waits)


@router.get("/drills/{drill_id}")
async def show_drill(request: Request, drill_id: UUID) -> Response:
    """Show how far a drill is, and its problems; one that has ended has a report."""
    await end_due(request)
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        drill = drills.find(connection, visitor.caller.id, drill_id)
        if drill.row.state == "finished":
            return To(f"/drills/{drill_id}/report")
        blueprint = blueprint_from_json(drill.row.blueprint)
        page = DrillPage(
            drill_id,
            title_of(connection, drill.row, visitor.language),
            terms_of(blueprint, visitor.language),
            stage_of(drill.row, now),
            blueprint,
            tuple(step_of(row, visitor.language) for row in drill.problems),
            len(plan_from_json(drill.row.plan)),
            drills.remaining_seconds(drill.row, now),
            drill.row.room_id is not None,
            shared_at(drill.row, blueprint, str(request.base_url)),
        )
        return Page("drill.html", page)

    return await look(request, work, guests=True)


@router.post("/drills/{drill_id}/next")
async def take_next(request: Request, drill_id: UUID, after: int | None = None, skip: bool = False) -> Response:
    """Go on to what comes `after` a position: the question that follows it, unless it is skipped, or the next problem."""
    context = context_of(request)

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        shown = problems.of_drill(connection, drill.id)
        here = next((row for row in shown if row.position == after), shown[-1] if shown else None)
        if here is not None and not skip and is_followed_up(connection, drill, here):
            return f"/problems/{here.id}/follow-up"
        return next_after(connection, context.shelf, drill, here, now)

    return await changed(request, drill_id, step)


def is_followed_up(connection: Connection, drill: DrillRow, row: ProblemRow) -> bool:
    """Whether the next thing to answer is the question after a problem: that of an interview, once the problem was answered."""
    asked = drill.state == "running" and row.tries > 0 and blueprint_from_json(drill.blueprint).interview
    said = follow_ups.get(connection, row.id) if asked else None
    return asked and (said is None or said.answer is None)


def next_after(connection: Connection, shelf: Shelf, drill: DrillRow, here: ProblemRow | None, now: datetime) -> str:
    """Return where the next problem is: one that was handed out already, or a new one, with the drill locked.

    After the last one it is the list of all, while some wait for an answer or may be changed; else the drill ends.

    Raises
    ------
    DrillFinishedError, DrillPausedError
        The drill has ended, or its clock stands still.
    """
    shown = problems.of_drill(connection, drill.id)
    later = [row for row in shown if here is not None and (row.position or 0) > (here.position or 0)]
    if later:
        return f"/problems/{later[0].id}"
    try:
        return f"/problems/{drills.hand_out(connection, shelf, drill, now).id}"
    except DrillCompleteError:
        if any(row.state == "open" for row in shown):
            return f"/drills/{drill.id}"
        return f"/drills/{drills.finish(connection, drill, now).id}/report"


@router.post("/drills/{drill_id}/pause")
async def pause(request: Request, drill_id: UUID) -> Response:
    """Stop the clock."""

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        with suppress(DrillPausedError, PauseNotAllowedError):
            drills.pause(connection, drill, now)
        return f"/drills/{drill.id}"

    return await changed(request, drill_id, step)


@router.post("/drills/{drill_id}/resume")
async def resume(request: Request, drill_id: UUID) -> Response:
    """Let the clock go on, if it stands still, and go where the drill goes on."""
    context = context_of(request)

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        with suppress(DrillRunningError):
            drill = drills.resume(connection, drill, now)
        return go_on(connection, context.shelf, drill, now)

    return await changed(request, drill_id, step)


@router.post("/drills/{drill_id}/finish")
async def finish(request: Request, drill_id: UUID) -> Response:
    """End a drill now."""

    def step(connection: Connection, drill: DrillRow, now: datetime) -> str:
        return f"/drills/{drills.finish(connection, drill, now).id}/report"

    return await changed(request, drill_id, step)


async def changed(request: Request, drill_id: UUID, step: Callable[[Connection, DrillRow, datetime], str]) -> Response:
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
