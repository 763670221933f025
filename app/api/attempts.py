"""Attempts: answering a problem, and reading what came of it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final, cast
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, listed, show
from app.api.bodies import Body, Instant, rest_router
from app.api.idempotency import IfOnce
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import language_of
from app.services import practice
from app.services.practice import Attempt, Submission
from app.services.problems import find
from app.services.shelf import value_to_json
from app.storage import attempts
from quiz_bank import rendering
from quiz_bank.problem import Language, PartResult, PartVerdict, State, Variant

router = rest_router("attempts")

LONGEST_DURATION_MS = 7 * 24 * 3600 * 1000


class AttemptIn(Body):
    """An answer to every part of a problem."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"answers": {"loss": "0.357"}},
                {"answers": {"loss": "-ln(0.7)"}, "confidence": 0.9, "duration_ms": 41000},
                {"answers": {"gradient": ["-0.341", "0.242", "0.0986"]}},
            ]
        }
    )

    answers: dict[str, Any] = Field(
        max_length=32,
        description="By part: text or a number; a list for a vector, a list of lists for a matrix. Text may be a decimal, "
        "a fraction, an expression such as -ln(0.7), and may end in a unit such as bits.",
    )
    confidence: float | None = Field(None, ge=0, le=1, description="How sure you are that all of it is right.")
    duration_ms: int | None = Field(None, ge=0, le=LONGEST_DURATION_MS, description="How long you took.")


class MisconceptionOut(BaseModel):
    """The mistake that gives just this number."""

    code: str
    message: str


class PartVerdictOut(BaseModel):
    """What the answer to one part got."""

    verdict: PartResult | None = Field(description="Null while it is withheld.")
    submitted: Any = Field(description="As it was sent.")
    read_as: Any = Field(description='The number that was read; "inf", "-inf" or "nan" where it is none of the others.')
    components: list[State] | None = Field(description="One state for each component; null for a single number.")
    message: str = Field(description="Empty where the problem's family is no longer installed.")
    misconception: MisconceptionOut | None
    also_consistent_with: list[str] = Field(description="Codes of other mistakes that give the same number.")


ATTEMPT_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000001",
    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
    "number": 1,
    "counted": True,
    "verdict": "wrong",
    "credit": 0.0,
    "parts": {
        "loss": {
            "verdict": "wrong",
            "submitted": "0.5146",
            "read_as": 0.5146,
            "components": None,
            "message": "Not right.",
            "misconception": {"code": "wrong-log-base-2", "message": "This is the result with …"},
            "also_consistent_with": [],
        }
    },
    "duration_ms": None,
    "confidence": None,
    "submitted_at": "2026-11-20T21:17:00Z",
    "engine_version": "1",
    "grader_version": "1",
    "late": False,
    "withheld": False,
}


class AttemptOut(BaseModel):
    """An attempt with its verdict."""

    model_config = ConfigDict(json_schema_extra={"examples": [ATTEMPT_EXAMPLE]})

    id: UUID
    problem_id: UUID
    number: int = Field(description="From 1, within the problem.")
    counted: bool = Field(
        description="False for a coarse answer, and once the problem is solved or revealed, out of tries, or its drill over."
    )
    verdict: PartResult | None = Field(description="Null while it is withheld.")
    credit: float | None = Field(description="Null while it is withheld.")
    parts: dict[str, PartVerdictOut]
    duration_ms: int | None
    confidence: float | None
    submitted_at: AwareDatetime
    engine_version: str
    grader_version: str
    late: bool = Field(description="True where it came after the end of its drill: stored and judged, but it doesn't count.")
    withheld: bool = Field(description="True until the end of a drill that gives its feedback then.")


