"""How answers may be written, and which keys do what."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.languages import Language
from app.web.pages import Page, look
from app.web.visits import Visitor
from app.web.words import say

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class HelpPage:
    """What `help.html` is rendered with: pairs of what is typed or pressed, and what it means."""

    writings: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]


@router.get("/help")
async def show_help(request: Request) -> Response:
    """Show what helps whoever has a problem before them."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("help.html", HelpPage(_writings(visitor.language), _keys(visitor.language)), shared=True)

    return await look(request, work, anyone=True, guests=True)


def _writings(language: Language) -> tuple[tuple[str, str], ...]:
    return (
        ("0.357  .357  3.4e-4  3.4×10^-4", say(language, "a number; the point is a point, not a comma")),
        ("1/3  35.7%", say(language, "a fraction, a percentage")),
        ("-ln(0.7)  log2(10)  1/(1+exp(-2))", say(language, "an expression; log and ln are natural, lg is to base 10")),
        ("sqrt(2)  e^-1  sigmoid(2)  2*pi", say(language, "roots, powers and products; a product needs its sign *")),
        ("0.5146 bits  0.357 nats", say(language, "a unit at the end; without one it is the unit of the field")),
        ("inf  -inf", say(language, "infinity")),
    )


def _keys(language: Language) -> tuple[tuple[str, str], ...]:
    return (
        ("Enter", say(language, "sends the answer; after the verdict it goes on to the next problem")),
        ("Esc", say(language, "leaves a field, so that letters do what stands below")),
        ("h", say(language, "one more hint")),
        ("s", say(language, "the solution, which ends the problem")),
        ("n", say(language, "the next problem")),
        ("?", say(language, "this help")),
    )
