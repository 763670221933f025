"""Drills as documents."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from app.api.bodies import Body
from app.api.problem_documents import State
from app.services.blueprints import Blueprint, Feedback, Tool, blueprint_from_json
from app.services.drill_presets import DrillPreset
from app.services.drills import Drill, remaining_seconds
from app.services.plans import plan_from_json
from app.storage.drills import DrillRow
from quiz_bank.problem import Language

DrillState = Literal["running", "paused", "finished"]
Slug = Annotated[str, StringConstraints(max_length=100)]

LENGTH = "How many problems. Without it as many as fit into the minutes, and 10 where there are none either."
MINUTES = "The limit of time, from the start. The first instant that is late is the end itself. Null: no limit."
TRIES = (
    "How many answers to a problem count; later ones are stored and judged, uncounted. Null: any number, which with feedback "
    "at the end means that the last answer before it is the one that is judged."
)
FEEDBACK = "at-once: each answer is judged as it comes. at-end: it is only acknowledged until the drill has ended."
LEVELS = "Only problems of these levels."
TOPICS = "Only families of these topics; empty: of all."
FAMILIES = "Only these families. Those that you assess yourself, such as one-minute-pitch, come only where they are named."
TOOL = "mental: only problems that heads do; calculator: only those that need a scientific calculator."
HINTS = "Whether hints are given."
PAUSE = "Whether the clock may be stopped."
INTERVIEW = "Whether each problem, once answered, is followed by the question that an interviewer would ask next."
MISSED_ONLY = "Only families whose latest problem you didn't get right at the first try."
REVIEWS = "Whether what comes of the problems tells when their families are due again."
LAST = "The family of the last problem, whatever the other conditions say."


class BlueprintIn(Body):
    """What a drill is to be like. What is left out is as its preset has it, else as it stands here."""

    length: int | None = Field(None, ge=1, le=100, description=LENGTH)
    minutes: float | None = Field(None, ge=0.5, le=240, description=MINUTES)
    topics: list[Slug] = Field([], max_length=20, description=TOPICS)
    families: list[Slug] = Field([], max_length=200, description=FAMILIES)
    levels: list[Annotated[int, Field(ge=1, le=9)]] = Field([], max_length=9, description=LEVELS)
    tool: Tool = Field("any", description=TOOL)
    feedback: Feedback = Field("at-once", description=FEEDBACK)
    tries: int | None = Field(None, ge=1, le=10, description=TRIES)
    hints: bool = Field(True, description=HINTS)
    pause: bool = Field(True, description=PAUSE)
    interview: bool = Field(False, description=INTERVIEW)
    missed_only: bool = Field(False, description=MISSED_ONLY)
    reviews: bool = Field(True, description=REVIEWS)
    last: Slug | None = Field(None, description=LAST)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"length": 5, "topics": ["cross-entropy", "logits"], "levels": [1, 2]},
                {"minutes": 20, "feedback": "at-end", "hints": False, "interview": True, "last": "one-minute-pitch"},
            ]
        }
    )

    def given(self) -> dict[str, Any]:
        """Return the fields that the caller named, as a blueprint has them."""
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


class DrillIn(Body):
    """Which drill: a preset, a blueprint, or a preset some of whose fields the blueprint replaces. `{}`: ten problems."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"preset": "warm-up"},
                {"preset": "screen-15min", "blueprint": {"topics": ["gradients"]}, "language": "zh"},
                {"blueprint": {"length": 3, "families": ["softmax", "ce-from-logits"], "tries": 2}},
                {},
            ]
        }
    )

    preset: Slug | None = Field(None, description="A name of GET /v1/drills/presets.")
    blueprint: BlueprintIn = Field(default_factory=BlueprintIn, description="The conditions, or what differs from the preset.")
    language: str | None = Field(
        None,
        max_length=35,
        description="The language of the problems, en or zh; any other gives en. Without it Accept-Language decides.",
    )


class BlueprintOut(BaseModel):
    """The conditions of a drill, all of them decided."""

    length: int | None = Field(description=LENGTH)
    minutes: float | None = Field(description=MINUTES)
    topics: list[str] = Field(description=TOPICS)
    families: list[str] = Field(description=FAMILIES)
    levels: list[int] = Field(description=LEVELS)
    tool: Tool = Field(description=TOOL)
    feedback: Feedback = Field(description=FEEDBACK)
    tries: int | None = Field(description=TRIES)
    hints: bool = Field(description=HINTS)
    pause: bool = Field(description=PAUSE)
    interview: bool = Field(description=INTERVIEW)
    missed_only: bool = Field(description=MISSED_ONLY)
    reviews: bool = Field(description=REVIEWS)
    last: str | None = Field(description=LAST)