class AttemptsOut(BaseModel):
    """A page of attempts, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ATTEMPT_EXAMPLE]}]})

    items: list[AttemptOut]


def attempt_out(attempt: Attempt, language: Language) -> AttemptOut:
    """Return an attempt as it is sent, with its messages in a language."""
    row, judgement = attempt.row, attempt.row.judgement
    part_out = _acknowledged if row.withheld else partial(_part_out, attempt.variant)
    return AttemptOut.model_construct(
        id=row.id,
        problem_id=row.problem_id,
        number=row.number,
        counted=row.counted,
        verdict=None if row.withheld else cast("PartResult", judgement.verdict),
        credit=None if row.withheld else judgement.credit,
        parts={part.name: part_out(part, language) for part in attempt.parts},
        duration_ms=row.duration_ms,
        confidence=row.confidence,
        submitted_at=row.submitted_at,
        engine_version=judgement.engine_version,
        grader_version=judgement.grader_version,
        late=row.late,
        withheld=row.withheld,
    )


def _acknowledged(part: PartVerdict, _language: Language) -> PartVerdictOut:
    """Return what was read of an answer, and nothing of what it got."""
    read_as = value_to_json(part.read_as)
    return PartVerdictOut.model_construct(
        verdict=None,
        submitted=part.submitted,
        read_as=read_as,
        components=None,
        message="",
        misconception=None,
        also_consistent_with=[],
    )


def _part_out(variant: Variant[Any] | None, part: PartVerdict, language: Language) -> PartVerdictOut:
    found = part.diagnosis
    why = rendering.why(variant, found.code, language).text if found and variant else ""
    return PartVerdictOut.model_construct(
        verdict=part.result,
        submitted=part.submitted,
        read_as=value_to_json(part.read_as),
        components=list(part.states) if isinstance(part.read_as, tuple) else None,
        message=rendering.verdict_message(variant, part, language) if variant else "",
        misconception=MisconceptionOut(code=found.code, message=why) if found else None,
        also_consistent_with=list(found.also) if found else [],
    )


@router.post(
    "/problems/{problem_id}/attempts",
    summary="Answer a problem",
    status_code=201,
    response_model=AttemptOut,
    responses=refusals("family-unavailable", "unreadable-answer", "drill-paused", "idempotency-key-reused"),
)
async def submit(request: Request, shown: Shown, once: IfOnce, problem_id: UUID, body: AttemptIn) -> Response:
    """Judge and store an answer to all parts. What can't be read is refused, costs no try, and is not stored.

    In a drill with feedback at the end it is only acknowledged until then; after the end it is late, and doesn't count.
    """
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        language = language_of(request.scope)
        submission = Submission(body.answers, language, body.confidence, body.duration_ms)
        attempt = practice.submit(connection, context.shelf, caller.id, problem_id, submission, now)
        return Answer(201, attempt_out(attempt, language), {"location": f"/v1/attempts/{attempt.row.id}"})

    return await change(request, shown, work, once, guests=True)


@router.get("/problems/{problem_id}/attempts", summary="List a problem's attempts", response_model=AttemptsOut)
async def list_of_problem(request: Request, shown: Shown, page: PageOf, problem_id: UUID) -> Response:
    """List the attempts on a problem, the newest first."""
    shelf = context_of(request).shelf

    def work(connection: Connection, caller: Caller) -> list[Attempt]:
        find(connection, caller.id, problem_id)  # 404 where there is no such problem, not an empty list
        rows = attempts.page(connection, caller.id, problem=problem_id, before=page.before, limit=page.limit + 1)
        return [practice.restored(connection, shelf, row) for row in rows]

    return await _listed(request, shown, page, work)


@router.get("/attempts", summary="List your attempts", response_model=AttemptsOut)
async def list_attempts(
    request: Request,
    shown: Shown,
    page: PageOf,
    family: Annotated[str | None, Query(max_length=100, description="Only attempts at this family.")] = None,
    verdict: Annotated[PartResult | None, Query(description="Only attempts with this verdict.")] = None,
    misconception: Annotated[str | None, Query(max_length=100, description="Only attempts with this mistake.")] = None,
    since: Annotated[Instant | None, Query(description="Only attempts from this time on.")] = None,
    until: Annotated[Instant | None, Query(description="Only attempts before this time.")] = None,
) -> Response:
    """List your attempts, the newest first."""
    shelf = context_of(request).shelf

    def work(connection: Connection, caller: Caller) -> list[Attempt]:
        rows = attempts.page(
            connection,
            caller.id,
            family=family,
            verdict=verdict,
            misconception=misconception,
            since=since,
            until=until,
            before=page.before,
            limit=page.limit + 1,
        )
        return [practice.restored(connection, shelf, row) for row in rows]

    return await _listed(request, shown, page, work)


async def _listed(request: Request, shown: Any, page: Any, work: Any) -> Response:  # noqa: ANN401 - see `listed`
    def out(found: Attempt) -> AttemptOut:
        return attempt_out(found, language_of(request.scope))

    return await listed(request, shown, page, work, lambda found: found.row.id, out, guests=True)


@router.get("/attempts/{attempt_id}", summary="Show an attempt", response_model=AttemptOut)
async def read(request: Request, shown: Shown, attempt_id: UUID) -> Response:
    """Show an attempt with its latest verdict."""
    shelf = context_of(request).shelf

    def work(connection: Connection, caller: Caller) -> AttemptOut:
        attempt = practice.find_attempt(connection, shelf, caller.id, attempt_id)
        return attempt_out(attempt, language_of(request.scope))

    return await show(request, shown, work, guests=True)
