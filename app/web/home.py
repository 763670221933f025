"""Where everybody begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.services import reviews
from app.storage import drills, problems
from app.storage.drills import DrillRow
from app.storage.problems import ProblemRow
from app.web.pages import Page, look
from app.web.visits import Visitor
from quiz_bank import rendering
from quiz_bank.registry import FAMILIES

router = APIRouter(include_in_schema=False)

LATEST_DRILLS = 5


@dataclass(frozen=True, slots=True)
class HomePage:
    """What `home.html` is rendered with: the day, what is due, and what was begun and not ended."""

    today: date
    due: int = 0
    is_new: bool = True
    drill: DrillRow | None = None
    problem: ProblemRow | None = None
    problem_title: str = ""


@router.get("/")
async def home(request: Request) -> Response:
    """Say what this is, and offer what to do next."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        page = home_page(connection, visitor, now) if visitor.is_somebody else HomePage(now.date())
        return Page("home.html", page)

    return await look(request, work, anyone=True, guests=True)


def home_page(connection: Connection, visitor: Visitor, now: datetime) -> HomePage:
    """Return where a learner stands."""
    learner_id = visitor.caller.id
    latest = problems.page(connection, learner_id, limit=1)
    begun = next((row for row in latest if row.state == "open" and row.drill_id is None), None)
    due = len(reviews.most_urgent(connection, learner_id, now))
    title = rendering.title(FAMILIES[begun.family], visitor.language) if begun and begun.family in FAMILIES else ""
    return HomePage(now.date(), due, not latest, _unfinished(connection, visitor, now), begun, title)


def _unfinished(connection: Connection, visitor: Visitor, now: datetime) -> DrillRow | None:
    """Return the latest drill that goes on; for the guest of a room the one they came for, even when it has ended."""
    found = drills.page(connection, visitor.caller.id, limit=LATEST_DRILLS)
    return next((row for row in found if visitor.is_guest or _goes_on(row, now)), None)


def _goes_on(drill: DrillRow, now: datetime) -> bool:
    in_time = drill.ends_at is None or drill.paused_at is not None or drill.ends_at > now
    return drill.state != "finished" and in_time
