"""The report of a drill, as JSON, Markdown or CSV."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import read
from app.api.bodies import rest_router
from app.api.drill_report_documents import DrillReportOut, report_out
from app.api.drill_report_examples import CSV_EXAMPLE, MARKDOWN_EXAMPLE
from app.api.drills import end_due
from app.api.formats import CSV, MARKDOWN, Named, in_formats, negotiated, sent
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import language_of
from app.errors import NotFoundError
from app.services.drill_report import report_of
from app.services.reports.document import markdown
from app.services.reports.model import DrillReport
from app.services.reports.table import table
from app.storage import drills

router = rest_router("drills")


@router.get(
    "/drills/{drill_id}/report",
    summary="Read the report of a drill",
    response_model=DrillReportOut,
    responses=in_formats(MARKDOWN_EXAMPLE, CSV_EXAMPLE, "withheld"),
)
async def read_report(request: Request, shown: Shown, drill_id: UUID, named: Named = None) -> Response:
    """Tell how a drill went: the score, each problem with its answers and mistakes, and what to practise next.

    `Accept` or `format` chooses JSON, Markdown (`text/markdown`) or CSV (`text/csv`, a row for each problem). While the
    drill runs it is how things stand; a drill that gives its feedback at the end has no report before.
    """
    media_type = negotiated(request, named)
    now = await end_due(request, shown)
    shelf = context_of(request).shelf

    def work(connection: Connection, caller: Caller) -> DrillReport:
        drill = drills.get(connection, caller.id, drill_id)
        if drill is None:
            raise NotFoundError
        return report_of(connection, shelf, drill, language_of(request.scope), now=now)

    report = await read(request, shown, work, guests=True)
    return sent(request, _body(report, media_type).encode(), media_type, f"crossdrill-drill-{drill_id}")


def _body(report: DrillReport, media_type: str) -> str:
    if media_type == MARKDOWN:
        return markdown(report)
    return table(report) if media_type == CSV else report_out(report).model_dump_json()
