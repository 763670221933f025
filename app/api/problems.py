"""Problems: asking for one, reading it again, hints and the solution."""

from __future__ import annotations

import secrets
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, listed, show
from app.api.bodies import rest_router
from app.api.families import text_out
from app.api.idempotency import IfOnce
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.api.problem_documents import (
    HintOut,
    NothingIn,
    ProblemIn,
    ProblemOut,
    ProblemsOut,
    SolutionOut,
    State,
    language_of_problem,
    problem_out,
    solution_out,
)
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import choose_language, language_of
from app.services import dailies, practice
from app.services.problems import Wish, find, pose
from app.storage import problems
from app.storage.problems import ProblemRow
from quiz_bank import rendering

router = rest_router("problems")


def created(row: ProblemRow) -> Answer:
    """Return the answer that a new problem was set."""
    return Answer(201, problem_out(row), {"location": f"/v1/problems/{row.id}"})


@router.post(
    "/problems",
    summary="Ask for a problem",
    status_code=201,
    response_model=ProblemOut,
    responses={
        200: {"model": ProblemOut, "description": "Your problem of that day, which you have already"},
        **refusals("unknown-family", "family-unavailable", "withheld", "idempotency-key-reused"),
    },
)
async def create(request: Request, shown: Shown, once: IfOnce, body: ProblemIn) -> Response:
    """Draw a problem, set a named one or one with your own numbers, or the problem of a day."""
    context = context_of(request)
    now, new_seed = context.clock(), secrets.token_hex(8)

    def work(connection: Connection, caller: Caller) -> Answer:
        language = language_of(request.scope) if body.language is None else choose_language(body.language)
        wish = Wish(language, body.family, body.topic, body.level, body.seed, body.preset, body.parameters)
        if body.daily is None:
            return created(pose(connection, context.shelf, caller.id, wish, now=now, new_seed=new_seed))
        row, is_new = dailies.posed(connection, context.shelf, caller.id, body.daily, wish, now)
        return created(row) if is_new else Answer(200, problem_out(row))

    return await change(request, shown, work, once)


@router.get("/problems", summary="List your problems", response_model=ProblemsOut)
async def list_problems(
    request: Request,
    shown: Shown,
    page: PageOf,
    state: Annotated[State | None, Query(description="Only problems in this state.")] = None,
    family: Annotated[str | None, Query(max_length=100, description="Only problems of this family.")] = None,
) -> Response:
    """List your problems, the newest first."""

    def work(connection: Connection, caller: Caller) -> list[ProblemRow]:
        return problems.page(connection, caller.id, state=state, family=family, before=page.before, limit=page.limit + 1)

    return await listed(request, shown, page, work, lambda row: row.id, problem_out, guests=True)


@router.get("/problems/{problem_id}", summary="Show a problem", response_model=ProblemOut)
async def read(request: Request, shown: Shown, problem_id: UUID) -> Response:
    """Show a problem as it was set, with how far it is."""

    def work(connection: Connection, caller: Caller) -> ProblemOut:
        return problem_out(find(connection, caller.id, problem_id))

    return await show(request, shown, work, guests=True)


@router.post(
    "/problems/{problem_id}/hints",
    summary="Take the next hint",
    status_code=200,
    response_model=HintOut,
    responses=refusals("family-unavailable", "hints-off", "drill-paused", "idempotency-key-reused"),
)
async def take_hint(request: Request, shown: Shown, once: IfOnce, problem_id: UUID, body: NothingIn) -> Response:
    """Give the next hint, in the problem's language. It is recorded and never lowers the credit."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        problem, number = practice.take_hint(connection, context.shelf, caller.id, problem_id, now)
        hint = rendering.hint(problem.variant, number, language_of_problem(problem))
        available = rendering.hint_count(problem.variant.family)
        return Answer(200, HintOut(number=number, hints_available=available, hint=text_out(hint)))

    return await change(request, shown, work, once, guests=True)


@router.post(
    "/problems/{problem_id}/solution",
    summary="See the solution",
    status_code=200,
    response_model=SolutionOut,
    responses=refusals("family-unavailable", "withheld", "drill-paused", "idempotency-key-reused"),
)
async def reveal(request: Request, shown: Shown, once: IfOnce, problem_id: UUID, body: NothingIn) -> Response:
    """Show the worked solution with this problem's numbers. An open problem is revealed by it and counts no more."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        return Answer(200, solution_out(practice.reveal(connection, context.shelf, caller.id, problem_id, now)))

    return await change(request, shown, work, once, guests=True)
