"""Joining a room: by its code, as oneself or with a name alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.access import SESSION
from app.edge.context import context_of
from app.errors import ForgedFormError, NotFoundError, RoomClosedError
from app.services import accounts, rooms
from app.services.accounts import TOKEN_MARK
from app.services.blueprints import blueprint_from_json
from app.storage import rooms as stored_rooms
from app.storage.drills import DrillRow
from app.storage.rooms import RoomRow
from app.storage.tokens import find_learner_by_digest, is_known
from app.web.drill_view import go_on
from app.web.forms import Form, secret_of
from app.web.pages import Page, To, act, look
from app.web.rooms import room_terms
from app.web.visits import Visitor
from app.web.words import say

router = APIRouter(include_in_schema=False)

Work = Callable[[Connection, Visitor, Form], Page | To]

LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class CodePage:
    """What `join_code.html` is rendered with: what was typed as a code, and what is wrong with it."""

    typed: str = ""
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class JoinPage:
    """What `join.html` is rendered with; `timed`: a clock will run, `elsewhere`: the visitor is the guest of another room."""

    room: RoomRow
    terms: tuple[str, ...]
    timed: bool
    elsewhere: bool
    name: str = ""
    complaint: str = ""

    @property
    def address(self) -> str:
        """Where the room is joined."""
        return f"/join/{self.room.code}"


@router.get("/join")
async def ask_for_code(request: Request, code: str | None = None) -> Response:
    """Ask for the code of a room, and lead to where it is joined."""

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        if code is None:
            return Page("join_code.html", CodePage())
        read = rooms.read_code(code)
        return _no_such_room(visitor, code) if read is None else To(f"/join/{read}")

    return await look(request, work, anyone=True, guests=True)


def _no_such_room(visitor: Visitor, typed: str) -> Page:
    complaint = say(visitor.language, "No room has this code. Check it with whoever gave it to you.")
    return Page("join_code.html", CodePage(typed[:40], complaint), 404)


@router.get("/join/{code}")
async def show_door(request: Request, code: str) -> Response:
    """Say what a room is and on which terms, to whoever has its code; who has joined it already goes on."""

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        try:
            room = rooms.find(connection, code)
        except NotFoundError:
            return _no_such_room(visitor, code)
        drill = stored_rooms.drill_of(connection, room.id, visitor.caller.id)
        return _door(room, visitor) if drill is None else _to(drill.id)

    return await look(request, work, anyone=True, guests=True)


def _door(room: RoomRow, visitor: Visitor, name: str = "", complaint: str = "", *, status: int = 200) -> Page:
    elsewhere = visitor.caller.room not in (None, room.id)
    timed = blueprint_from_json(room.blueprint).minutes is not None
    page = JoinPage(room, room_terms(room, visitor.language), timed, elsewhere, name, complaint)
    return Page("join.html", page, status)


@router.post("/join/{code}")
async def join(request: Request, code: str) -> Response:
    """Join a room as oneself: then the clock runs, and the first problem is there."""
    context = context_of(request)
    now = context.clock()

    def enter(connection: Connection, room: RoomRow, visitor: Visitor, form: Form) -> To:
        _, drill, _ = rooms.join(connection, room.code, visitor.caller.id, visitor.language, now)
        return To(go_on(connection, context.shelf, drill, now))

    return await act(request, _entering(code, enter), guests=True)


@router.post("/join/{code}/guest")
async def join_as_guest(request: Request, code: str) -> Response:
    """Join a room with a name alone, and be the guest of that name in this browser."""
    context = context_of(request)
    now = context.clock()

    def enter(connection: Connection, room: RoomRow, visitor: Visitor, form: Form) -> Page | To:
        name = form.text("name")
        if not 0 < len(name) <= LONGEST_NAME:
            complaint = say(visitor.language, "Give a name of 1 to %(most)s characters.", most=LONGEST_NAME)
            return _door(room, visitor, name, complaint, status=422)
        secret = secret_of(visitor.visit, form, f"guest {room.id}")
        drill = _of_guest(connection, room, secret, now)
        if drill is None:
            _, drill, _ = rooms.join_as_guest(connection, room.code, name, visitor.language, secret, now)
        return To(go_on(connection, context.shelf, drill, now), {SESSION: TOKEN_MARK + secret})

    return await act(request, _entering(code, enter), anyone=True, guests=True)


def _entering(code: str, enter: Callable[[Connection, RoomRow, Visitor, Form], Page | To]) -> Work:
    """Return the work of joining, which shows the door again where that can't be."""

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        try:
            room = rooms.find(connection, code)
        except NotFoundError:
            return _no_such_room(visitor, code)
        if visitor.caller.room not in (None, room.id):
            return _door(room, visitor, status=403)
        before = stored_rooms.drill_of(connection, room.id, visitor.caller.id)
        if before is not None:
            return _to(before.id)
        try:
            return enter(connection, room, visitor, form)
        except RoomClosedError:
            return _door(rooms.find(connection, code), visitor, status=409)

    return work


def _of_guest(connection: Connection, room: RoomRow, secret: str, now: datetime) -> DrillRow | None:
    """Return the drill of the guest whom the form has made already, None where it comes for the first time.

    ForgedFormError where that guest has left since.
    """
    stored_rooms.lock(connection, room.id)
    digest = accounts.digest(TOKEN_MARK + secret)
    guest = find_learner_by_digest(connection, digest, now)
    if guest is not None:
        return stored_rooms.drill_of(connection, room.id, guest.id)
    if is_known(connection, digest):
        raise ForgedFormError
    return None


def _to(drill_id: UUID) -> To:
    return To(f"/drills/{drill_id}")
