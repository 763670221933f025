"""Registering, where that is open: a name makes a learner, whose token is shown once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import Response

from app.edge.access import SESSION
from app.edge.context import Context, context_of
from app.errors import ForgedFormError, NotFoundError
from app.services import accounts
from app.services.accounts import TOKEN_MARK
from app.storage.tokens import find_learner_by_digest, is_known
from app.web.forms import Form, secret_of
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor
from app.web.words import say

router = APIRouter(include_in_schema=False)

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """What `register.html` is rendered with: what was typed as a name, and what is wrong with it."""

    name: str = ""
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredPage:
    """What `registered.html` is rendered with: the token, which is known this once."""

    token: str


@router.get("/register")
async def show_register(request: Request) -> Response:
    """Ask for a name."""
    context = context_of(request)

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        return _elsewhere(context, visitor) or Page("register.html", RegisterPage())

    return await look(request, work, anyone=True, guests=True)


def _elsewhere(context: Context, visitor: Visitor) -> To | None:
    """Return where those go who are somebody already: a guest would lose the room. NotFoundError where it isn't open."""
    if context.settings.registration != "open":
        raise NotFoundError
    return To("/") if visitor.is_somebody else None


@router.post("/register")
async def register(request: Request) -> Response:
    """Make a learner and begin a session; the same form sent again makes nobody else."""
    context = context_of(request)

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page | To:
        away = _elsewhere(context, visitor)
        if away is not None:
            return away
        name = form.text("name")
        if not 0 < len(name) <= LONGEST_NAME:
            complaint = say(visitor.language, "Give a name of 1 to %(most)s characters.", most=LONGEST_NAME)
            return Page("register.html", RegisterPage(name, complaint), 422)
        return _registered(connection, context, visitor, name, secret_of(visitor.visit, form, "register"))

    try:
        return await act(request, work, anyone=True, guests=True)
    except (IntegrityError, ForgedFormError):  # the same form was sent twice at once: now its learner is known
        return await act(request, work, anyone=True, guests=True)


def _registered(connection: Connection, context: Context, visitor: Visitor, name: str, secret: str) -> Page:
    now, longest, token = context.clock(), context.settings.longest_token, TOKEN_MARK + secret
    known = find_learner_by_digest(connection, accounts.digest(token), now)
    if known is None:
        if is_known(connection, accounts.digest(token)):  # it was made by this form, and has ended since
            raise ForgedFormError
        terms = {"name": name, "role": "learner", "language": visitor.language, "secret": secret}
        ends = accounts.end_of(now, None, longest)
        learner, _ = accounts.enrol(connection, **terms, now=now, expires_at=ends)
    learner_id = learner.id if known is None else known.id
    session = accounts.begin_session(connection, learner_id, secrets.token_urlsafe(32), now, longest)
    return Page("registered.html", RegisteredPage(token), cookies={SESSION: session.text})
