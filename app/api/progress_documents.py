"""How a learner gets on, as documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from app.api.drill_report_documents import Share
from app.api.families import TextOut, text_out
from app.services.misconceptions import Recurring
from app.services.progress import Explained, FamilyProgress, Progress, TopicProgress, Week
from quiz_bank import rendering
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES
from quiz_bank.topics import topic_title

MOST_MISTAKES: Final = 10

MASTERY: Final = "The probability that it is known, by Bayesian Knowledge Tracing over first tries."
DUE: Final = "When the next review is due; null where none is planned."

_FAMILY_EXAMPLE: Final[dict[str, JsonValue]] = {
    "family": "cross-entropy-one-hot",
    "title": "Cross-entropy of a one-hot target",
    "topic": "cross-entropy",
    "mastery": 0.9895,
    "mastered": True,
    "due": "2026-11-24T20:05:00Z",
    "problems": 4,
    "answered": 4,
    "first_try_right": 2,
    "solved": 4,
    "median_seconds": 51.5,
    "median_expected_seconds": 60.0,
    "last_practised": "2026-11-20T20:05:00Z",
}
_TOPIC_EXAMPLE: Final[dict[str, JsonValue]] = {
    **{name: value for name, value in _FAMILY_EXAMPLE.items() if name != "family"},
    "title": "Cross-entropy",
    "mastery": 0.2718,
    "mastered": 1,
    "families": 11,
}
_MISTAKE_EXAMPLE: Final[dict[str, JsonValue]] = {
    "code": "wrong-log-base-2",
    "families": ["cross-entropy-one-hot"],
    "times": 2,
    "first_seen": "2026-11-18T20:01:00Z",
    "last_seen": "2026-11-20T20:01:00Z",
    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
    "why": {"markdown": "This is the result with the logarithm to base 2 …", "text": "This is the result with the logarithm …"},
}
_IDLE_WEEKS: Final[list[JsonValue]] = [
    {
        "week": f"{monday.isocalendar().year}-W{monday.isocalendar().week}",
        "monday": monday.isoformat(),
        "problems": 0,
        "first_try_right": 0,
        "accuracy": None,
        "minutes": 0.0,
    }
    for monday in (date(2026, 8, 31) + timedelta(weeks=number) for number in range(11))
]
PROGRESS_EXAMPLE: Final[dict[str, JsonValue]] = {
    "time_zone": "Europe/London",
    "today": "2026-11-20",
    "topics": [_TOPIC_EXAMPLE],
    "families": [_FAMILY_EXAMPLE],
    "misconceptions": {"persisting": [_MISTAKE_EXAMPLE], "overcome": []},
    "weeks": [
        *_IDLE_WEEKS,
        {"week": "2026-W47", "monday": "2026-11-16", "problems": 4, "first_try_right": 2, "accuracy": 0.5, "minutes": 3.9},
    ],
    "days": {"2026-11-18": 1, "2026-11-20": 3},
    "streak": {"current": 2, "longest": 2, "forgiven_on": ["2026-11-19"], "practised_today": True},
}


class TallyOut(BaseModel):
    """Problems whose result is known, in numbers; medians over those of which it is known how long they took."""

    problems: int = Field(description="Answered, or ended without an answer.")
    answered: int
    first_try_right: int
    solved: int
    median_seconds: float | None
    median_expected_seconds: float | None = Field(description="Of the same problems.")
    last_practised: AwareDatetime | None


class FamilyProgressOut(TallyOut):
    """A family that you have met."""

    family: str
    title: str
    topic: str
    mastery: Share = Field(description=MASTERY)
    mastered: bool = Field(description="Whether it counts as known: from 0.95 on.")
    due: AwareDatetime | None = Field(description=DUE)


class TopicProgressOut(TallyOut):
    """A topic, met or not."""

    topic: str
    title: str
    mastery: Share = Field(description="The mean over all its families.")
    mastered: int = Field(description="How many of its families count as known.")
    families: int = Field(description="How many it has.")
    due: AwareDatetime | None = Field(description=DUE)


class RecurringOut(BaseModel):
    """A mistake that first tries show."""

    code: str
    families: list[str] = Field(description="Where it was seen.")
    times: int
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    problem_id: UUID = Field(description="The last problem that showed it.")
    why: TextOut | None = Field(description="Why it is tempting and what mends it; null where its family is gone.")


class MisconceptionsOut(BaseModel):
    """What keeps coming back, and what you have left behind; at most ten of each."""

    persisting: list[RecurringOut] = Field(description="Seen at least twice and not overcome; the most pressing first.")
    overcome: list[RecurringOut] = Field(
        description="Since it was last seen, three problems in a row that invite it were right at once; the latest first."
    )


class WeekOut(BaseModel):
    """A week of yours, from Monday on."""

    week: str = Field(description="By ISO 8601.")
    monday: date
    problems: int = Field(description="How many were answered.")
    first_try_right: int
    accuracy: Share | None = Field(description="The share that was right at the first try; null without problems.")
    minutes: float = Field(description="Up to the first answers, as far as it is known how long they took.")


class StreakOut(BaseModel):
    """Days in a row with practice; of any seven one may be missed."""

    current: int
    longest: int
    forgiven_on: list[date] = Field(description="The missed days that the current one bridges.")
    practised_today: bool


class ProgressOut(BaseModel):
    """How you get on."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROGRESS_EXAMPLE]})

    time_zone: str
    today: date
    topics: list[TopicProgressOut]
    families: list[FamilyProgressOut] = Field(description="Those that you have met.")
    misconceptions: MisconceptionsOut
    weeks: list[WeekOut] = Field(description="The last twelve, up to this one.")
    days: dict[date, int] = Field(description="Problems answered on each day of practice, over the last 366 days.")
    streak: StreakOut | None = Field(description="Null where you don't want it counted.")


