"""One's tokens and sessions: what there is, one more, one less, and the way out of every browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.access import SESSION
from app.edge.context import context_of
from app.services import accounts
from app.services.accounts import SESSION_MARK, TOKEN_MARK
from app.storage import tokens
from app.storage.tokens import TokenRow
from app.web.forms import Form, secret_of
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor
from app.web.words import say

router = APIRouter(include_in_schema=False)

LONGEST_NAME: Final = 100
LIVES: Final = (30, 90, 365)
"""For how many days a new token may be made here; more than the server allows are not offered."""


@dataclass(frozen=True, slots=True)
class TokensPage:
    """What `tokens.html` is rendered with: what stands, and the text of a token that was made just now.

    `lives` are the days to choose from, `for_ever` whether a token may stay until it is revoked, `here` the session of this
    browser.
    """

    tokens: tuple[TokenRow, ...]
    sessions: tuple[TokenRow, ...]
    lives: tuple[int, ...]
    for_ever: bool
    here: UUID | None
    made: str = ""
    name: str = ""
    complaint: str = ""
    ended: bool = False


def tokens_page(
    connection: Connection, request: Request, visitor: Visitor, made: str = "", name: str = "", complaint: str = ""
) -> Page:
    """Return the page as things stand."""
    context = context_of(request)
    now, longest = context.clock(), context.settings.longest_token
    standing = [row for row in tokens.all_of(connection, visitor.caller.id) if _stands(row, now)]
    lives = tuple(days for days in LIVES if longest is None or timedelta(days=days) <= longest)
    page = TokensPage(
        tokens=tuple(row for row in standing if not row.prefix.startswith(SESSION_MARK)),
        sessions=tuple(row for row in standing if row.prefix.startswith(SESSION_MARK)),
        lives=lives,
        for_ever=longest is None,
        here=tokens.id_of(connection, visitor.visit.session.digest or ""),
        made=made,
        name=name,
        complaint=complaint,
        ended="ended" in request.query_params,
    )
    return Page("tokens.html", page, 422 if complaint else 200)


def _stands(row: TokenRow, now: datetime) -> bool:
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


@router.get("/settings/tokens")
async def show_tokens(request: Request) -> Response:
    """Show what signs the learner in."""
    return await look(request, lambda connection, visitor: tokens_page(connection, request, visitor))


@router.post("/settings/tokens")
async def make_token(request: Request) -> Response:
    """Make a token and show it this once."""
    context = context_of(request)
    now, longest = context.clock(), context.settings.longest_token

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page:
        name, days = form.text("name"), form.whole("days")
        if not 0 < len(name) <= LONGEST_NAME:
            complaint = say(visitor.language, "Give a name of 1 to %(most)s characters.", most=LONGEST_NAME)
            return tokens_page(connection, request, visitor, name=name, complaint=complaint)
        secret = secret_of(visitor.visit, form, f"token {visitor.caller.id}")
        asked = now + timedelta(days=days) if days in LIVES else None
        if not tokens.is_known(connection, accounts.digest(TOKEN_MARK + secret)):
            ends = accounts.end_of(now, asked, longest)
            accounts.add_token(connection, visitor.caller.id, name=name, secret=secret, now=now, expires_at=ends)
        return tokens_page(connection, request, visitor, made=TOKEN_MARK + secret)

    return await act(request, work)


@router.post("/settings/tokens/{token_id}/revoke")
async def revoke_token(request: Request, token_id: UUID) -> Response:
    """End a token or a session; the one of this browser too."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        accounts.revoke_token(connection, visitor.caller.id, token_id, now)
        return To("/settings/tokens?ended=1")

    return await act(request, work)


@router.post("/settings/sessions/end")
async def end_sessions(request: Request) -> Response:
    """Sign the learner out of every browser."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        accounts.end_sessions(connection, visitor.caller.id, now)
        return To("/" if visitor.local else "/sign-in", {SESSION: ""})

    return await act(request, work)
