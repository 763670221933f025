"""Learners and their tokens as documents."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from app.api.bodies import Body, Moment
from app.edge.access import Role
from app.storage.learners import LearnerRow
from app.storage.tokens import TokenRow
from quiz_bank.problem import Language

STORED_LANGUAGE = "The language to answer in where a request names none; being stored, it is en or zh and nothing else."
STORED_ZONE = "An IANA name, as Asia/Shanghai, spelt exactly: your days and weeks begin by it."
COUNTED_DAYS = "Whether your days in a row are counted; everything else stays as it is without."
TOKENS_END = "When it ends; without, never. No token outlives what the server allows a new one."
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
    "last_used_at": "2026-11-20T21:14:00Z",
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
    expires_at: Moment | None = Field(None, description=TOKENS_END)


class TokenOut(BaseModel):
    """A token by what may be known of it: how it starts."""

    model_config = ConfigDict(json_schema_extra={"examples": [TOKEN_EXAMPLE]})

    id: UUID
    name: str
    prefix: str
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    last_used_at: AwareDatetime | None = Field(description="To about a minute; null where it never was.")


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


def learner_out(row: LearnerRow) -> LearnerOut:
    """Return a learner as a document."""
    return LearnerOut.model_validate(row, from_attributes=True)


def token_out(row: TokenRow) -> TokenOut:
    """Return a token as a document, without its text, which nobody knows."""
    return TokenOut.model_validate(row, from_attributes=True)
