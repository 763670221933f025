"""The question after a problem of an interview, and its answer in the candidate's own words."""

from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, show
from app.api.bodies import Body, rest_router
from app.api.families import TextOut, text_out
from app.api.idempotency import IfOnce
from app.api.openapi import refusals
from app.api.problem_documents import language_of_problem
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.services import follow_ups
from app.services.follow_ups import FollowUp
from quiz_bank import rendering

router = rest_router("drills")


class FollowUpIn(Body):
    """An answer to the question, as one would say it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"answer": "Through the softmax: its denominator has them all."}]}
    )

    answer: str = Field(min_length=1, max_length=4000)


class FollowUpOut(BaseModel):
    """The question after a problem, and what was answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
                    "question": {"markdown": "The loss looks only …", "text": "The loss looks only …"},
                    "answer": "Through the softmax: its denominator has them all.",
                    "answered_at": "2026-11-20T21:17:00Z",
                    "mark": None,
                    "remark": None,
                }
            ]
        }
    )

    problem_id: UUID
    question: TextOut = Field(description="In the problem's language.")
    answer: str | None
    answered_at: AwareDatetime | None
    mark: float | None = Field(description="What a coach gave it, from 0 to 1; null while withheld.")
    remark: str | None = Field(description="What a coach said to it; null while withheld.")


@router.get(
    "/problems/{problem_id}/follow-up",
    summary="Show the question after a problem",
    response_model=FollowUpOut,
    responses=refusals("answer-first", "family-unavailable"),
)
async def show_follow_up(request: Request, shown: Shown, problem_id: UUID) -> Response:
    """Show what an interviewer would ask next, once a problem of an interview was answered or its drill has ended."""
    shelf = context_of(request).shelf

    def work(connection: Connection, caller: Caller) -> FollowUpOut:
        return _out(follow_ups.find(connection, shelf, caller.id, problem_id))

    return await show(request, shown, work, guests=True)


@router.post(
    "/problems/{problem_id}/follow-up",
    summary="Answer the question after a problem",
    status_code=201,
    response_model=FollowUpOut,
    responses=refusals("answer-first", "drill-paused", "drill-finished", "family-unavailable", "idempotency-key-reused"),
)
async def answer_follow_up(request: Request, shown: Shown, once: IfOnce, problem_id: UUID, body: FollowUpIn) -> Response:
    """Store an answer, in place of an earlier one, until the drill ends. People read it; nothing marks it by itself."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        found = follow_ups.answer(connection, context.shelf, caller.id, problem_id, body.answer, now)
        return Answer(201, _out(found), {"location": f"/v1/problems/{problem_id}/follow-up"})

    return await change(request, shown, work, once, guests=True)


def _out(found: FollowUp) -> FollowUpOut:
    problem, row = found.problem, found.row
    return FollowUpOut(
        problem_id=problem.row.id,
        question=text_out(rendering.follow_up(problem.variant, language_of_problem(problem))),
        answer=row and row.answer,
        answered_at=row and row.answered_at,
        mark=row and row.mark,
        remark=row and row.remark,
    )
