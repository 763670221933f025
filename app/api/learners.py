"""Registering, and what is one's own: oneself and one's tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, show
from app.api.bodies import rest_router
from app.api.field_texts import field_text
from app.api.idempotency import IfOnce
from app.api.learner_documents import (
    LearnerChange,
    LearnerIn,
    LearnerOut,
    NewLearnerOut,
    NewTokenOut,
    TokenIn,
    TokensOut,
    learner_out,
    token_out,
)
from app.api.openapi import refusals
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import language_of
from app.errors import FieldError, InvalidInputError, RegistrationClosedError, UnknownZoneError
from app.services import accounts, audit
from app.storage import tokens

router = rest_router("learners")

SECRET_BYTES = 32


@contextmanager
def pointing_at_the_zone(request: Request) -> Iterator[None]:
    """Say of an unknown time zone in which field it stands."""
    try:
        yield
    except UnknownZoneError as error:
        detail = field_text("time_zone", language_of(request.scope))
        raise UnknownZoneError(errors=(FieldError("/time_zone", detail),), **error.values) from None


def require_to_come(request: Request, expires_at: datetime | None, now: datetime) -> None:
    """Refuse the end of a token that has come already."""
    if expires_at is not None and expires_at <= now:
        raise InvalidInputError(errors=(FieldError("/expires_at", field_text("past", language_of(request.scope))),))


@router.post(
    "/learners",
    summary="Create a learner",
    status_code=201,
    response_model=NewLearnerOut,
    responses=refusals("forbidden", "registration-closed", "unknown-time-zone", "idempotency-key-reused"),
)
async def create(request: Request, shown: Shown, once: IfOnce, body: LearnerIn) -> Response:
    """Create a learner with a first token. Open to everyone, to admins only or to nobody, by the server's setting."""
    context = context_of(request)
    now, secret = context.clock(), secrets.token_urlsafe(SECRET_BYTES)
    is_open = context.settings.registration == "open"
    ends = accounts.end_of(now, None, context.settings.longest_token)

    def work(connection: Connection, caller: Caller) -> Answer:
        if body.role != "learner" or not is_open:
            caller.require("admin")
        if context.settings.registration == "closed":
            raise RegistrationClosedError
        with pointing_at_the_zone(request):
            learner, token = accounts.enrol(connection, **body.model_dump(), secret=secret, now=now, expires_at=ends)
        if caller.role == "admin":
            audit.note(connection, caller.id, "learner.created", learner.id, now, role=learner.role)
        made = NewLearnerOut(**learner_out(learner).model_dump(), token=token.text)
        return Answer(201, made, kept=made.model_copy(update={"token": None}), owner=learner.id)

    return await change(request, shown, work, once, anyone=is_open)


@router.get("/me", summary="Show yourself", response_model=LearnerOut)
async def read(request: Request, shown: Shown) -> Response:
    """Show who you are here."""

    def work(connection: Connection, caller: Caller) -> LearnerOut:
        return learner_out(accounts.find(connection, caller.id))

    return await show(request, shown, work, guests=True)


@router.patch("/me", summary="Change yourself", response_model=LearnerOut, responses=refusals("unknown-time-zone"))
async def update(request: Request, shown: Shown, body: LearnerChange) -> Response:
    """Change your name, your language, your time zone, or whether your days in a row are counted."""

    def work(connection: Connection, caller: Caller) -> Answer:
        with pointing_at_the_zone(request):
            return Answer(200, learner_out(accounts.change(connection, caller.id, **body.model_dump())))

    return await change(request, shown, work)


@router.delete("/me", summary="Erase yourself", status_code=204, responses=refusals("last-admin"))
async def erase(request: Request, shown: Shown) -> Response:
    """Erase you with every problem, attempt and token of yours. This can't be undone."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        accounts.erase(connection, caller.id, now)
        return Answer(204, None)

    return await change(request, shown, work, guests=True)


@router.get("/me/tokens", summary="List your tokens", response_model=TokensOut)
async def list_tokens(request: Request, shown: Shown) -> Response:
    """List your tokens by how they start; expired and revoked ones too."""

    def work(connection: Connection, caller: Caller) -> TokensOut:
        return TokensOut(items=[token_out(row) for row in tokens.all_of(connection, caller.id)])

    return await show(request, shown, work)


@router.post(
    "/me/tokens",
    summary="Create a token",
    status_code=201,
    response_model=NewTokenOut,
    responses=refusals("idempotency-key-reused"),
)
async def create_token(request: Request, shown: Shown, once: IfOnce, body: TokenIn) -> Response:
    """Create one more token of yours. It is shown once."""
    context = context_of(request)
    now, secret = context.clock(), secrets.token_urlsafe(SECRET_BYTES)

    def work(connection: Connection, caller: Caller) -> Answer:
        require_to_come(request, body.expires_at, now)
        ends = accounts.end_of(now, body.expires_at, context.settings.longest_token)
        token = accounts.add_token(connection, caller.id, name=body.name, secret=secret, now=now, expires_at=ends)
        made = NewTokenOut(**token_out(token.row).model_dump(), token=token.text)
        return Answer(201, made, kept=made.model_copy(update={"token": None}))

    return await change(request, shown, work, once)


@router.delete("/me/tokens/{token_id}", summary="Revoke a token", status_code=204)
async def revoke_token(request: Request, shown: Shown, token_id: UUID) -> Response:
    """End a token of yours at once."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> Answer:
        accounts.revoke_token(connection, caller.id, token_id, now)
        return Answer(204, None)

    return await change(request, shown, work)
