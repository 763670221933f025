"""What visitors choose: for this device, and for themselves wherever they sign in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.languages import CHOSEN
from app.errors import UnknownZoneError
from app.services import accounts
from app.storage.learners import LearnerRow
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.visits import CHOICES, Choices, Scheme, Visitor
from app.web.words import say

router = APIRouter(include_in_schema=False)

LONGEST_NAME = 100
SCHEMES: dict[str, Scheme] = {"auto": "auto", "light": "light", "dark": "dark"}


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What `settings.html` is rendered with. `chosen` is the language chosen in this browser, empty for the browser's own."""

    learner: LearnerRow | None
    chosen: str
    zones: tuple[str, ...]
    saved: bool
    name: str
    zone: str
    complaint: str = ""


@cache
def zones() -> tuple[str, ...]:
    """Return the names of the time zones that people live in."""
    return (*sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")), "UTC")


def settings_page(request: Request, visitor: Visitor, *, saved: bool = False) -> Page:
    """Return the page as things stand."""
    learner = visitor.learner
    chosen = request.cookies.get(CHOSEN, "")
    name, zone = (learner.name, learner.time_zone) if learner else ("", "UTC")
    return Page("settings.html", SettingsPage(learner, chosen, zones(), saved, name, zone))


@router.get("/settings")
async def show_settings(request: Request, saved: str = "") -> Response:
    """Show what can be chosen."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        return settings_page(request, visitor, saved=bool(saved))

    return await look(request, work, guests=True)


@router.post("/settings/device")
async def choose_for_device(request: Request) -> Response:
    """Keep what was chosen for this browser in its cookies."""

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        choices = Choices(SCHEMES.get(form.text("scheme"), "auto"), form.has("keys"), form.has("clock"))
        language = form.text("language")
        chosen = language if language in {"en", "zh"} else ""
        return To("/settings?saved=device", {CHOICES: choices.to_cookie(), CHOSEN: chosen})

    return await act(request, work, guests=True)


@router.post("/settings/learner")
async def choose_for_learner(request: Request) -> Response:
    """Change what is stored of the learner."""

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        name, zone = form.text("name"), form.text("time_zone")
        complaint = ""
        if not 0 < len(name) <= LONGEST_NAME:
            complaint = say(visitor.language, "Give a name of 1 to %(most)s characters.", most=LONGEST_NAME)
        else:
            try:
                accounts.change(connection, visitor.caller.id, name=name, time_zone=zone, streak=form.has("streak"))
            except UnknownZoneError:
                complaint = say(visitor.language, "There is no time zone of this name. Choose one from the list.")
        if not complaint:
            return To("/settings?saved=learner")
        page = SettingsPage(
            visitor.learner, request.cookies.get(CHOSEN, ""), zones(), saved=False, name=name, zone=zone, complaint=complaint
        )
        return Page("settings.html", page, 422)

    return await act(request, work)
