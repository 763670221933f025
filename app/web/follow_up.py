"""What an interviewer asks after a problem, answered in one's own words."""

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
from app.errors import AnswerFirstError, DrillFinishedError, DrillPausedError, NotFoundError
from app.services import drills, follow_ups
from app.services.follow_ups import FollowUp
from app.web.drill_steps import next_after
from app.web.drill_view import DrillBar, bar_of, end_due
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor
from app.web.words import say
from quiz_bank import rendering

router = APIRouter(include_in_schema=False)

LONGEST_ANSWER: Final = 4000


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """What `follow_up.html` is rendered with; `question` is Markdown."""

    problem_id: UUID
    title: str
    question: str
    answer: str
    drill: DrillBar | None
    complaint: str = ""

    @property
    def address(self) -> str:
        """Where the problem is."""
        return f"/problems/{self.problem_id}"


@router.get("/problems/{problem_id}/follow-up")
async def show_follow_up(request: Request, problem_id: UUID) -> Response:
    """Ask what comes after a problem that was answered; before that there is only the problem."""
    await end_due(request)
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        try:
            found = follow_ups.find(connection, context.shelf, visitor.caller.id, problem_id)
        except AnswerFirstError:
            return To(f"/problems/{problem_id}")
        return _page(connection, visitor, found, now)

    return await look(request, work, guests=True)


@router.post("/problems/{problem_id}/follow-up")
async def answer_follow_up(request: Request, problem_id: UUID) -> Response:
    """Store the answer, and go on to the next problem."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        learner_id, text = visitor.caller.id, form.text("answer")
        row = context.shelf.problem(connection, learner_id, problem_id).row
        if row.drill_id is None:
            raise NotFoundError
        try:
            found = follow_ups.find(connection, context.shelf, learner_id, problem_id)
        except AnswerFirstError:
            return To(f"/problems/{problem_id}")
        complaint = _refusal(text, visitor.language)
        if not complaint:
            try:
                follow_ups.answer(connection, context.shelf, learner_id, problem_id, text, now)
                drill = drills.locked(connection, learner_id, row.drill_id, now)
                return To(next_after(connection, context.shelf, drill, row, now))
            except (DrillFinishedError, DrillPausedError) as error:
                complaint = _too_late(error, visitor.language)
        return _page(connection, visitor, found, now, typed=text, complaint=complaint)

    return await act(request, work, guests=True)


def _refusal(text: str, language: Language) -> str:
    if 0 < len(text) <= LONGEST_ANSWER:
        return ""
    return say(language, "Answer in 1 to %(most)s characters, or skip it.", most=LONGEST_ANSWER)


def _too_late(error: Exception, language: Language) -> str:
    if isinstance(error, DrillPausedError):
        return say(language, "The drill is paused, so this was not stored. Copy it, resume the drill, and send it again.")
    return say(language, "The drill has ended, so this was not stored. Copy it if you want to keep it.")


def _page(
    connection: Connection, visitor: Visitor, found: FollowUp, now: datetime, *, typed: str = "", complaint: str = ""
) -> Page:
    row, variant = found.problem.row, found.problem.variant
    answered = found.row.answer if found.row is not None and found.row.answer else ""
    page = FollowUpPage(
        row.id,
        rendering.title(variant.family, visitor.language),
        rendering.follow_up(variant, visitor.language).markdown,
        typed or answered,
        bar_of(connection, row, visitor.language, now),
        complaint,
    )
    return Page("follow_up.html", page, 422 if complaint else 200)
