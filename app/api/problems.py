"""Problems: asking for one, reading it again, hints and the solution."""

from __future__ import annotations

import json
import secrets
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.access import Caller, Shown
from app.api.answers import Answer, change, listed, show
from app.api.bodies import Body, rest_router
from app.api.context import context_of
from app.api.families import TextOut, text_out
from app.api.idempotency import IfOnce
from app.api.languages import language_of
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.services import practice
from app.services.problems import Wish, pose
from app.services.shelf import Problem, values_to_json
from app.storage import problems
from quiz_bank import rendering
from quiz_bank.problem import Kind, Language, shape

router = rest_router("problems")

State = Literal["open", "solved", "revealed", "expired"]


class ProblemIn(Body):
    """What is asked for; an empty object asks for a good next problem."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"family": "cross-entropy-one-hot", "preset": "mock-question"},
                {"family": "ce-from-logits", "parameters": {"logits": ["2", "1", "0.1"], "target": 0}},
                {"topic": "logits", "level": 2, "language": "zh"},
                {},
            ]
        }
    )

    family: str | None = Field(None, max_length=100, description="A slug of GET /v1/families.")
    topic: str | None = Field(None, max_length=100, description="Any family of this topic.")
    level: int | None = Field(None, ge=1, le=9)
    seed: str | None = Field(
        None, min_length=1, max_length=64, description="The same seed gives the same problem of one version of the family."
    )
    preset: str | None = Field(None, max_length=100, description="A named problem of the family.")
    parameters: dict[str, Any] | None = Field(None, description="Your own numbers, by the family's schema.")
    language: Language | None = Field(None, description="The language of the problem; else Accept-Language decides.")


class PartOfProblem(BaseModel):
    """One question of a problem."""

    name: str
    label: str
    kind: Kind
    shape: list[int] = Field(description="[] for a number, [n] for a vector, [rows, columns] for a matrix.")
    unit: Literal["nats", "bits", "dits"] | None
    significant_digits: int


class ProblemOut(BaseModel):
    """A problem as it was shown."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01990b7e-3c00-7000-8000-000000000000",
                    "family": "cross-entropy-one-hot",
                    "family_version": 1,
                    "topic": "cross-entropy",
                    "level": 2,
                    "language": "en",
                    "seed": None,
                    "preset": "mock-question",
                    "state": "open",
                    "parameters": {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"},
                    "convention": {"log_base": "e", "clip": "never"},
                    "prompt": {"markdown": "A classifier predicts …", "text": "A classifier predicts …"},
                    "parts": [
                        {
                            "name": "loss",
                            "label": "Cross-entropy loss",
                            "kind": "number",
                            "shape": [],
                            "unit": "nats",
                            "significant_digits": 3,
                        }
                    ],
                    "expected_seconds": 60,
                    "hints_available": 3,
                    "hints_taken": 0,
                    "tries": 0,
                    "created_at": "2026-11-20T21:16:00Z",
                }
            ]
        }
    )

    id: UUID
    family: str
    family_version: int
    topic: str
    level: int
    language: Language
    seed: str | None
    preset: str | None
    state: State
    parameters: dict[str, Any] = Field(description="The numbers with the digits that are shown.")
    convention: dict[str, str]
    prompt: TextOut
    parts: list[PartOfProblem]
    expected_seconds: int
    hints_available: int
    hints_taken: int
    tries: int = Field(description="Attempts that counted.")
    created_at: AwareDatetime


class ProblemsOut(BaseModel):
    """A page of problems, the newest first."""

    items: list[ProblemOut]


class HintOut(BaseModel):
    """One hint."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"number": 1, "hints_available": 3, "hint": {"markdown": "Which terms …", "text": "Which terms …"}}]
        }
    )

    number: int = Field(description="From 1, the vaguest. The last one is given again when all are taken.")
    hints_available: int
    hint: TextOut


class SolutionOut(BaseModel):
    """The worked solution, and what it comes to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
                    "state": "revealed",
                    "truth": {"loss": 0.35667494393873245},
                    "solution": {"markdown": "1. …", "text": "1. …"},
                    "formula": {"markdown": "$$-\\log q_t$$", "text": "−log qₜ"},
                    "follow_up": {"markdown": "How do …?", "text": "How do …?"},
                }
            ]
        }
    )

    problem_id: UUID
    state: State
    truth: dict[str, Any] = Field(description='By part; an infinite value is "inf" or "-inf".')
    solution: TextOut
    formula: TextOut
    follow_up: TextOut = Field(description="What an interviewer would ask next.")


