"""Everybody who has an account, for admins: looked for, given roles, given a new token where one was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.errors import InvalidInputError
from app.services import accounts
from app.services.accounts import TOKEN_MARK
from app.services.rosters import ROLES
from app.storage import learners, tokens
from app.storage.learners import SeenLearner
from app.web.forms import Form, secret_of
from app.web.pages import Page, To, act, look
from app.web.visits import Visitor

router = APIRouter(include_in_schema=False)

ON_A_PAGE: Final = 20
LONGEST_SEARCH: Final = 100


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """What `people.html` is rendered with: who was found, and what was looked for.

    `older` is where the list goes on, None at its end; `changed` who has a new role, `token` what was made for whom.
    """

    people: tuple[SeenLearner, ...]
    sought: str
    older: UUID | None
    roles: tuple[str, ...] = ROLES
    changed: SeenLearner | None = None
    token: str = ""


@router.get("/people")
async def show_people(request: Request, q: str = "", before: UUID | None = None, changed: UUID | None = None) -> Response:
    """List everybody, or who was looked for, the newest first."""
    sought = q.strip()[:LONGEST_SEARCH]

    def work(connection: Connection, visitor: Visitor) -> Page:
        visitor.caller.require("admin")
        found = learners.page(connection, text=sought, before=before, limit=ON_A_PAGE + 1)
        older = found[ON_A_PAGE - 1].row.id if len(found) > ON_A_PAGE else None
        whom = accounts.seen(connection, changed) if changed else None
        return Page("people.html", PeoplePage(tuple(found[:ON_A_PAGE]), sought, older, changed=whom))

    return await look(request, work)


@router.post("/people/{learner_id}/role")
async def give_role(request: Request, learner_id: UUID) -> Response:
    """Change what somebody may do."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        visitor.caller.require("admin")
        accounts.account(connection, learner_id)
        role = form.text("role")
        if role not in ROLES:
            raise InvalidInputError
        accounts.give_role(connection, learner_id, role, now, by=visitor.caller.id)
        return To(f"/people?changed={learner_id}")

    return await act(request, work)


@router.post("/people/{learner_id}/token")
async def replace_token(request: Request, learner_id: UUID) -> Response:
    """Make a new token for somebody who lost theirs, and show it this once; the others end."""
    context = context_of(request)
    now = context.clock()
    ends = accounts.end_of(now, None, context.settings.longest_token)

    def work(connection: Connection, visitor: Visitor, form: Form) -> Page:
        visitor.caller.require("admin")
        whom = accounts.account(connection, learner_id)
        secret = secret_of(visitor.visit, form, f"replacement {learner_id}")
        if not tokens.is_known(connection, accounts.digest(TOKEN_MARK + secret)):
            accounts.replace_tokens(
                connection,
                learner_id,
                name="replacement",
                secret=secret,
                now=now,
                expires_at=ends,
                keep=False,
                by=visitor.caller.id,
            )
        seen = accounts.seen(connection, whom.id)
        return Page("people.html", PeoplePage((seen,), "", None, changed=seen, token=TOKEN_MARK + secret))

    return await act(request, work)
