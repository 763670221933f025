"""Where everybody begins."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.web.pages import Page, look
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class HomePage:
    """What `home.html` is rendered with."""


@router.get("/")
async def home(request: Request) -> Response:
    """Say what this is, and offer what to do next."""

    def work(connection: Connection, visitor: Visitor) -> Page:
        return Page("home.html", HomePage())

    return await look(request, work, anyone=True, guests=True)
