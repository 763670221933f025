"""The results of a room as JSON, whole for reading and short for watching."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from app.api.drill_documents import DrillState
from app.api.families import TextOut
from app.api.problem_documents import OptionOut, State
from app.api.room_documents import CODE_EXAMPLE
from app.services.scorecards import Candidate, Scorecard
from quiz_bank.problem import PartResult

ENDS_AT: Final = "Null without a limit of time; a pause moves it once it is over."

Share = Annotated[float, Field(ge=0, le=1)]

MARKDOWN_EXAMPLE: Final = "# Scorecard: Data scientist, first round\n\n- Opened 2026-11-20 21:00 UTC, code …"
CSV_EXAMPLE: Final = "room,candidate,guest,drill_id,drill_state,position,…\r\n7K3M-09QX-ZB4T,Bob,true,…\r\n"

_QUESTION: Final[dict[str, JsonValue]] = {
    "position": 1,
    "family": "cross-entropy-one-hot",
    "level": 2,
    "title": "Cross-entropy of a one-hot target",
    "self_assessed": False,
    "prompt": {"markdown": "A classifier predicts …", "text": "A classifier predicts …"},
    "choices": [],
    "truth": {"loss": 0.3566749439387324},
    "follow_up": {"markdown": "The loss looks only …", "text": "The loss looks only …"},
    "expected_seconds": 60,
    "answered": 1,
    "right": 0,
    "median_seconds": 41.0,
    "misconceptions": [
        {
            "code": "wrong-log-base-2",
            "candidates": 1,
            "why": {"markdown": "This is the result with …", "text": "This is the result with …"},
        }
    ],
}
_CANDIDATE: Final[dict[str, JsonValue]] = {
    "drill_id": "01990b7e-3c00-7000-8000-000000000010",
    "name": "Bob",
    "guest": True,
    "state": "running",
    "started_at": "2026-11-20T21:16:00Z",
    "ends_at": "2026-11-20T21:36:00Z",
    "finished_at": None,
    "credit": 0.0,
    "possible": 1,
    "share": 0.0,
    "results": [
        {
            "position": 1,
            "problem_id": "01990b7e-3c00-7000-8000-000000000000",
            "state": "open",
            "verdict": "wrong",
            "credit": 0.0,
            "submitted": {"loss": "0.5146"},
            "misconceptions": ["wrong-log-base-2"],
            "tries": 1,
            "hints": 0,
            "seconds": 41.0,
            "late": 0,
            "follow_up_answer": None,
            "mark": None,
            "remark": None,
        }
    ],
}
WATCHED_EXAMPLE: Final[dict[str, JsonValue]] = {
    "closed": False,
    "candidates": [
        {
            "drill_id": "01990b7e-3c00-7000-8000-000000000010",
            "name": "Bob",
            "state": "running",
            "ends_at": "2026-11-20T21:36:00Z",
            "credit": 0.0,
            "possible": 1,
            "states": ["open"],
            "verdicts": ["wrong"],
            "misconceptions": [["wrong-log-base-2"]],
            "hints": 0,
            "late": 0,
            "follow_ups": 0,
        }
    ],
}


class RoomMistakeOut(BaseModel):
    """A misconception that candidates showed in a problem."""

    code: str
    candidates: int
    why: TextOut | None = Field(description="Why it is tempting and what mends it; null where the family is gone.")


class ChoicesOut(BaseModel):
    """What there is to pick from in a part."""

    part: str
    label: str
    options: list[OptionOut]
    items: list[TextOut] = Field(description="What a matching pairs with the options, in order.")


class QuestionOut(BaseModel):
    """A problem of the room over all candidates."""

    position: int
    family: str
    level: int
    title: str
    self_assessed: bool = Field(description="True where the candidates ticked themselves what they said: it is yours to mark.")
    prompt: TextOut | None = Field(description="In your language; null where the family is gone.")
    choices: list[ChoicesOut] = Field(description="The options of each part that has some.")
    truth: dict[str, Any] | None = Field(description="By part, options by letter; null where the family is gone.")
    follow_up: TextOut | None = Field(description="The question after it, in interviews.")
    expected_seconds: int | None
    answered: int = Field(description="Candidates with an answer that counts.")
    right: int = Field(description="Those of them whose answer is right.")
    median_seconds: float | None = Field(description="To the first answer.")
    misconceptions: list[RoomMistakeOut] = Field(description="The most frequent first.")


class ResultOut(BaseModel):
    """What came of a problem for one candidate."""

    position: int
    problem_id: UUID | None
    state: State | None = Field(description="Null where it was not handed out.")
    verdict: PartResult | None = Field(description="Of the last answer that counted.")
    credit: Share
    submitted: dict[str, Any] | None = Field(description="The last answer that counted, by part, as it was sent.")
    misconceptions: list[str] = Field(description="Codes, in the order in which they came up.")
    tries: int
    hints: int
    seconds: float | None = Field(description="To the first answer.")
    late: int = Field(description="Answers that came after the end.")
    follow_up_answer: str | None
    mark: Share | None
    remark: str | None


class CandidateOut(BaseModel):
    """One who joined."""

    drill_id: UUID
    name: str
    guest: bool
    state: DrillState
    started_at: AwareDatetime
    ends_at: AwareDatetime | None = Field(description=ENDS_AT)
    finished_at: AwareDatetime | None
    credit: float
    possible: int = Field(description="One for each problem; those that were never reached count once the drill has ended.")
    share: Share | None
    results: list[ResultOut]


class ResultsOut(BaseModel):
    """The results of a room: candidates in the order in which they joined, without a ranking."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": CODE_EXAMPLE,
                    "title": "Data scientist, first round",
                    "created_at": "2026-11-20T21:00:00Z",
                    "closed_at": None,
                    "candidates": [_CANDIDATE],
                    "questions": [_QUESTION],
                }
            ]
        }
    )

    code: str
    title: str
    created_at: AwareDatetime
    closed_at: AwareDatetime | None
    candidates: list[CandidateOut]
    questions: list[QuestionOut] = Field(
        description="All problems of a fixed length, else those that somebody has reached; all while nobody has joined."
    )


