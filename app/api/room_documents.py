"""Rooms as documents."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from app.api.bodies import Body, Identifier
from app.api.drill_documents import (
    DRILL_EXAMPLE,
    FEEDBACK,
    HINTS,
    INTERVIEW,
    MINUTES,
    PAUSE,
    TRIES,
    BlueprintIn,
    BlueprintOut,
    DrillOut,
    Slug,
    blueprint_out,
)
from app.api.learner_documents import Name
from app.services.blueprints import Feedback, blueprint_from_json
from app.services.plans import PlanItem, plan_from_json
from app.services.rooms import Choice
from app.storage.rooms import RoomRow

MOST_PROBLEMS: Final = 100
CODE_EXAMPLE: Final = "7K3M-09QX-ZB4T"

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ChoiceIn(Body):
    """A problem that you choose: drawn, or by a seed, a preset or your own numbers."""

    family: Slug = Field(description="A slug of GET /v1/families.")
    level: int | None = Field(None, ge=1, le=9, description="The lowest where it is left out.")
    seed: str | None = Field(None, min_length=1, max_length=64)
    preset: Slug | None = Field(None, description="A named problem of the family.")
    parameters: dict[str, Any] | None = Field(None, description="Your own numbers, by the family's schema.")

    def choice(self) -> Choice:
        """Return what is chosen."""
        return Choice(self.family, self.level, self.seed, self.preset, self.parameters)


class RoomIn(Body):
    """A room of a preset, a blueprint, chosen problems with a blueprint for the terms, or an earlier room again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"preset": "screen-15min"},
                {
                    "title": "Data scientist, first round",
                    "blueprint": {"minutes": 20, "feedback": "at-end", "hints": False, "pause": False, "interview": True},
                    "problems": [
                        {"family": "cross-entropy-one-hot", "preset": "mock-question"},
                        {"family": "ce-from-logits", "parameters": {"logits": ["2", "1", "0.1"], "target": 0}},
                        {"family": "gradient-logits", "level": 1},
                    ],
                },
            ]
        }
    )

    title: Title | None = Field(None, description="What candidates read. Without it the preset's, else a general one.")
    preset: Slug | None = Field(None, description="A name of GET /v1/drills/presets.")
    blueprint: BlueprintIn = Field(default_factory=BlueprintIn, description="The conditions, or what differs from the preset.")
    problems: list[ChoiceIn] | None = Field(
        None,
        min_length=1,
        max_length=MOST_PROBLEMS,
        description="Just these, in this order; the blueprint then holds the terms and says nothing of the selection.",
    )
    again: str | None = Field(
        None, max_length=40, description="The code of an earlier room of yours, whose title, terms and problems you want again."
    )
    language: str | None = Field(
        None, max_length=35, description="The language of the title where you give none. Each candidate has their own."
    )


class TermsOut(BaseModel):
    """What holds for everyone in a room."""

    length: int = Field(description="How many problems there are.")
    minutes: float | None = Field(description=MINUTES)
    feedback: Feedback = Field(description=FEEDBACK)
    tries: int | None = Field(description=TRIES)
    hints: bool = Field(description=HINTS)
    pause: bool = Field(description=PAUSE)
    interview: bool = Field(description=INTERVIEW)


class PlannedOut(BaseModel):
    """A problem that everyone in a room is asked."""

    position: int = Field(description="From 1.")
    family: str
    level: int
    seed: str | None
    preset: str | None
    parameters: dict[str, Any]
    truth: dict[str, Any] = Field(description='By part; an infinite value is "inf" or "-inf".')


