"""Rooms: a coach opens one, watches how everybody does, and closes it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.services import openings, rooms
from app.services.drill_presets import PRESETS, DrillPreset
from app.services.openings import Decided, RoomWish
from app.services.rooms import CODE_BITS, Opening
from app.storage import rooms as stored_rooms
from app.storage.rooms import RoomRow
from app.web.forms import Form, form_of
from app.web.pages import Page, To, act, look
from app.web.room_view import Results, Terms, results_of, terms_of
from app.web.visits import Visitor, arrived, visit_of

router = APIRouter(include_in_schema=False)

ROOMS_A_PAGE: Final = 20
LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class RoomsPage:
    """What `rooms.html` is rendered with: rooms with how many have joined each; `older` is where the list goes on."""

    rooms: tuple[tuple[RoomRow, int], ...]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class NewRoomPage:
    """What `room_new.html` is rendered with."""

    presets: tuple[DrillPreset, ...]


@dataclass(frozen=True, slots=True)
class RoomPage:
    """What `room.html` is rendered with; `link` is what candidates follow."""

    room: RoomRow
    terms: Terms
    link: str
    results: Results

    @property
    def address(self) -> str:
        """Where the room is."""
        return f"/rooms/{self.room.code}"


@router.get("/rooms")
async def list_rooms(request: Request, before: UUID | None = None) -> Response:
    """List a coach's own rooms, the newest first."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        visitor.caller.require("coach")
        found = stored_rooms.page(connection, visitor.caller.id, before=before, limit=ROOMS_A_PAGE + 1)
        shown = found[:ROOMS_A_PAGE]
        counts = stored_rooms.count_members(connection, [room.id for room in shown])
        older = shown[-1].id if len(found) > ROOMS_A_PAGE else None
        return Page("rooms.html", RoomsPage(tuple((room, counts.get(room.id, 0)) for room in shown), older))

    return await look(request, work)


@router.get("/rooms/new")
async def new_room(request: Request) -> Response:
    """Offer what a room can be opened from."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        visitor.caller.require("coach")
        # What somebody missed can't be asked of everybody.
        presets = tuple(preset for preset in PRESETS.values() if not preset.blueprint.missed_only)
        return Page("room_new.html", NewRoomPage(presets))

    return await look(request, work)


@router.post("/rooms")
async def open_room(request: Request) -> Response:
    """Open a room from a preset, or with the very problems of an earlier one."""
    now, code = context_of(request).clock(), rooms.code_of(secrets.randbits(CODE_BITS))
    again = (await form_of(request, visit_of(request))).text("again")
    opening = None if again else await _opening(request)

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        visitor.caller.require("coach")
        if opening is None:
            return _to(rooms.open_again(connection, visitor.caller.id, again, code, now))
        return _to(rooms.open_room(connection, visitor.caller.id, opening, code, now))

    return await act(request, work)


async def _opening(request: Request) -> Opening:
    """Draw the problems before the writer has to do with it: a hundred take a while."""
    context, visit, seed = context_of(request), visit_of(request), secrets.token_hex(16)
    form, now = await form_of(request, visit), context.clock()

    def decide(connection: Connection) -> Decided:
        visitor = arrived(connection, visit, context.settings, now, anyone=False, guests=False)
        visitor.caller.require("coach")
        title = form.text("title")[:LONGEST_TITLE] or None
        return openings.decided(connection, RoomWish(visitor.language, title, form.text("preset")), seed)

    return await run_in_threadpool(openings.drawn, await context.storage.read(decide), seed)


@router.get("/rooms/{code}")
async def show_room(request: Request, code: str) -> Response:
    """Show a room to its coach: how to join it, and how everybody does."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        room = own_room(connection, visitor, code)
        if code != room.code:
            return _to(room)
        link = f"{request.url.scheme}://{request.url.netloc}/join/{room.code}"
        return Page("room.html", RoomPage(room, terms_of(room), link, results_of(connection, room, visitor.language, now)))

    return await look(request, work)


@router.post("/rooms/{code}/close")
async def close(request: Request, code: str) -> Response:
    """Take nobody in any more."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        return _to(rooms.close(connection, own_room(connection, visitor, code), now))

    return await act(request, work)


def own_room(connection: Connection, visitor: Visitor, code: str) -> RoomRow:
    """Return a room to its coach or an admin; to everybody else there is none of that code."""
    return rooms.owned(connection, visitor.caller.id, code, admin=visitor.caller.role == "admin")


def _to(room: RoomRow) -> To:
    return To(f"/rooms/{room.code}")
