"""The report of a drill."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.errors import NotFoundError, WithheldError
from app.services.drill_report import report_of
from app.services.reports.model import DrillReport
from app.storage import drills
from app.web.drill_view import end_due, title_of
from app.web.pages import Page, To, look
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What `drill_report.html` is rendered with."""

    title: str
    report: DrillReport


@router.get("/drills/{drill_id}/report")
async def show_report(request: Request, drill_id: UUID) -> Response:
    """Tell how a drill went, or stands; one that tells at its end is shown as far as it is."""
    await end_due(request)
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        drill = drills.get(connection, visitor.caller.id, drill_id)
        if drill is None:
            raise NotFoundError
        try:
            report = report_of(connection, context.shelf, drill, visitor.language, now=now)
        except WithheldError:
            return To(f"/drills/{drill_id}")
        return Page("drill_report.html", ReportPage(title_of(drill, visitor.language), report))

    return await look(request, work, guests=True)