def progress_out(progress: Progress, explain: Callable[[Recurring], Explained], language: Language) -> ProgressOut:
    """Return how a learner gets on as it is sent; `explain` says why a mistake is tempting."""

    def explained(mistakes: Sequence[Recurring]) -> list[RecurringOut]:
        return [_recurring_out(explain(mistake)) for mistake in mistakes[:MOST_MISTAKES]]

    mistakes = progress.mistakes
    return ProgressOut(
        time_zone=progress.time_zone,
        today=progress.today,
        topics=[_topic_out(topic, language) for topic in progress.topics],
        families=[_family_out(family, language) for family in progress.families],
        misconceptions=MisconceptionsOut(persisting=explained(mistakes.persisting), overcome=explained(mistakes.overcome)),
        weeks=[_week_out(week) for week in progress.weeks],
        days=dict(progress.days),
        streak=None if progress.streak is None else StreakOut(**asdict(progress.streak)),
    )


_NOTHING: Final[dict[str, Any]] = {
    "problems": 0,
    "answered": 0,
    "first_try_right": 0,
    "solved": 0,
    "median_seconds": None,
    "median_expected_seconds": None,
    "last_practised": None,
}


def _topic_out(topic: TopicProgress, language: Language) -> TopicProgressOut:
    return TopicProgressOut(
        **(_NOTHING if topic.tally is None else asdict(topic.tally)),
        topic=topic.topic,
        title=topic_title(topic.topic, language),
        mastery=topic.mastery,
        mastered=topic.mastered,
        families=topic.families,
        due=topic.due,
    )


def _family_out(family: FamilyProgress, language: Language) -> FamilyProgressOut:
    known = FAMILIES.get(family.family)
    return FamilyProgressOut(
        **asdict(family.tally),
        family=family.family,
        title=family.family if known is None else rendering.title(known, language),
        topic=family.topic,
        mastery=family.mastery,
        mastered=family.mastered,
        due=family.due,
    )


def _recurring_out(explained: Explained) -> RecurringOut:
    mistake = explained.mistake
    return RecurringOut(
        code=mistake.code,
        families=list(mistake.families),
        times=mistake.times,
        first_seen=mistake.first_seen,
        last_seen=mistake.last.happened_at,
        problem_id=explained.problem_id,
        why=explained.why and text_out(explained.why),
    )


def _week_out(week: Week) -> WeekOut:
    iso = week.monday.isocalendar()
    return WeekOut(
        week=f"{iso.year:04}-W{iso.week:02}",
        monday=week.monday,
        problems=week.problems,
        first_try_right=week.first_try_right,
        accuracy=week.first_try_right / week.problems if week.problems else None,
        minutes=round(week.minutes, 1),
    )