_WARM_UP: Final[dict[str, JsonValue]] = {
    "length": 5,
    "minutes": None,
    "topics": [],
    "families": [],
    "levels": [1, 2],
    "tool": "any",
    "feedback": "at-once",
    "tries": None,
    "hints": True,
    "pause": True,
    "interview": False,
    "missed_only": False,
    "reviews": True,
    "last": None,
}
_SUMMARY_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000010",
    "preset": "warm-up",
    "blueprint": _WARM_UP,
    "language": "en",
    "state": "running",
    "length": 5,
    "shown": 0,
    "started_at": "2026-11-20T21:16:00Z",
    "ends_at": None,
    "paused_at": None,
    "paused_seconds": 0.0,
    "finished_at": None,
    "remaining_seconds": None,
}
DRILL_EXAMPLE: Final[dict[str, JsonValue]] = {**_SUMMARY_EXAMPLE, "room": None, "current_problem_id": None, "problems": []}


class DrillSummary(BaseModel):
    """A drill as it is listed."""

    id: UUID
    preset: str | None
    blueprint: BlueprintOut
    language: Language
    state: DrillState
    length: int = Field(description="How many problems it has.")
    shown: int = Field(description="The position of the problem that was handed out last; 0 before the first.")
    started_at: AwareDatetime
    ends_at: AwareDatetime | None = Field(description="The first instant that is late; moved by pauses. Null: no limit.")
    paused_at: AwareDatetime | None
    paused_seconds: float
    finished_at: AwareDatetime | None
    remaining_seconds: float | None = Field(description="By the server's clock; it stands still in a pause. Null: no limit.")


class DrillProblem(BaseModel):
    """A problem that a drill has handed out; GET /v1/problems/{id} shows it."""

    id: UUID
    position: int = Field(description="From 1.")
    state: State = Field(description="Open until the end where the feedback comes then.")
    tries: int = Field(description="Attempts that counted.")


class DrillOut(DrillSummary):
    """A drill with the problems that it has handed out."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRILL_EXAMPLE]})

    room: str | None = Field(description="The code of the room that it belongs to.")
    current_problem_id: UUID | None = Field(description="The problem that was handed out last; earlier ones stay answerable.")
    problems: list[DrillProblem]


class DrillsOut(BaseModel):
    """A page of drills, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_SUMMARY_EXAMPLE]}]})

    items: list[DrillSummary]


class PresetOut(BaseModel):
    """A drill with a name."""

    name: str
    title: dict[Language, str] = Field(description="In each language.")
    about: dict[Language, str] = Field(description="In each language.")
    blueprint: BlueprintOut


class PresetsOut(BaseModel):
    """The drills that have a name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "name": "warm-up",
                            "title": {"en": "Warm-up", "zh": "热身"},
                            "about": {"en": "Five easy problems …", "zh": "五道简单题…"},
                            "blueprint": _WARM_UP,
                        }
                    ]
                }
            ]
        }
    )

    items: list[PresetOut]


def blueprint_out(blueprint: Blueprint) -> BlueprintOut:
    """Return a blueprint as it is sent."""
    return BlueprintOut.model_validate(asdict(blueprint))


def preset_out(preset: DrillPreset) -> PresetOut:
    """Return a drill with a name as it is sent."""
    return PresetOut(
        name=preset.name,
        title=dict(preset.titles),
        about=dict(preset.about),
        blueprint=blueprint_out(preset.blueprint),
    )


def drill_summary(drill: DrillRow, now: datetime) -> DrillSummary:
    """Return a drill as it is listed."""
    return DrillSummary(**_summary(drill, now))


def drill_out(drill: Drill, now: datetime) -> DrillOut:
    """Return a drill as it is sent."""
    shown = [
        DrillProblem(id=row.id, position=row.position or 0, state=cast("State", row.state), tries=row.tries)
        for row in drill.problems
    ]
    current = shown[-1].id if shown else None
    return DrillOut(**_summary(drill.row, now), room=drill.room, current_problem_id=current, problems=shown)


def _summary(drill: DrillRow, now: datetime) -> dict[str, Any]:
    stored = {name: getattr(drill, name) for name in DrillSummary.model_fields if name in DrillRow.__slots__}
    return {
        **stored,
        "blueprint": blueprint_out(blueprint_from_json(drill.blueprint)),
        "length": len(plan_from_json(drill.plan)),
        "remaining_seconds": remaining_seconds(drill, now),
    }
