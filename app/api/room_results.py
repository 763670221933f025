"""What a coach sees of a room: the results, live and after, and the marks that they give."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, read
from app.api.bodies import rest_router
from app.api.formats import CSV, MARKDOWN, Named, in_formats, negotiated, sent
from app.api.idempotency import IfOnce
from app.api.openapi import refusals
from app.api.room_documents import MarkIn, MarkOut
from app.api.room_result_documents import CSV_EXAMPLE, MARKDOWN_EXAMPLE, ResultsOut, results_out
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import language_of
from app.services import rooms
from app.services.scorecard_documents import csv, markdown
from app.services.scorecards import Scorecard, scorecard_of
from app.storage.rooms import RoomRow
from quiz_bank.problem import Language

router = rest_router("rooms")


def own_room(connection: Connection, caller: Caller, code: str) -> RoomRow:
    """Return a room to its coach or an admin; to everybody else there is none of that code."""
    return rooms.owned(connection, caller.id, code, admin=caller.role == "admin")


@router.get(
    "/rooms/{code}/results",
    summary="Read the results of a room",
    response_model=ResultsOut,
    responses=in_formats(MARKDOWN_EXAMPLE, CSV_EXAMPLE),
)
async def read_results(request: Request, shown: Shown, code: str, named: Named = None) -> Response:
    """Tell how every candidate does, also while their drills run: from the coach whose room it is nothing is withheld.

    `Accept` or `format` chooses JSON, Markdown (`text/markdown`, a scorecard) or CSV (`text/csv`, a row for each candidate
    and problem).
    """
    media_type, now = negotiated(request, named), context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Scorecard:
        return scorecard_of(connection, own_room(connection, caller, code), language_of(request.scope), now)

    card = await read(request, shown, work, guests=True)
    body = _body(card, media_type, language_of(request.scope))
    return sent(request, body.encode(), media_type, f"crossdrill-room-{card.room.code}")


def _body(card: Scorecard, media_type: str, language: Language) -> str:
    if media_type == MARKDOWN:
        return markdown(card, language)
    return csv(card) if media_type == CSV else results_out(card).model_dump_json()


@router.post(
    "/rooms/{code}/marks",
    summary="Mark what a candidate said",
    status_code=200,
    response_model=MarkOut,
    responses=refusals("idempotency-key-reused"),
)
async def mark(request: Request, shown: Shown, once: IfOnce, code: str, body: MarkIn) -> Response:
    """Mark the answer to a follow-up question, or a pitch, in place of an earlier mark. The candidate reads it."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        room = own_room(connection, caller, code)
        rooms.mark(connection, room, body.problem_id, body.mark, body.remark, now, by=caller.id)
        return Answer(200, MarkOut(problem_id=body.problem_id, mark=body.mark, remark=body.remark, marked_at=now))

    return await change(request, shown, work, once)
