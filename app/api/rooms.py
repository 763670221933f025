"""Rooms: opening one, joining it, closing it."""

from __future__ import annotations

import asyncio
import secrets
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, listed, read, show
from app.api.bodies import rest_router
from app.api.drill_documents import drill_out
from app.api.field_texts import field_text
from app.api.idempotency import IfOnce
from app.api.learners import SECRET_BYTES
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.api.problem_documents import NothingIn
from app.api.room_documents import JoinIn, JoinOut, RoomIn, RoomOut, RoomsOut, room_out, room_summary
from app.edge.access import NOBODY, Caller, Credentials, Shown
from app.edge.context import context_of
from app.edge.languages import choose_language, language_of
from app.errors import FieldError, GuestError, InvalidInputError
from app.services import drills, openings, rooms
from app.services.accounts import NewToken
from app.services.openings import RoomWish
from app.services.rooms import CODE_BITS, Opening
from app.services.texts import text
from app.storage import rooms as stored_rooms
from app.storage.drills import DrillRow
from app.storage.rooms import RoomRow
from quiz_bank.problem import Language

router = rest_router("rooms")


@router.post(
    "/rooms",
    summary="Open a room",
    status_code=201,
    response_model=RoomOut,
    responses=refusals("forbidden", "not-found", "unsatisfiable-blueprint", "idempotency-key-reused"),
)
async def create(request: Request, shown: Shown, once: IfOnce, body: RoomIn) -> Response:
    """Open a room: whoever joins by its code is asked the same problems, with the same numbers, in the same order.

    For coaches. The problems are drawn now, and stay what they are whatever becomes of the bank.
    """
    now, code = context_of(request).clock(), rooms.code_of(secrets.randbits(CODE_BITS))
    if body.again is not None:
        return await _open_again(request, shown, once, body, code)
    opening = await _opening(request, shown, body)

    def work(connection: Connection, caller: Caller) -> Answer:
        caller.require("coach")
        return _opened(rooms.open_room(connection, caller.id, opening, code, now))

    return await change(request, shown, work, once)


async def _opening(request: Request, credentials: Credentials, body: RoomIn) -> Opening:
    """Draw the problems before the writer has to do with it: a hundred take a while."""
    seed = secrets.token_hex(16)

    def decide(connection: Connection, caller: Caller) -> openings.Decided:
        caller.require("coach")
        choices = None if body.problems is None else tuple(problem.choice() for problem in body.problems)
        wish = RoomWish(_language(request, body.language), body.title, body.preset, body.blueprint.given(), choices)
        return openings.decided(connection, wish, seed)

    return await asyncio.to_thread(openings.drawn, await read(request, credentials, decide), seed)


async def _open_again(request: Request, credentials: Credentials, once: IfOnce, body: RoomIn, code: str) -> Response:
    now, before = context_of(request).clock(), body.again or ""

    def work(connection: Connection, caller: Caller) -> Answer:
        caller.require("coach")
        for name in ("title", "preset", "blueprint", "problems"):
            if name in body.model_fields_set:
                detail = text("again-already", language_of(request.scope))
                raise InvalidInputError(errors=(FieldError(f"/{name}", detail),))
        return _opened(rooms.open_again(connection, caller.id, before, code, now))

    return await change(request, credentials, work, once)


def _opened(room: RoomRow) -> Answer:
    return Answer(201, room_out(room, 0), {"location": f"/v1/rooms/{room.code}"})


def _language(request: Request, asked: str | None) -> Language:
    return language_of(request.scope) if asked is None else choose_language(asked)


@router.get("/rooms", summary="List your rooms", response_model=RoomsOut, responses=refusals("forbidden"))
async def list_rooms(request: Request, shown: Shown, page: PageOf) -> Response:
    """List the rooms that you opened, the newest first."""

    def work(connection: Connection, caller: Caller) -> list[tuple[RoomRow, int]]:
        caller.require("coach")
        found = stored_rooms.page(connection, caller.id, before=page.before, limit=page.limit + 1)
        counts = stored_rooms.count_members(connection, [room.id for room in found])
        return [(room, counts.get(room.id, 0)) for room in found]

    return await listed(request, shown, page, work, lambda found: found[0].id, lambda found: room_summary(*found))


@router.get("/rooms/{code}", summary="Show a room", response_model=RoomOut)
async def show_room(request: Request, shown: Shown, code: str) -> Response:
    """Show a room by its code: what it is called and on which terms; to its coach also what it asks. Needs no token."""

    def work(connection: Connection, caller: Caller) -> RoomOut:
        room = rooms.find(connection, code)
        _keep_to_own(caller, room.id)
        whole = caller.role == "admin" or caller.id == room.owner_id
        return room_out(room, stored_rooms.count_members(connection, [room.id]).get(room.id, 0) if whole else None)

    return await show(request, shown, work, anyone=True, guests=True)


def _keep_to_own(caller: Caller, room_id: UUID) -> None:
    if caller.room not in (None, room_id):
        raise GuestError


@router.post(
    "/rooms/{code}/close",
    summary="Close a room",
    status_code=200,
    response_model=RoomOut,
    responses=refusals("idempotency-key-reused"),
)
async def close(request: Request, shown: Shown, once: IfOnce, code: str, body: NothingIn) -> Response:
    """Take nobody in any more. Drills that run go on; closing twice changes nothing."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        room = rooms.owned(connection, caller.id, code, admin=caller.role == "admin")
        count = stored_rooms.count_members(connection, [room.id]).get(room.id, 0)
        return Answer(200, room_out(rooms.close(connection, room, now, by=caller.id), count))

    return await change(request, shown, work, once)


@router.post(
    "/rooms/{code}/drills",
    summary="Join a room",
    status_code=201,
    response_model=JoinOut,
    responses={
        200: {"model": JoinOut, "description": "You have joined before: the same drill"},
        **refusals("room-closed", "idempotency-key-reused"),
    },
)
async def join(request: Request, shown: Shown, once: IfOnce, code: str, body: JoinIn) -> Response:
    """Join a room by its code; the clock of your drill runs at once, and `/v1/drills/{id}/next` hands out its problems.

    Without a token you join as a guest, by name alone: the answer has a token that is good for this room, for 30 days.
    """
    now, secret = context_of(request).clock(), secrets.token_urlsafe(SECRET_BYTES)

    def work(connection: Connection, caller: Caller) -> Answer:
        _keep_to_own(caller, rooms.find(connection, code).id)
        language = _language(request, body.language)
        if shown.digest is None and (body.name is not None or caller.id == NOBODY):
            room, drill, token = rooms.join_as_guest(connection, code, _name(request, body), language, secret, now)
            made = _joined(connection, room, drill, token)
            return Answer(201, made, _at(drill), made.model_copy(update={"token": None}), drill.learner_id)
        room, drill, is_new = rooms.join(connection, code, caller.id, language, now)
        return Answer(201 if is_new else 200, _joined(connection, room, drill, None), _at(drill))

    def _joined(connection: Connection, room: RoomRow, drill: DrillRow, token: NewToken | None) -> JoinOut:
        return JoinOut(
            title=room.title,
            drill=drill_out(drills.complete(connection, drill), now),
            token=token and token.text,
            expires_at=token and token.row.expires_at,
        )

    return await change(request, shown, work, once, anyone=True, guests=True)


def _name(request: Request, body: JoinIn) -> str:
    if body.name is None:
        raise InvalidInputError(errors=(FieldError("/name", field_text("missing", language_of(request.scope))),))
    return body.name


def _at(drill: DrillRow) -> dict[str, str]:
    return {"location": f"/v1/drills/{drill.id}"}
