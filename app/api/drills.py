"""Drills: starting one, its next problem, pauses and the end."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, listed, read, show
from app.api.bodies import rest_router
from app.api.drill_documents import DrillIn, DrillOut, DrillsOut, PresetsOut, drill_out, drill_summary, preset_out
from app.api.etags import tagged
from app.api.idempotency import IfOnce, Once
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.api.problem_documents import NothingIn, ProblemOut, problem_out
from app.edge.access import Caller, Credentials, Shown
from app.edge.context import context_of
from app.edge.languages import choose_language, language_of
from app.services import drills, plans
from app.services.drill_presets import PRESETS, resolved
from app.storage import drills as stored_drills
from app.storage.drills import DrillRow

router = rest_router("drills")


@router.get("/drills/presets", summary="List the drills that have a name", response_model=PresetsOut)
async def list_presets(request: Request) -> Response:
    """List the presets with their blueprints, and what they are called in each language."""
    return tagged(request, PresetsOut(items=[preset_out(preset) for preset in PRESETS.values()]).model_dump_json().encode())


@router.post(
    "/drills",
    summary="Start a drill",
    status_code=201,
    response_model=DrillOut,
    responses=refusals("unsatisfiable-blueprint", "idempotency-key-reused"),
)
async def start(request: Request, shown: Shown, once: IfOnce, body: DrillIn) -> Response:
    """Start a drill of a preset, a blueprint, or both. Its clock runs at once; `/next` hands out the first problem."""
    now, seed = context_of(request).clock(), secrets.token_hex(16)

    def work(connection: Connection, caller: Caller) -> Answer:
        spoken = language_of(request.scope)
        given = body.blueprint.given()
        blueprint = resolved(body.preset, given, spoken)
        plan = plans.planned(connection, caller.id, blueprint, seed, language=spoken, given=given)
        language = spoken if body.language is None else choose_language(body.language)
        terms = (connection, caller.id, blueprint, plan)
        row = drills.start(*terms, preset=body.preset, room_id=None, language=language, now=now, seed=seed)
        return Answer(201, drill_out(drills.complete(connection, row), now), {"location": f"/v1/drills/{row.id}"})

    return await change(request, shown, work, once)


@router.get("/drills", summary="List your drills", response_model=DrillsOut)
async def list_drills(request: Request, shown: Shown, page: PageOf) -> Response:
    """List your drills, the newest first."""
    now = await end_due(request, shown)

    def work(connection: Connection, caller: Caller) -> list[DrillRow]:
        return stored_drills.page(connection, caller.id, before=page.before, limit=page.limit + 1)

    return await listed(request, shown, page, work, lambda row: row.id, lambda row: drill_summary(row, now), guests=True)


@router.get("/drills/{drill_id}", summary="Show a drill", response_model=DrillOut)
async def show_drill(request: Request, shown: Shown, drill_id: UUID) -> Response:
    """Show a drill with the time that is left and the problems that were handed out."""
    now = await end_due(request, shown)

    def work(connection: Connection, caller: Caller) -> DrillOut:
        return drill_out(drills.find(connection, caller.id, drill_id), now)

    return await show(request, shown, work, guests=True)


@router.post(
    "/drills/{drill_id}/next",
    summary="Take the next problem of a drill",
    status_code=201,
    response_model=ProblemOut,
    responses=refusals("drill-finished", "drill-paused", "drill-complete", "idempotency-key-reused"),
)
async def take_next(request: Request, shown: Shown, once: IfOnce, drill_id: UUID, body: NothingIn) -> Response:
    """Hand out the next problem, whether or not those before it were answered: they stay open until the end.

    A problem whose family is no longer installed is passed over, and its position with it.
    """
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        drill = drills.locked(connection, caller.id, drill_id, now)
        row = drills.hand_out(connection, context.shelf, drill, now)
        return Answer(201, problem_out(row), {"location": f"/v1/problems/{row.id}"})

    return await change(request, shown, work, once, guests=True)


@router.post(
    "/drills/{drill_id}/pause",
    summary="Stop a drill's clock",
    status_code=200,
    response_model=DrillOut,
    responses=refusals("pause-not-allowed", "drill-paused", "drill-finished", "idempotency-key-reused"),
)
async def pause(request: Request, shown: Shown, once: IfOnce, drill_id: UUID, body: NothingIn) -> Response:
    """Stop the clock; nothing can be answered until it goes on. A drill that is paused for 7 days ends."""
    return await _changed(request, shown, once, drill_id, drills.pause)


@router.post(
    "/drills/{drill_id}/resume",
    summary="Let a drill's clock go on",
    status_code=200,
    response_model=DrillOut,
    responses=refusals("drill-running", "drill-finished", "idempotency-key-reused"),
)
async def resume(request: Request, shown: Shown, once: IfOnce, drill_id: UUID, body: NothingIn) -> Response:
    """Let the clock go on; the end moves by as long as it stood still."""
    return await _changed(request, shown, once, drill_id, drills.resume)


@router.post(
    "/drills/{drill_id}/finish",
    summary="End a drill",
    status_code=200,
    response_model=DrillOut,
    responses=refusals("idempotency-key-reused"),
)
async def finish(request: Request, shown: Shown, once: IfOnce, drill_id: UUID, body: NothingIn) -> Response:
    """End a drill now, and tell what was withheld until then. One that has ended stays as it is."""
    return await _changed(request, shown, once, drill_id, drills.finish)


async def _changed(
    request: Request,
    credentials: Credentials,
    once: Once | None,
    drill_id: UUID,
    step: Callable[[Connection, DrillRow, datetime], DrillRow],
) -> Response:
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        row = step(connection, drills.locked(connection, caller.id, drill_id, now), now)
        return Answer(200, drill_out(drills.complete(connection, row), now))

    return await change(request, credentials, work, once, guests=True)


async def end_due(request: Request, credentials: Credentials) -> datetime:
    """End the caller's drills whose time is over, so that what is read next is as it should be; return the time."""
    context = context_of(request)
    now = context.clock()

    def due(connection: Connection, caller: Caller) -> list[tuple[UUID, UUID]]:
        return [(caller.id, drill_id) for drill_id in stored_drills.due_of(connection, caller.id, now)]

    over = await read(request, credentials, due, guests=True)

    def end(connection: Connection) -> None:
        for learner_id, drill_id in over:
            drills.locked(connection, learner_id, drill_id, now)

    if over:
        await context.storage.write(end)
    return now
