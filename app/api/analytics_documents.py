"""The documents of the analytics, and an example of each."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from app.api.families import TextOut
from app.services.analytics import Scope

HEADLINE_EXAMPLE: Final[dict[str, JsonValue]] = {
    "suppressed": False,
    "problems": 412,
    "learners": 63,
    "attempts": 655,
    "first_try_rate": 0.625,
    "solved_rate": 0.915,
    "difficulty": 0.375,
    "discrimination": 0.31,
    "median_seconds": 48.2,
}
MISTAKE_EXAMPLE: Final[dict[str, JsonValue]] = {
    "code": "wrong-log-base-2",
    "count": 61,
    "share": 0.41,
    "why": {"markdown": "This is the result with …", "text": "This is the result with …"},
}
FAMILY_EXAMPLE: Final[dict[str, JsonValue]] = {
    "family": "cross-entropy-one-hot",
    "title": "Cross-entropy of a one-hot target",
    "topic": "cross-entropy",
}
SCOPE_EXAMPLE: Final[dict[str, JsonValue]] = {"scope": "everyone", "as_of": "2026-11-20T21:15:00Z"}
PERSON_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000002",
    "name": "Ada",
    "guest": False,
    "problems": 37,
    "first_try_rate": 0.73,
    "last_practised_at": "2026-11-20T21:17:00Z",
}


AS_OF: Final = (
    "When this was counted; null where that was for this answer: in the scope of rooms, and until the figures of everyone are "
    "first kept."
)


class MistakeOut(BaseModel):
    """How often a misconception was shown."""

    code: str
    count: int = Field(description="How many first tries showed it.")
    share: float = Field(description="The same as a share of the first tries that were not right.")
    why: TextOut = Field(
        description="Why it is tempting and what mends it; a number in it is an example's. Empty where the code is unknown."
    )


class HeadlineOut(BaseModel):
    """How a family fares. A problem counts once it was answered or has ended, unless its result is withheld."""

    suppressed: bool = Field(
        description="True where these figures would tell of fewer than 5 learners besides you and those of your rooms: all are "
        "null then. Levels are suppressed together. Admins see all."
    )
    problems: int | None
    learners: int | None
    attempts: int | None = Field(description="Tries that count.")
    first_try_rate: float | None = Field(description="The share of first tries that were right; null where there are none.")
    solved_rate: float | None = Field(description="The share of problems that were solved in the end.")
    difficulty: float | None = Field(description="The share of first tries that were not right.")
    discrimination: float | None = Field(
        description="From -1 to 1: how right first tries go with the same learners' share of right first tries in all other "
        "families (point-biserial correlation). Null below 20 learners, or where there is no difference to explain."
    )
    median_seconds: float | None = Field(description="To the first try, where the time is known.")


class FiguresOut(HeadlineOut):
    """How a family fares, with its misconceptions."""

    misconceptions: list[MistakeOut] = Field(description="What first tries show, the commonest first.")


class LevelFiguresOut(FiguresOut):
    """How a level of a family fares."""

    level: int
    expected_seconds: int | None = Field(description="What an interviewer would give; null where the family lost the level.")


class FamilyFiguresOut(BaseModel):
    """How a family fares: all levels together, and each."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **FAMILY_EXAMPLE,
                    **SCOPE_EXAMPLE,
                    "total": {**HEADLINE_EXAMPLE, "misconceptions": [MISTAKE_EXAMPLE]},
                    "levels": [{"level": 2, "expected_seconds": 60, **HEADLINE_EXAMPLE, "misconceptions": [MISTAKE_EXAMPLE]}],
                }
            ]
        }
    )

    family: str
    title: str
    topic: str
    scope: Scope
    as_of: AwareDatetime | None = Field(description=AS_OF)
    total: FiguresOut
    levels: list[LevelFiguresOut]


class FamilyHeadlineOut(HeadlineOut):
    """How a family fares, all levels together.

    Discrimination and median are null where the figures are counted while you wait: ask for the family to have them.
    """

    family: str
    title: str
    topic: str


class FamiliesFiguresOut(BaseModel):
    """How every family fares."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**SCOPE_EXAMPLE, "items": [{**FAMILY_EXAMPLE, **HEADLINE_EXAMPLE}]}]}
    )

    scope: Scope
    as_of: AwareDatetime | None = Field(description=AS_OF)
    items: list[FamilyHeadlineOut]


class PersonOut(BaseModel):
    """How much somebody has practised."""

    id: UUID
    name: str
    guest: bool = Field(description="True for whoever joined a room with a name alone.")
    problems: int
    first_try_rate: float | None = Field(description="The share of first tries that were right; null where there are none.")
    last_practised_at: AwareDatetime | None


class PeopleOut(BaseModel):
    """A page of people, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PERSON_EXAMPLE]}]})

    items: list[PersonOut]
