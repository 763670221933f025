"""Learners and their tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, show
from app.api.bodies import Body, Moment, rest_router
from app.api.field_texts import field_text
from app.api.idempotency import IfOnce
from app.api.openapi import refusals
from app.edge.access import Caller, Role, Shown
from app.edge.context import context_of
from app.edge.languages import language_of
from app.errors import FieldError, InvalidInputError, UnknownZoneError
from app.services import accounts
from app.storage import tokens
from app.storage.learners import LearnerRow
from app.storage.tokens import TokenRow
from quiz_bank.problem import Language

router = rest_router("learners")

SECRET_BYTES = 32
STORED_LANGUAGE = "The language to answer in where a request names none; being stored, it is en or zh and nothing else."
STORED_ZONE = "An IANA name, as Asia/Shanghai, spelt exactly: your days and weeks begin by it."
COUNTED_DAYS = "Whether your days in a row are counted; everything else stays as it is without."
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
ZoneName = Annotated[str, StringConstraints(max_length=100)]

LEARNER_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000002",
    "name": "Ada",
    "role": "learner",
    "language": "en",
    "created_at": "2026-11-20T21:00:00Z",
    "time_zone": "Europe/London",
    "streak": True,
}
TOKEN_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000003",
    "name": "laptop",
    "prefix": "crossdrill_Xy12ab",
    "created_at": "2026-11-20T21:00:00Z",
    "expires_at": None,
    "revoked_at": None,
}


class LearnerIn(Body):
    """A new learner. Only an admin may give a role above learner."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Ada", "language": "en", "time_zone": "Europe/London"}]})

    name: Name
    language: Language = Field("en", description=STORED_LANGUAGE)
    role: Role = "learner"
    time_zone: ZoneName = Field("UTC", description=STORED_ZONE)


class LearnerChange(Body):
    """What to change; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"language": "zh"}, {"time_zone": "Asia/Shanghai", "streak": False}]}
    )

    name: Name | None = None
    language: Language | None = Field(None, description=STORED_LANGUAGE)
    time_zone: ZoneName | None = Field(None, description=STORED_ZONE)
    streak: bool | None = Field(None, description=COUNTED_DAYS)


class LearnerOut(BaseModel):
    """A learner."""

    model_config = ConfigDict(json_schema_extra={"examples": [LEARNER_EXAMPLE]})

    id: UUID
    name: str
    role: Role
    language: Language
    created_at: AwareDatetime
    time_zone: str = Field(description=STORED_ZONE)
    streak: bool = Field(description=COUNTED_DAYS)


class TokenIn(Body):
    """A new token."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "laptop"}]})

    name: Name
    expires_at: Moment | None = Field(None, description="When it ends; never where this is left out.")


class TokenOut(BaseModel):
    """A token by what may be known of it: how it starts."""

    model_config = ConfigDict(json_schema_extra={"examples": [TOKEN_EXAMPLE]})

    id: UUID
    name: str
    prefix: str
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class NewTokenOut(TokenOut):
    """A token just made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**TOKEN_EXAMPLE, "token": "crossdrill_Xy12ab…"}]})

    token: str | None = Field(description="Shown this once. Null where the request was sent before.")


class NewLearnerOut(LearnerOut):
    """A learner just made, with the first token."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**LEARNER_EXAMPLE, "token": "crossdrill_Xy12ab…"}]})

    token: str | None = Field(description="Shown this once. Null where the request was sent before.")


class TokensOut(BaseModel):
    """All tokens of a learner, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [TOKEN_EXAMPLE]}]})

    items: list[TokenOut]


def _learner_out(row: LearnerRow) -> LearnerOut:
    return LearnerOut.model_validate(row, from_attributes=True)


@contextmanager
def _pointing_at_the_zone(request: Request) -> Iterator[None]:
    """Say of an unknown time zone in which field it stands."""
    try:
        yield
    except UnknownZoneError as error:
        detail = field_text("time_zone", language_of(request.scope))
        raise UnknownZoneError(errors=(FieldError("/time_zone", detail),), **error.values) from None


def _token_out(row: TokenRow) -> TokenOut:
    return TokenOut.model_validate(row, from_attributes=True)


@router.post(
    "/learners",
    summary="Create a learner",
    status_code=201,
    response_model=NewLearnerOut,
    responses=refusals("forbidden", "unknown-time-zone", "idempotency-key-reused"),
)
async def create(request: Request, shown: Shown, once: IfOnce, body: LearnerIn) -> Response:
    """Create a learner with a first token. Open to everyone or to admins only, by the server's setting."""
    context = context_of(request)
    now, secret = context.clock(), secrets.token_urlsafe(SECRET_BYTES)
    is_open = context.settings.registration == "open"

    def work(connection: Connection, caller: Caller) -> Answer:
        if body.role != "learner" or not is_open:
            caller.require("admin")
        with _pointing_at_the_zone(request):
            learner, token = accounts.enrol(connection, **body.model_dump(), secret=secret, now=now)
        made = NewLearnerOut(**_learner_out(learner).model_dump(), token=token.text)
        return Answer(201, made, kept=made.model_copy(update={"token": None}), owner=learner.id)

    return await change(request, shown, work, once, anyone=is_open)


@router.get("/me", summary="Show yourself", response_model=LearnerOut)
async def read(request: Request, shown: Shown) -> Response:
    """Show who you are here."""

    def work(connection: Connection, caller: Caller) -> LearnerOut:
        return _learner_out(accounts.find(connection, caller.id))

    return await show(request, shown, work, guests=True)


@router.patch("/me", summary="Change yourself", response_model=LearnerOut, responses=refusals("unknown-time-zone"))
async def update(request: Request, shown: Shown, body: LearnerChange) -> Response:
    """Change your name, your language, your time zone, or whether your days in a row are counted."""

    def work(connection: Connection, caller: Caller) -> Answer:
        with _pointing_at_the_zone(request):
            return Answer(200, _learner_out(accounts.change(connection, caller.id, **body.model_dump())))

    return await change(request, shown, work)


@router.delete("/me", summary="Erase yourself", status_code=204)
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
        return TokensOut(items=[_token_out(row) for row in tokens.all_of(connection, caller.id)])

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
        if body.expires_at is not None and body.expires_at <= now:
            raise InvalidInputError(errors=(FieldError("/expires_at", field_text("past", language_of(request.scope))),))
        token = accounts.add_token(connection, caller.id, name=body.name, secret=secret, now=now, expires_at=body.expires_at)
        made = NewTokenOut(**_token_out(token.row).model_dump(), token=token.text)
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
