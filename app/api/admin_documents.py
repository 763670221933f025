"""What admins see of learners and of what was done to them, as documents."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from app.api.bodies import Body, Moment
from app.api.learner_documents import LEARNER_EXAMPLE, STORED_LANGUAGE, STORED_ZONE, TOKENS_END, LearnerOut, Name, ZoneName
from app.edge.access import Role
from app.storage.audit import AuditRow
from app.storage.learners import SeenLearner
from quiz_bank.problem import Language

SEEN_EXAMPLE: Final[dict[str, JsonValue]] = {**LEARNER_EXAMPLE, "guest": False, "last_used_at": "2026-11-20T21:14:00Z"}
ACT_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000030",
    "happened_at": "2026-11-20T21:30:00Z",
    "actor_id": "01990b7e-3c00-7000-8000-000000000001",
    "actor_role": "admin",
    "action": "role.changed",
    "subject_id": "01990b7e-3c00-7000-8000-000000000002",
    "details": {"before": "learner", "after": "coach"},
}


class LearnerEdit(Body):
    """What an admin changes of somebody; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "coach"}, {"name": "Ada L.", "language": "zh"}]})

    name: Name | None = None
    role: Role | None = Field(None, description="What they may do, from their next request on.")
    language: Language | None = Field(None, description=STORED_LANGUAGE)
    time_zone: ZoneName | None = Field(None, description=STORED_ZONE)


class SeenLearnerOut(LearnerOut):
    """A learner as an admin sees them."""

    model_config = ConfigDict(json_schema_extra={"examples": [SEEN_EXAMPLE]})

    guest: bool = Field(description="Whether they joined a room with a name alone.")
    last_used_at: AwareDatetime | None = Field(description="When any token of theirs was used last, to about a minute.")


class SeenLearnersOut(BaseModel):
    """A page of learners, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SEEN_EXAMPLE]}]})

    items: list[SeenLearnerOut]


class ReplacementIn(Body):
    """A new token for somebody who lost theirs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"name": "second laptop", "keep": True}]})

    name: Name = "replacement"
    expires_at: Moment | None = Field(None, description=TOKENS_END)
    keep: bool = Field(False, description="Whether the other tokens and sessions go on; without this they end at once.")


class ActOut(BaseModel):
    """One act of an admin, a coach, the operator or the provider of sign-ins."""

    model_config = ConfigDict(json_schema_extra={"examples": [ACT_EXAMPLE]})

    id: UUID
    happened_at: AwareDatetime
    actor_id: UUID | None = Field(description="Who it was; null for the operator and the provider.")
    actor_role: str = Field(description="What they were then: coach, admin, operator or provider.")
    action: str
    subject_id: UUID | None = Field(description="To what: a learner, a room, a problem, a report.")
    details: dict[str, Any] = Field(description="Codes, counts and ids; nothing that a person wrote or is called by.")


class ActsOut(BaseModel):
    """A page of the audit trail, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ACT_EXAMPLE]}]})

    items: list[ActOut]


def seen_out(found: SeenLearner) -> SeenLearnerOut:
    """Return a learner as an admin sees them."""
    fields = {name: getattr(found.row, name) for name in LearnerOut.model_fields}
    return SeenLearnerOut(**fields, guest=found.row.room_id is not None, last_used_at=found.last_used_at)


def act_out(row: AuditRow) -> ActOut:
    """Return an act as a document."""
    fields = {name: getattr(row, name) for name in AuditRow.__slots__ if name != "details"}
    return ActOut(**fields, details=json.loads(row.details))
