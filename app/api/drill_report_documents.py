"""The report of a drill as JSON."""

from __future__ import annotations

from math import inf
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from app.api.drill_documents import DrillState
from app.api.drill_report_examples import REPORT_EXAMPLE
from app.api.families import TextOut
from app.api.problem_documents import State
from app.services.reports.model import DrillReport, Reason
from quiz_bank.problem import Language, PartResult

Share = Annotated[float, Field(ge=0, le=1)]
Nats = Annotated[float | Literal["inf"] | None, BeforeValidator(lambda nats: "inf" if nats == inf else nats)]

VERDICT: Final = "Of the last answer that counted; null where none did."
PACE: Final = "How many times the expected time was taken; null where no time is known."


class ReportedMistakeOut(BaseModel):
    """A mistake that an answer shows."""

    code: str
    part: str
    why: TextOut | None = Field(description="Why it is tempting and what mends it; null where the family is gone.")


class ReportedAnswerOut(BaseModel):
    """One attempt at a problem of the drill."""

    number: int
    submitted: dict[str, Any] = Field(description="By part, as it was sent.")
    verdict: PartResult
    parts: dict[str, PartResult] = Field(description="The verdict on each part.")
    credit: Share
    counted: bool
    late: bool = Field(description="True where it came after the end.")
    confidence: Share | None
    seconds: float | None = Field(description="How long the learner says it took.")
    submitted_at: AwareDatetime
    mistakes: list[ReportedMistakeOut]


class ReportedFollowUpOut(BaseModel):
    """The question that an interviewer would ask next, and what came of it."""

    question: TextOut | None
    answer: str | None
    mark: Share | None = Field(description="A coach's.")
    remark: str | None = Field(description="A coach's.")


class ReportedProblemOut(BaseModel):
    """A problem of the drill, with every answer to it."""

    position: int
    problem_id: UUID
    family: str
    title: str = Field(description="The family's slug where the family is gone.")
    topic: str
    level: int
    self_assessed: bool = Field(description="True where you ticked yourself what your own words covered.")
    prompt: TextOut = Field(description="As it was shown, in the language of the problem.")
    state: State
    verdict: PartResult | None = Field(description=VERDICT)
    credit: Share = Field(description="Of the last answer that counted; one with too few digits gets half where nobody asked.")
    tries: int = Field(description="Answers that counted.")
    hints: int
    seconds: float | None = Field(description="Until the first answer that counted; null where that isn't known.")
    expected_seconds: int
    confidence: Share | None = Field(description="In the first answer that counted.")
    answers: list[ReportedAnswerOut]
    mistakes: list[ReportedMistakeOut] = Field(description="Those in answers that counted, each once.")
    truth: dict[str, Any] | None = Field(description='By part, "inf" for an infinite value; null while the problem is open.')
    solution: str | None = Field(description="Where a POST gets the worked solution; null while the problem is open.")
    follow_up: ReportedFollowUpOut | None = Field(description="Null where the drill is no interview.")


class ScoreOut(BaseModel):
    """The result in numbers: `late` counts answers, the others problems."""

    credit: float
    possible: int = Field(description="One for each problem.")
    share: Share | None = Field(description="credit / possible; null without a problem.")
    right: int
    partly_right: int
    wrong: int
    too_coarse: int
    unanswered: int
    never_reached: int = Field(description="Of the unanswered, those that a drill of a fixed length never handed out.")
    late: int
    seconds: float = Field(description="How long the clock has run.")
    seconds_allowed: float | None


class GroupOut(BaseModel):
    """The problems of a topic or a family that were handed out."""

    name: str
    title: str
    problems: int
    credit: float
    share: Share
    first_right: int = Field(description="Problems whose first answer was right.")
    seconds: float = Field(description="Over the problems of which it is known how long they took.")
    expected_seconds: int = Field(description="Over the same problems.")
    pace: float | None = Field(description=PACE)


class MistakeCountOut(BaseModel):
    """A mistake with the family it was met in."""

    code: str
    family: str
    title: str
    problems: int
    positions: list[int] = Field(description="Of these problems.")
    why: TextOut | None


class WeaknessOut(BaseModel):
    """A family to practise."""

    family: str
    title: str
    reasons: list[Reason] = Field(
        description="credit: not all right; unanswered: no answer; misconception: a known mistake; slow: it took long."
    )
    problem: dict[str, Any] = Field(description="A body of POST /v1/problems.")


class WeakTopicOut(BaseModel):
    """The topic with the least credit."""

    topic: str
    title: str
    drill: dict[str, Any] = Field(description="A body of POST /v1/drills.")


class AdviceOut(BaseModel):
    """What to practise next, the weakest first; empty where nothing was weak."""

    weaknesses: list[WeaknessOut]
    drill: dict[str, Any] | None = Field(description="A body of POST /v1/drills with these families.")
    topic: WeakTopicOut | None


class EarlierDrillOut(BaseModel):
    """An earlier drill of the learner."""

    drill_id: UUID
    preset: str | None
    started_at: AwareDatetime
    share: Share | None
    pace: float | None = Field(description="The median over its problems.")


class ComparisonOut(BaseModel):
    """The drill beside up to four earlier ones, the newest first."""

    same_preset: bool = Field(description="Whether they are of the same preset; false where any are compared.")
    earlier: list[EarlierDrillOut]
    pace: float | None = Field(description="This drill's median of time taken to time expected.")
    change: float | None = Field(description="This share minus that of the drill before.")
    trend: float | None = Field(description="The slope of least squares through all these shares.")


class DrillCalibrationOut(BaseModel):
    """How sure the learner was of first answers, scored; losses in nats, and nothing is clipped."""

    count: int
    log_loss: Nats = Field(description='"inf" where one was certain and wrong; null without a confidence.')
    brier: float | None
    base_rate: Share | None
    base_log_loss: float | None = Field(description="What always saying the base rate would have lost.")
    expected_calibration_error: float | None


class DrillReportOut(BaseModel):
    """How a drill went."""

    model_config = ConfigDict(json_schema_extra={"examples": [REPORT_EXAMPLE]})

    drill_id: UUID
    preset: str | None
    state: DrillState
    final: bool = Field(description="False while the drill runs: then it is how things stand.")
    language: Language
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    score: ScoreOut
    topics: list[GroupOut]
    families: list[GroupOut]
    problems: list[ReportedProblemOut]
    mistakes: list[MistakeCountOut] = Field(description="The most frequent first.")
    unanswered: list[int] = Field(description="Positions of problems that were handed out and not answered in time.")
    advice: AdviceOut
    comparison: ComparisonOut
    calibration: DrillCalibrationOut


def report_out(report: DrillReport) -> DrillReportOut:
    """Return a report as it is sent."""
    return DrillReportOut.model_validate(report, from_attributes=True)