class WatchedCandidate(BaseModel):
    """One who joined, in short; lists have an entry for each problem."""

    drill_id: UUID
    name: str
    state: DrillState
    ends_at: AwareDatetime | None
    credit: float
    possible: int
    states: list[State | None]
    verdicts: list[PartResult | None]
    misconceptions: list[list[str]]
    hints: int
    late: int
    follow_ups: int


class Watched(BaseModel):
    """What an event of a room tells."""

    closed: bool
    candidates: list[WatchedCandidate]


def results_out(card: Scorecard) -> ResultsOut:
    """Return a scorecard as it is sent."""
    room = {name: getattr(card.room, name) for name in ("code", "title", "created_at", "closed_at")}
    return ResultsOut.model_validate({**room, "candidates": card.candidates, "questions": card.questions}, from_attributes=True)


def watched(candidates: tuple[Candidate, ...], *, closed: bool) -> Watched:
    """Return what an event tells of all who joined."""
    return Watched(closed=closed, candidates=[_in_short(candidate) for candidate in candidates])


def _in_short(candidate: Candidate) -> WatchedCandidate:
    same = {name: getattr(candidate, name) for name in ("drill_id", "name", "state", "ends_at", "credit", "possible")}
    return WatchedCandidate(
        **same,
        states=[result.state for result in candidate.results],
        verdicts=[result.verdict for result in candidate.results],
        misconceptions=[list(result.misconceptions) for result in candidate.results],
        hints=sum(result.hints for result in candidate.results),
        late=sum(result.late for result in candidate.results),
        follow_ups=sum(result.follow_up_answer is not None for result in candidate.results),
    )
