"""What the report of a drill says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from app.services.calibration import Calibration
from app.services.choices import Choices
from quiz_bank.problem import Language
from quiz_bank.rendering import Rendered

Reason = Literal["credit", "unanswered", "misconception", "slow"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception that an answer to a part shows, and why it is tempting; None where its family is gone."""

    code: str
    part: str
    why: Rendered | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt, as it was sent and as it was judged, `parts` one by one; `seconds` are what the learner said it took."""

    number: int
    submitted: Mapping[str, object]
    verdict: str
    parts: Mapping[str, str]
    credit: float
    counted: bool
    late: bool
    confidence: float | None
    seconds: float | None
    submitted_at: datetime
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """The interviewer's next question, what was said to it, and a coach's mark from 0 to 1 with a remark."""

    question: Rendered | None
    answer: str | None
    mark: float | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A problem that was handed out, with every answer to it.

    `prompt` is what it asked, and `choices` what there was to pick from, in the language that it was set in.
    `verdict` and `credit` are of the last answer that counted; None and 0 where none did. `seconds` is how long the first
    of those took, None where that isn't known. `truth` is what is right, once the problem is closed; `key` is the same with
    options named as the learner saw them, by letter. What is `self_assessed` was judged by the learner's own ticks.
    `labels` are what stood beside the fields of the parts, by the names of these.
    """

    position: int
    problem_id: UUID
    family: str
    title: str
    topic: str
    level: int
    self_assessed: bool
    prompt: Rendered
    choices: tuple[Choices, ...]
    state: str
    verdict: str | None
    credit: float
    tries: int
    hints: int
    seconds: float | None
    expected_seconds: int
    answers: tuple[Answer, ...]
    truth: Mapping[str, object] | None
    key: Mapping[str, object] | None
    follow_up: Talk | None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> tuple[Answer, ...]:
        """The answers that counted, the first one first."""
        return tuple(answer for answer in self.answers if answer.counted)

    @property
    def first_right(self) -> bool:
        """Whether the first answer that counted was right."""
        return bool(self.counted) and self.counted[0].verdict == "right"

    @property
    def confidence(self) -> float | None:
        """How sure the learner was of the first answer that counted."""
        return self.counted[0].confidence if self.counted else None

    @property
    def solution(self) -> str | None:
        """Where a POST gets the worked solution, once the problem is closed."""
        return None if self.truth is None else f"/v1/problems/{self.problem_id}/solution"

    @property
    def late(self) -> tuple[Answer, ...]:
        """The answers that came after the end."""
        return tuple(answer for answer in self.answers if answer.late)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes in answers that counted, each once, in the order in which they were made."""
        return tuple(dict.fromkeys(mistake for answer in self.counted for mistake in answer.mistakes))


@dataclass(frozen=True, slots=True)
class Score:
    """The result in numbers. `possible` is one for each problem; time is in seconds.

    `unanswered` are the problems without an answer that counted, those `never_reached` among them: what a drill of a fixed
    length would still have asked. `late` counts answers, the others count problems.
    """

    credit: float
    possible: int
    right: int
    partly_right: int
    wrong: int
    too_coarse: int
    unanswered: int
    never_reached: int
    late: int
    seconds: float
    seconds_allowed: float | None

    @property
    def share(self) -> float | None:
        """The credit as a share of what was possible; None where there was no problem at all."""
        return self.credit / self.possible if self.possible else None


@dataclass(frozen=True, slots=True)
class Group:
    """The problems of a topic or a family that were handed out.

    `seconds` and `expected_seconds` are sums over those problems of which it is known how long they took.
    """

    name: str
    title: str
    problems: int
    credit: float
    first_right: int
    seconds: float
    expected_seconds: int

    @property
    def share(self) -> float:
        """The credit as a share of what was possible."""
        return self.credit / self.problems

    @property
    def pace(self) -> float | None:
        """How many times the expected time was taken; None where no time is known."""
        return self.seconds / self.expected_seconds if self.expected_seconds else None


@dataclass(frozen=True, slots=True)
class MistakeCount:
    """A misconception with the family it was met in, and the positions of the problems."""

    code: str
    family: str
    title: str
    positions: tuple[int, ...]
    why: Rendered | None

    @property
    def problems(self) -> int:
        """In how many problems it was met."""
        return len(self.positions)


@dataclass(frozen=True, slots=True)
class Weakness:
    """A family to practise, for which reasons, and the body of `POST /v1/problems` that asks for one."""

    family: str
    title: str
    reasons: tuple[Reason, ...]
    problem: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WeakTopic:
    """The topic with the least credit, and the body of `POST /v1/drills` that asks for it."""

    topic: str
    title: str
    drill: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to practise next: families, the weakest first, with the body of `POST /v1/drills` that asks for them, and a topic.

    All of it is empty where nothing was weak.
    """

    weaknesses: tuple[Weakness, ...]
    drill: Mapping[str, object] | None
    topic: WeakTopic | None


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier drill: its score as a share, and the median of time taken to time expected."""

    drill_id: UUID
    preset: str | None
    started_at: datetime
    share: float | None
    pace: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A drill beside up to four earlier ones, the newest first: those of the same preset, else any.

    `pace` is the drill's own; `change` is its share minus that of the one before. `trend` is the slope of the line of least
    squares through the shares of all of them: so much of the whole score more with each drill.
    """

    same_preset: bool
    earlier: tuple[Past, ...]
    pace: float | None
    change: float | None
    trend: float | None


@dataclass(frozen=True, slots=True)
class DrillReport:
    """How a drill went. `final` is false while it runs: then it is how things stand."""

    drill_id: UUID
    preset: str | None
    state: str
    final: bool
    language: Language
    started_at: datetime
    finished_at: datetime | None
    score: Score
    topics: tuple[Group, ...]
    families: tuple[Group, ...]
    problems: tuple[Item, ...]
    mistakes: tuple[MistakeCount, ...]
    unanswered: tuple[int, ...]
    advice: Advice
    comparison: Comparison
    calibration: Calibration
