"""How you get on: what you know, what keeps going wrong, and how far to trust your own confidence."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import show
from app.api.bodies import Instant, rest_router
from app.api.calibration_documents import CalibrationOut, calibration_out
from app.api.progress_documents import ProgressOut, progress_out
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import language_of
from app.services.confidence import confidence
from app.services.progress import explained, progress

router = rest_router("progress")


@router.get("/progress", summary="Show your progress", response_model=ProgressOut)
async def read(
    request: Request,
    shown: Shown,
    topic: Annotated[
        str | None, Query(max_length=100, description="Only this topic; the days and the streak are of all practice.")
    ] = None,
) -> Response:
    """Show what you know, which mistakes persist and which are overcome, your weeks, your days and your streak.

    Problems of a drill that gives its feedback at the end are in it from then on. Days and weeks are of your time zone.
    """
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> ProgressOut:
        language = language_of(request.scope)
        found = progress(connection, caller.id, now, topic=topic, language=language)
        explain = partial(explained, connection, context.shelf, caller.id, language=language)
        return progress_out(found, explain, language)

    return await show(request, shown, work)


@router.get("/progress/calibration", summary="Show your calibration", response_model=CalibrationOut)
async def read_calibration(
    request: Request,
    shown: Shown,
    since: Annotated[Instant | None, Query(description="Only problems first answered from this time on.")] = None,
) -> Response:
    """Score how sure you were of your first tries by their cross-entropy, with a reliability table and what it means."""

    def work(connection: Connection, caller: Caller) -> CalibrationOut:
        language = language_of(request.scope)
        return calibration_out(confidence(connection, caller.id, language, since), language)

    return await show(request, shown, work)