def problem_out(problem: Problem) -> ProblemOut:
    """Return a problem as it is sent: without its truth."""
    row, variant = problem.row, problem.variant
    language: Language = "zh" if row.language == "zh" else "en"
    return ProblemOut.model_construct(
        id=row.id,
        family=row.family,
        family_version=row.family_version,
        topic=row.topic,
        level=row.level,
        language=language,
        seed=row.seed,
        preset=row.preset,
        state=cast("State", row.state),
        parameters=json.loads(row.parameters),
        convention=json.loads(row.convention),
        prompt=text_out(rendering.prompt(variant, language)),
        parts=[
            PartOfProblem.model_construct(
                name=part.name,
                label=rendering.part_label(variant, part.name, language),
                kind=part.spec.kind,
                shape=list(shape(part.truth)),
                unit=part.unit,
                significant_digits=part.spec.significant_digits,
            )
            for part in variant.parts
        ],
        expected_seconds=variant.family.levels[row.level].seconds,
        hints_available=rendering.hint_count(variant.family),
        hints_taken=row.hints_taken,
        tries=row.tries,
        created_at=row.created_at,
    )


@router.post(
    "/problems",
    summary="Ask for a problem",
    status_code=201,
    response_model=ProblemOut,
    responses=refusals("unknown-family", "idempotency-key-reused"),
)
async def create(request: Request, shown: Shown, once: IfOnce, body: ProblemIn) -> Response:
    """Draw a problem, or set a named one or one with your own numbers."""
    context = context_of(request)
    language = body.language or language_of(request.scope)
    wish = Wish(language, body.family, body.topic, body.level, body.seed, body.preset, body.parameters)
    now, new_seed = context.clock(), secrets.token_hex(8)

    def work(connection: Connection, caller: Caller) -> Answer:
        problem = pose(connection, context.shelf, caller.id, wish, now=now, new_seed=new_seed)
        return Answer(201, problem_out(problem), {"location": f"/v1/problems/{problem.row.id}"})

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
    shelf = context_of(request).shelf

    def work(connection: Connection, caller: Caller) -> list[Problem]:
        rows = problems.page(connection, caller.id, state=state, family=family, before=page.before, limit=page.limit + 1)
        return [shelf.restored(row) for row in rows]

    return await listed(request, shown, page, work, lambda found: found.row.id, problem_out)


@router.get("/problems/{problem_id}", summary="Show a problem", response_model=ProblemOut)
async def read(request: Request, shown: Shown, problem_id: UUID) -> Response:
    """Show a problem as it was set, with how far it is."""
    shelf = context_of(request).shelf
    return await show(request, shown, lambda connection, caller: problem_out(shelf.problem(connection, caller.id, problem_id)))


@router.post(
    "/problems/{problem_id}/hints",
    summary="Take the next hint",
    status_code=200,
    response_model=HintOut,
    responses=refusals("idempotency-key-reused"),
)
async def take_hint(request: Request, shown: Shown, once: IfOnce, problem_id: UUID) -> Response:
    """Give the next hint, in the problem's language. It is recorded and never lowers the credit."""
    shelf = context_of(request).shelf

    def work(connection: Connection, caller: Caller) -> Answer:
        problem, number = practice.take_hint(connection, shelf, caller.id, problem_id)
        hint = rendering.hint(problem.variant, number, _language(problem))
        available = rendering.hint_count(problem.variant.family)
        return Answer(200, HintOut(number=number, hints_available=available, hint=text_out(hint)))

    return await change(request, shown, work, once)


@router.post(
    "/problems/{problem_id}/solution",
    summary="See the solution",
    status_code=200,
    response_model=SolutionOut,
    responses=refusals("idempotency-key-reused"),
)
async def reveal(request: Request, shown: Shown, once: IfOnce, problem_id: UUID) -> Response:
    """Show the worked solution with this problem's numbers. An open problem is revealed by it and counts no more."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        return Answer(200, _solution(practice.reveal(connection, context.shelf, caller.id, problem_id, now)))

    return await change(request, shown, work, once)


def _solution(problem: Problem) -> SolutionOut:
    language, variant = _language(problem), problem.variant
    return SolutionOut(
        problem_id=problem.row.id,
        state=cast("State", problem.row.state),
        truth=values_to_json(variant.truths),
        solution=text_out(rendering.solution(variant, language)),
        formula=text_out(rendering.formula(variant.family, language)),
        follow_up=text_out(rendering.follow_up(variant, language)),
    )


def _language(problem: Problem) -> Language:
    return "zh" if problem.row.language == "zh" else "en"
