"""Practising: one problem a page, from the prompt to the verdict and on to the next."""

from __future__ import annotations

import secrets
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.edge.context import context_of
from app.edge.languages import Language, language_of
from app.errors import DrillPausedError, UnreadableAnswerError
from app.services import practice, problem_reports
from app.services.practice import Submission
from app.services.problems import Wish, pose
from app.web.fields import answers_of
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.problem_view import Said, problem_page
from app.web.verdict_view import number_text
from app.web.visits import Visitor
from app.web.words import say
from quiz_bank.grading.read import UnreadableError, read
from quiz_bank.grading.unreadable import explain

router = APIRouter(include_in_schema=False)

LONGEST_REMARK: Final = 2000


@router.post("/practise")
async def practise(request: Request) -> Response:
    """Set the next problem: a good one, or what the form names of family, topic, level, seed and preset."""
    context = context_of(request)
    now, new_seed = context.clock(), secrets.token_hex(8)

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        family, topic, seed, preset = (form.text(name) or None for name in ("family", "topic", "seed", "preset"))
        wish = Wish(visitor.language, family, topic, form.whole("level"), seed, preset)
        row = pose(connection, context.shelf, visitor.caller.id, wish, now=now, new_seed=new_seed)
        return to_problem(row.id, "" if wish.family else wish.topic or "")

    return await act(request, work)


def to_problem(problem_id: UUID, topic: str = "", *, below: str = "", part: str = "") -> To:
    """Return the way to a problem, or to what lies `below` it; `topic` is what alone is practised, empty for everything."""
    query = f"?{urlencode({'topic': topic})}" if topic else ""
    return To(f"/problems/{problem_id}{below}{query}{part}")


@router.get("/problems/{problem_id}")
async def show_problem(request: Request, problem_id: UUID, topic: str = "", reported: str = "") -> Response:
    """Show a problem with its fields, and what the latest answer got."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        known = (connection, context.shelf, visitor, problem_id, now)
        return Page("problem.html", problem_page(*known, topic=topic, reported=bool(reported)))

    return await look(request, work, guests=True)


@router.post("/problems/{problem_id}")
async def answer(request: Request, problem_id: UUID) -> Response:
    """Judge what was typed; what can't be read is shown again with what is wrong with it, and costs nothing."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        known = (connection, context.shelf, visitor, problem_id, now)
        variant = context.shelf.problem(connection, visitor.caller.id, problem_id).variant
        typed = typed_in(form)
        submission = Submission(answers_of(variant, typed), visitor.language, _confidence(form))
        try:
            practice.submit(connection, context.shelf, visitor.caller.id, problem_id, submission, now)
        except UnreadableAnswerError as error:
            said = Said(typed, error.errors)
            return Page("problem.html", problem_page(*known, said=said, topic=form.text("topic")), 422)
        except DrillPausedError:  # paused in another tab: the page says so, and lets it go on
            return to_problem(problem_id)
        return to_problem(problem_id, form.text("topic"))

    return await act(request, work, guests=True)


def typed_in(form: Form) -> dict[str, list[str]]:
    """Return what was typed in all fields of a form."""
    return {name: form.all(name) for name in form.fields}


def _confidence(form: Form) -> float | None:
    """Return how sure the learner is, from 0 to 1; None where they don't say."""
    percent = form.whole("confidence")
    return percent / 100 if percent is not None and percent <= 100 else None


@router.post("/problems/{problem_id}/hint")
async def take_hint(request: Request, problem_id: UUID) -> Response:
    """Show one more hint."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        _, number = practice.take_hint(connection, context.shelf, visitor.caller.id, problem_id, now)
        return to_problem(problem_id, form.text("topic"), part=f"#hint-{number}")

    return await act(request, work, guests=True)


@router.post("/problems/{problem_id}/report")
async def report(request: Request, problem_id: UUID) -> Response:
    """Store a learner's remark that the key is wrong."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        remark = form.text("remark")
        if 0 < len(remark) <= LONGEST_REMARK:
            problem_reports.file(connection, visitor.caller.id, problem_id, remark, now)
            reported = {"reported": 1} | ({"topic": form.text("topic")} if form.text("topic") else {})
            return To(f"/problems/{problem_id}?{urlencode(reported)}#report")
        complaint = say(visitor.language, "Say in 1 to %(most)s characters what is wrong with it.", most=LONGEST_REMARK)
        said = Said(remark=remark, remark_complaint=complaint)
        known = (connection, context.shelf, visitor, problem_id, now)
        return Page("problem.html", problem_page(*known, said=said, topic=form.text("topic")), 422)

    return await act(request, work)


@router.get("/read")
async def read_back(request: Request, text: str = "", unit: str = "") -> Response:
    """Say what a text would be read as, or what is wrong with it; nothing is looked up for it, and nothing kept."""
    return JSONResponse(
        _reading(text[:1000], language_of(request.scope), unit=bool(unit)), headers={"cache-control": "no-store"}
    )


def _reading(text: str, language: Language, *, unit: bool) -> dict[str, str]:
    try:
        reading = read(text, unit_allowed=unit, nan_allowed=True)
    except UnreadableError as error:
        return {"read": "", "error": explain(error, language)}
    return {"read": number_text(reading.value) + (f" {reading.unit}" if reading.unit else ""), "error": ""}
