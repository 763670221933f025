"""Rooms: a coach lists them, watches how everybody does, and closes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.services import rooms
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.openings import SELECTION
from app.storage import rooms as stored_rooms
from app.storage.rooms import RoomRow
from app.web.drill_terms import terms_of
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.room_view import Results, results_of
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)

ROOMS_A_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class RoomsPage:
    """What `rooms.html` is rendered with: rooms with how many have joined each; `older` is where the list goes on."""

    rooms: tuple[tuple[RoomRow, int], ...]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class RoomPage:
    """What `room.html` is rendered with; `link` is what candidates follow."""

    room: RoomRow
    terms: tuple[str, ...]
    link: str
    results: Results

    @property
    def address(self) -> str:
        """Where the room is."""
        return f"/rooms/{self.room.code}"


def room_terms(room: RoomRow, language: Language) -> tuple[str, ...]:
    """Return what holds for everyone in a room; which problems come is told by the problems alone."""
    blueprint = blueprint_from_json(room.blueprint)
    anything = {name: getattr(Blueprint(), name) for name in SELECTION if name != "length"}
    return terms_of(replace(blueprint, **anything), language)


@router.get("/rooms")
async def list_rooms(request: Request, before: UUID | None = None) -> Response:
    """List a coach's own rooms, the newest first."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        visitor.caller.require("coach")
        found = stored_rooms.page(connection, visitor.caller.id, before=before, limit=ROOMS_A_PAGE + 1)
        listed = found[:ROOMS_A_PAGE]
        counts = stored_rooms.count_members(connection, [room.id for room in listed])
        older = listed[-1].id if len(found) > ROOMS_A_PAGE else None
        return Page("rooms.html", RoomsPage(tuple((room, counts.get(room.id, 0)) for room in listed), older))

    return await look(request, work)


@router.get("/rooms/{code}")
async def show_room(request: Request, code: str) -> Response:
    """Show a room to its coach: how to join it, and how everybody does."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        room = own_room(connection, visitor, code)
        link = f"{request.url.scheme}://{request.url.netloc}/join/{room.code}"
        results = results_of(connection, room, visitor.language, now)
        return Page("room.html", RoomPage(room, room_terms(room, visitor.language), link, results))

    return await look(request, work)


@router.post("/rooms/{code}/close")
async def close(request: Request, code: str) -> Response:
    """Take nobody in any more."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        room = rooms.close(connection, own_room(connection, visitor, code), now, by=visitor.caller.id)
        return To(f"/rooms/{room.code}")

    return await act(request, work)


def own_room(connection: Connection, visitor: Visitor, code: str) -> RoomRow:
    """Return a room to its coach or an admin; to everybody else there is none of that code."""
    return rooms.owned(connection, visitor.caller.id, code, admin=visitor.caller.role == "admin")
