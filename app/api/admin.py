"""What admins do with learners, and what was done by whom."""

from __future__ import annotations

import secrets
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.admin_documents import (
    ActsOut,
    LearnerEdit,
    ReplacementIn,
    SeenLearnerOut,
    SeenLearnersOut,
    act_out,
    seen_out,
)
from app.api.answers import Answer, change, listed, show
from app.api.bodies import rest_router
from app.api.idempotency import IfOnce
from app.api.learner_documents import NewTokenOut, TokensOut, token_out
from app.api.learners import SECRET_BYTES, pointing_at_the_zone, require_to_come
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.edge.access import Caller, Role, Shown
from app.edge.context import context_of
from app.services import accounts
from app.storage import audit, learners, tokens
from app.storage.audit import AuditRow
from app.storage.learners import SeenLearner

router = rest_router("administration")


@router.get("/learners", summary="List learners", response_model=SeenLearnersOut, responses=refusals("forbidden"))
async def list_learners(
    request: Request,
    shown: Shown,
    page: PageOf,
    q: Annotated[str, Query(max_length=100, description="Only those with this in their name, or in the class list.")] = "",
    role: Annotated[Role | None, Query(description="Only those who have this role.")] = None,
    guests: Annotated[bool, Query(description="Also those who joined a room with a name alone.")] = False,
) -> Response:
    """List everybody who has an account, the newest first. For admins."""

    def work(connection: Connection, caller: Caller) -> list[SeenLearner]:
        caller.require("admin")
        return learners.page(connection, text=q.strip(), role=role, guests=guests, before=page.before, limit=page.limit + 1)

    return await listed(request, shown, page, work, lambda found: found.row.id, seen_out)


@router.get("/learners/{learner_id}", summary="Show a learner", response_model=SeenLearnerOut, responses=refusals("forbidden"))
async def show_learner(request: Request, shown: Shown, learner_id: UUID) -> Response:
    """Show a learner: their role, and when they were here last. For admins."""

    def work(connection: Connection, caller: Caller) -> SeenLearnerOut:
        caller.require("admin")
        return seen_out(accounts.seen(connection, learner_id))

    return await show(request, shown, work)


@router.patch(
    "/learners/{learner_id}",
    summary="Change a learner",
    response_model=SeenLearnerOut,
    responses=refusals("forbidden", "last-admin", "unknown-time-zone"),
)
async def change_learner(request: Request, shown: Shown, learner_id: UUID, body: LearnerEdit) -> Response:
    """Change a learner's role, name, language or time zone. The last admin can't give the role away. For admins."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        caller.require("admin")
        with pointing_at_the_zone(request):
            accounts.edit(connection, learner_id, now, by=caller.id, **body.model_dump())
        return Answer(200, seen_out(accounts.seen(connection, learner_id)))

    return await change(request, shown, work)


@router.delete(
    "/learners/{learner_id}",
    summary="Erase a learner",
    status_code=204,
    responses=refusals("forbidden", "last-admin"),
)
async def erase_learner(request: Request, shown: Shown, learner_id: UUID) -> Response:
    """Erase a learner with every problem, attempt and token of theirs. This can't be undone. For admins."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        caller.require("admin")
        accounts.remove(connection, learner_id, now, by=caller.id)
        return Answer(204, None)

    return await change(request, shown, work)


@router.get(
    "/learners/{learner_id}/tokens",
    summary="List a learner's tokens",
    response_model=TokensOut,
    responses=refusals("forbidden"),
)
async def list_tokens(request: Request, shown: Shown, learner_id: UUID) -> Response:
    """List the tokens of a learner by how they start and when they were used last. For admins."""

    def work(connection: Connection, caller: Caller) -> TokensOut:
        caller.require("admin")
        accounts.find(connection, learner_id)
        return TokensOut(items=[token_out(row) for row in tokens.all_of(connection, learner_id)])

    return await show(request, shown, work)


@router.post(
    "/learners/{learner_id}/tokens",
    summary="Replace a lost token",
    status_code=201,
    response_model=NewTokenOut,
    responses=refusals("forbidden", "idempotency-key-reused"),
)
async def replace_token(request: Request, shown: Shown, once: IfOnce, learner_id: UUID, body: ReplacementIn) -> Response:
    """Make a new token for a learner, shown once, and end their other tokens and sessions. For admins."""
    context = context_of(request)
    now, secret = context.clock(), secrets.token_urlsafe(SECRET_BYTES)

    def work(connection: Connection, caller: Caller) -> Answer:
        caller.require("admin")
        require_to_come(request, body.expires_at, now)
        ends = accounts.end_of(now, body.expires_at, context.settings.longest_token)
        token = accounts.replace_tokens(
            connection,
            learner_id,
            name=body.name,
            secret=secret,
            now=now,
            expires_at=ends,
            keep=body.keep,
            by=caller.id,
        )
        made = NewTokenOut(**token_out(token.row).model_dump(), token=token.text)
        return Answer(201, made, kept=made.model_copy(update={"token": None}), owner=learner_id)

    return await change(request, shown, work, once)


@router.get("/audit", summary="Show what was done by whom", response_model=ActsOut, responses=refusals("forbidden"))
async def list_acts(
    request: Request,
    shown: Shown,
    page: PageOf,
    actor: Annotated[UUID | None, Query(description="Only what this learner did.")] = None,
    subject: Annotated[UUID | None, Query(description="Only what was done to this learner, room, problem or report.")] = None,
    action: Annotated[str | None, Query(max_length=100, description="Only acts of this kind, as role.changed.")] = None,
) -> Response:
    """List what admins, coaches and the operator did, the newest first. For admins."""

    def work(connection: Connection, caller: Caller) -> list[AuditRow]:
        caller.require("admin")
        return audit.page(connection, actor=actor, subject=subject, action=action, before=page.before, limit=page.limit + 1)

    return await listed(request, shown, page, work, lambda row: row.id, act_out)