_SUMMARY_EXAMPLE: Final[dict[str, JsonValue]] = {
    "code": CODE_EXAMPLE,
    "title": "Data scientist, first round",
    "preset": None,
    "terms": {
        "length": 1,
        "minutes": 20,
        "feedback": "at-end",
        "tries": None,
        "hints": False,
        "pause": False,
        "interview": True,
    },
    "created_at": "2026-11-20T21:00:00Z",
    "closed_at": None,
    "candidates": 0,
}
_ROOM_EXAMPLE: Final[dict[str, JsonValue]] = {
    **_SUMMARY_EXAMPLE,
    "blueprint": {
        "length": 1,
        "minutes": 20,
        "topics": [],
        "families": [],
        "levels": [],
        "tool": "any",
        "feedback": "at-end",
        "tries": None,
        "hints": False,
        "pause": False,
        "interview": True,
        "missed_only": False,
        "reviews": True,
        "last": None,
    },
    "problems": [
        {
            "position": 1,
            "family": "cross-entropy-one-hot",
            "level": 2,
            "seed": None,
            "preset": "mock-question",
            "parameters": {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"},
            "truth": {"loss": 0.3566749439387324},
        }
    ],
}


class RoomSummary(BaseModel):
    """A room as it is listed."""

    code: str = Field(description="What lets people in. Case, hyphens and spaces don't matter when it is typed.")
    title: str
    preset: str | None
    terms: TermsOut
    created_at: AwareDatetime
    closed_at: AwareDatetime | None = Field(description="Since when it takes nobody in any more.")
    candidates: int | None = Field(description="How many have joined. Null for whoever it isn't.")


class RoomOut(RoomSummary):
    """A room; the coach whose it is sees all of it, everybody else who has its code the terms."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROOM_EXAMPLE]})

    blueprint: BlueprintOut | None = Field(description="Null for whoever it isn't.")
    problems: list[PlannedOut] | None = Field(description="Null for whoever it isn't.")


class RoomsOut(BaseModel):
    """A page of rooms, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_SUMMARY_EXAMPLE]}]})

    items: list[RoomSummary]


class JoinIn(Body):
    """Who joins: with a token it is its learner, whatever the name; without one a guest of this name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Bob"}]})

    name: Name | None = Field(None, description="What the coach knows you by. Needed without a token.")
    language: str | None = Field(
        None,
        max_length=35,
        description="The language of the problems, en or zh; any other gives en. Without it Accept-Language decides.",
    )


class JoinOut(BaseModel):
    """Your drill in a room."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Data scientist, first round",
                    "drill": {**DRILL_EXAMPLE, "room": CODE_EXAMPLE},
                    "token": "crossdrill_Xy12ab…",
                    "expires_at": "2026-12-20T21:16:00Z",
                }
            ]
        }
    )

    title: str
    drill: DrillOut
    token: str | None = Field(
        description="A guest's: good for this room, shown this once. Null for a learner, and where the request was sent before."
    )
    expires_at: AwareDatetime | None = Field(description="Until when a guest's token is good.")


class MarkIn(Body):
    """What you think of what a candidate said or explained."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
                    "mark": 0.75,
                    "remark": "Clear; the link to likelihood was missing.",
                }
            ]
        }
    )

    problem_id: Identifier = Field(description="A problem that a candidate of this room was handed.")
    mark: float | None = Field(ge=0, le=1, description="From 0 to 1; null takes it back.")
    remark: str | None = Field(None, max_length=4000, description="For the candidate to read; left out: none.")


class MarkOut(BaseModel):
    """A mark as it is stored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
                    "mark": 0.75,
                    "remark": "Clear; the link to likelihood was missing.",
                    "marked_at": "2026-11-20T21:40:00Z",
                }
            ]
        }
    )

    problem_id: UUID
    mark: float | None
    remark: str | None
    marked_at: AwareDatetime


def room_summary(room: RoomRow, candidates: int | None) -> RoomSummary:
    """Return a room as it is listed."""
    return RoomSummary(**_summary(room, candidates))


def room_out(room: RoomRow, candidates: int | None) -> RoomOut:
    """Return a room as its coach sees it; without the number of candidates, as everybody else does."""
    summary = _summary(room, candidates)
    if candidates is None:
        return RoomOut(**summary, blueprint=None, problems=None)
    problems = [_planned(position, item) for position, item in enumerate(plan_from_json(room.plan), start=1)]
    return RoomOut(**summary, blueprint=blueprint_out(blueprint_from_json(room.blueprint)), problems=problems)


def _summary(room: RoomRow, candidates: int | None) -> dict[str, Any]:
    blueprint = blueprint_from_json(room.blueprint)
    named = {name: getattr(blueprint, name) for name in TermsOut.model_fields if name != "length"}
    terms = TermsOut(length=len(plan_from_json(room.plan)), **named)
    stored = {name: getattr(room, name) for name in ("code", "title", "preset", "created_at", "closed_at")}
    return {**stored, "terms": terms, "candidates": candidates}


def _planned(position: int, item: PlanItem) -> PlannedOut:
    drawn = {"parameters": item.frozen.parameters, "truth": item.frozen.truth} if item.frozen else {}
    fields = {name: getattr(item, name) for name in ("family", "level", "seed", "preset")}
    return PlannedOut.model_validate({"position": position, **fields, **drawn})
