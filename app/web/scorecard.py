"""What a coach reads, prints and marks of a room: its scorecard, and all of one candidate's answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.errors import NotFoundError
from app.services import rooms
from app.storage.rooms import RoomRow
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.room_view import Outcome, Results, Standing, results_of
from app.web.rooms import own_room
from app.web.visits import Visitor
from app.web.words import say

router = APIRouter(include_in_schema=False)

LONGEST_REMARK: Final = 4000


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """What `scorecard.html` is rendered with."""

    room: RoomRow
    results: Results


@dataclass(frozen=True, slots=True)
class Marking:
    """What was typed as a mark of a problem and can't be one, and why."""

    problem_id: UUID
    mark: str
    remark: str
    complaint: str


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """What `candidate.html` is rendered with; `saved` is the position of the problem that was marked just now."""

    room: RoomRow
    candidate: Standing
    marking: Marking | None = None
    saved: int | None = None

    def typed_mark(self, outcome: Outcome) -> str:
        """Return what stands in the field of a mark."""
        if self.marking and self.marking.problem_id == outcome.problem_id:
            return self.marking.mark
        return "" if outcome.mark is None else f"{outcome.mark:g}"

    def typed_remark(self, outcome: Outcome) -> str:
        """Return what stands in the field of a remark."""
        return self.marking.remark if self.marking and self.marking.problem_id == outcome.problem_id else outcome.remark

    def complaint(self, outcome: Outcome) -> str:
        """Return what is wrong with what was typed, empty where nothing is."""
        return self.marking.complaint if self.marking and self.marking.problem_id == outcome.problem_id else ""


@router.get("/rooms/{code}/scorecard")
async def show_scorecard(request: Request, code: str) -> Response:
    """Show everybody's results as a document to print."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        room = own_room(connection, visitor, code)
        return Page("scorecard.html", ScorecardPage(room, results_of(connection, room, visitor.language, now)))

    return await look(request, work)


@router.get("/rooms/{code}/candidates/{drill_id}")
async def show_candidate(request: Request, code: str, drill_id: UUID, saved: int | None = None) -> Response:
    """Show all answers of a candidate, with a form for a mark beside each that people have to judge."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        room = own_room(connection, visitor, code)
        candidate = _candidate(connection, room, drill_id, visitor, now)
        return Page("candidate.html", CandidatePage(room, candidate, saved=saved))

    return await look(request, work)


@router.post("/rooms/{code}/candidates/{drill_id}")
async def mark(request: Request, code: str, drill_id: UUID) -> Response:
    """Mark what a candidate said or explained, in place of an earlier mark."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        room = own_room(connection, visitor, code)
        candidate = _candidate(connection, room, drill_id, visitor, now)
        position, problem_id = _handed_out(candidate, form.whole("position"))
        typed = Marking(problem_id, form.text("mark"), form.text("remark"), _complaint(form, visitor.language))
        if typed.complaint:
            return Page("candidate.html", CandidatePage(room, candidate, typed), 422)
        rooms.mark(connection, room, problem_id, _share(typed.mark), typed.remark or None, now, by=visitor.caller.id)
        return To(f"/rooms/{room.code}/candidates/{drill_id}?saved={position}#problem-{position}")

    return await act(request, work)


def _candidate(connection: Connection, room: RoomRow, drill_id: UUID, visitor: Visitor, now: datetime) -> Standing:
    everybody = results_of(connection, room, visitor.language, now).candidates
    found = next((candidate for candidate in everybody if candidate.drill_id == drill_id), None)
    if found is None:
        raise NotFoundError
    return found


def _handed_out(candidate: Standing, position: int | None) -> tuple[int, UUID]:
    for outcome in candidate.outcomes:
        if outcome.problem_id is not None and outcome.asked.position == position:
            return position, outcome.problem_id
    raise NotFoundError


def _complaint(form: Form, language: Language) -> str:
    mark, remark = form.text("mark"), form.text("remark")
    if mark and _share(mark) is None:
        return say(language, "Give a mark from 0 to 1, such as 0.75, or leave it empty.")
    if len(remark) > LONGEST_REMARK:
        return say(language, "Keep the remark under %(most)s characters.", most=LONGEST_REMARK)
    return ""


def _share(typed: str) -> float | None:
    """Return the number from 0 to 1 that was typed, None where it isn't one."""
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None
