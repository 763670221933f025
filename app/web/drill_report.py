"""The report of a drill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.errors import NotFoundError, WithheldError
from app.services.blueprints import blueprint_from_json
from app.services.drill_report import report_of
from app.services.reports.model import Advice, DrillReport
from app.services.reports.texts import listed, text
from app.storage import drills
from app.storage.drills import DrillRow
from app.web.drill_form import Fields, fields_of, shared_at
from app.web.drill_terms import terms_of
from app.web.drill_view import end_due, title_of
from app.web.pages import Page, To, look
from app.web.report_view import ReportView, report_view
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Advised:
    """Something to practise: what it is, why, and the form that starts it."""

    title: str
    reasons: str
    action: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What `drill_report.html` is rendered with; `link` starts the same drill, empty where none does.

    `drill_fields` and `topic_fields` ask for a drill on all that was weak, or on the weakest topic; empty where nothing was.
    """

    title: str
    terms: tuple[str, ...]
    report: DrillReport
    view: ReportView
    advised: tuple[Advised, ...]
    drill_fields: Fields
    topic_fields: Fields
    link: str

    @property
    def address(self) -> str:
        """Where the drill is."""
        return f"/drills/{self.report.drill_id}"


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
        title = title_of(connection, drill, visitor.language)
        return Page("drill_report.html", report_page(title, drill, report, str(request.base_url)))

    return await look(request, work, guests=True)


def report_page(title: str, drill: DrillRow, report: DrillReport, base: str) -> ReportPage:
    """Return the page of a report; `base` is what the addresses of this service begin with."""
    language, blueprint, advice = report.language, blueprint_from_json(drill.blueprint), report.advice
    return ReportPage(
        title,
        terms_of(blueprint, language),
        report,
        report_view(report),
        tuple(_advised(advice, language)),
        _fields(advice.drill),
        _fields(advice.topic.drill if advice.topic else None),
        shared_at(drill, blueprint, base),
    )


def _advised(advice: Advice, language: Language) -> Iterator[Advised]:
    for weakness in advice.weaknesses:
        reasons = listed([text(f"reason {reason}", language) for reason in weakness.reasons], language)
        yield Advised(weakness.title, reasons, "/practise", fields_of(weakness.problem))


def _fields(body: Mapping[str, object] | None) -> Fields:
    """Return the form of a body of REST that asks for a drill."""
    return fields_of(cast("Mapping[str, Any]", body["blueprint"])) if body is not None else ()
