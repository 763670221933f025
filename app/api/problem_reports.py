"""Problem reports: a learner says that a key is wrong, a coach or an admin decides."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, listed, show
from app.api.bodies import Body, rest_router
from app.api.idempotency import IfOnce
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.services import problem_reports as service
from app.services.problem_reports import Case, Decision, Viewer, name_for
from app.services.problems import find
from app.storage import problem_reports
from app.storage.problem_reports import ReportRow, SeenReport

router = rest_router("problem reports")

ReportState = Literal["open", "confirmed", "rejected"]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

REPORT_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000020",
    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
    "family": "cross-entropy-one-hot",
    "remark": "−ln 0.7 is 0.357, and the key says 0.515.",
    "state": "open",
    "resolution": None,
    "created_at": "2026-11-20T21:20:00Z",
    "resolved_at": None,
}
SEEN_EXAMPLE: Final[dict[str, JsonValue]] = {
    **REPORT_EXAMPLE,
    "learner": {"id": "01990b7e-3c00-7000-8000-000000000002", "name": "Ada"},
}
SNAPSHOT_EXAMPLE: Final[dict[str, JsonValue]] = {
    "family": "cross-entropy-one-hot",
    "family_version": 1,
    "engine_version": "1",
    "level": 2,
    "language": "en",
    "seed": None,
    "preset": "mock-question",
    "state": "open",
    "tries": 1,
    "hints_taken": 0,
    "parameters": {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"},
    "convention": {"log_base": "e", "clip": "never"},
    "truth": {"loss": 0.5145731728297583},
    "shown": {"prompt": {"markdown": "A classifier predicts …", "text": "A classifier predicts …"}},
    "attempts": [{"number": 1, "answers": {"loss": "0.357"}, "verdict": "wrong"}],
}


class ReportIn(Body):
    """What is wrong with the key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"remark": "−ln 0.7 is 0.357, and the key says 0.515."}]})

    remark: Remark


class DecisionIn(Body):
    """What is decided on a report; the learner reads the resolution."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"state": "confirmed", "resolution": "You are right, the key was in bits. It is mended."}]
        }
    )

    state: Decision
    resolution: Remark


class ReportOut(BaseModel):
    """A report as its learner sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [REPORT_EXAMPLE]})

    id: UUID
    problem_id: UUID
    family: str
    remark: str
    state: ReportState
    resolution: str | None = Field(description="What was decided, in words.")
    created_at: AwareDatetime
    resolved_at: AwareDatetime | None


class ReportsOut(BaseModel):
    """A page of your reports, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [REPORT_EXAMPLE]}]})

    items: list[ReportOut]


class ReporterOut(BaseModel):
    """Who wrote a report."""

    id: UUID
    name: str


class SeenReportOut(ReportOut):
    """A report as those who decide see it."""

    model_config = ConfigDict(json_schema_extra={"examples": [SEEN_EXAMPLE]})

    learner: ReporterOut | None = Field(description="Null for a coach in whose room the problem was not set.")


class SeenReportsOut(BaseModel):
    """A page of reports, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SEEN_EXAMPLE]}]})

    items: list[SeenReportOut]


class CaseOut(SeenReportOut):
    """A report with its problem as it stood."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**SEEN_EXAMPLE, "snapshot": SNAPSHOT_EXAMPLE}]})

    snapshot: dict[str, Any] = Field(
        description="The problem when it was reported, with its newest attempts. The truth is null where it is your own "
        "problem and open; the attempts are null where you may not know them."
    )


def _out(row: ReportRow) -> ReportOut:
    return ReportOut.model_validate(row, from_attributes=True)


def _seen_fields(row: ReportRow, name: str | None) -> dict[str, Any]:
    learner = ReporterOut(id=row.learner_id, name=name) if name is not None else None
    return {**_out(row).model_dump(), "learner": learner}


def _case_out(case: Case) -> CaseOut:
    return CaseOut(**_seen_fields(case.row, case.learner_name), snapshot=case.snapshot)


def _viewer(caller: Caller) -> Viewer:
    caller.require("coach")
    return Viewer(caller.id, everyone=caller.role == "admin")


@router.post(
    "/problems/{problem_id}/reports",
    summary="Report a wrong key",
    status_code=201,
    response_model=ReportOut,
    responses=refusals("too-many-reports", "idempotency-key-reused"),
)
async def create(request: Request, shown: Shown, once: IfOnce, problem_id: UUID, body: ReportIn) -> Response:
    """Say that the key of a problem of yours is wrong. A coach or an admin finds your remark with the problem as it stands."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        return Answer(201, _out(service.file(connection, caller.id, problem_id, body.remark, now)))

    return await change(request, shown, work, once, guests=True)


@router.get("/problems/{problem_id}/reports", summary="List your reports on a problem", response_model=ReportsOut)
async def list_of_problem(request: Request, shown: Shown, page: PageOf, problem_id: UUID) -> Response:
    """List what you said of a problem's key, and what was decided, the newest first."""

    def work(connection: Connection, caller: Caller) -> list[ReportRow]:
        find(connection, caller.id, problem_id)  # 404 where there is no such problem, not an empty list
        return problem_reports.of_problem(connection, caller.id, problem_id, before=page.before, limit=page.limit + 1)

    return await listed(request, shown, page, work, lambda row: row.id, _out, guests=True)


@router.get("/reports", summary="List problem reports", response_model=SeenReportsOut, responses=refusals("forbidden"))
async def list_reports(
    request: Request,
    shown: Shown,
    page: PageOf,
    state: Annotated[ReportState | None, Query(description="Only reports in this state.")] = None,
    family: Annotated[str | None, Query(max_length=100, description="Only reports on this family.")] = None,
) -> Response:
    """List what was said of keys, the newest first: an admin sees all, a coach what the people of their rooms said."""

    def work(connection: Connection, caller: Caller) -> list[tuple[SeenReport, str | None]]:
        viewer = _viewer(caller)
        rows = problem_reports.page(
            connection,
            viewer.id,
            everyone=viewer.everyone,
            state=state,
            family=family,
            before=page.before,
            limit=page.limit + 1,
        )
        return [(row, name_for(viewer, row)) for row in rows]

    def out(found: tuple[SeenReport, str | None]) -> SeenReportOut:
        return SeenReportOut(**_seen_fields(found[0].row, found[1]))

    return await listed(request, shown, page, work, lambda found: found[0].row.id, out)


@router.get("/reports/{report_id}", summary="Show a problem report", response_model=CaseOut, responses=refusals("forbidden"))
async def read(request: Request, shown: Shown, report_id: UUID) -> Response:
    """Show a report with its problem as it stood."""

    def work(connection: Connection, caller: Caller) -> CaseOut:
        return _case_out(service.read(connection, _viewer(caller), report_id))

    return await show(request, shown, work)


@router.patch(
    "/reports/{report_id}", summary="Decide on a problem report", response_model=CaseOut, responses=refusals("forbidden")
)
async def decide(request: Request, shown: Shown, report_id: UUID, body: DecisionIn) -> Response:
    """Confirm or reject a report; `crossdrill regrade --report` judges again once the family is mended."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        case = service.decide(connection, _viewer(caller), report_id, body.state, body.resolution, now)
        return Answer(200, _case_out(case))

    return await change(request, shown, work)
