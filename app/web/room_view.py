"""A room as its coach sees it: who is in it, and how everybody does with each problem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.edge.languages import Language
from app.services.reports.markdown import clock, options, points, share
from app.services.reports.review import DIGITS
from app.services.reports.texts import text
from app.services.reports.values import own_words, values_text
from app.services.scorecards import Candidate, Question, Result, scorecard_of
from app.storage.rooms import RoomRow
from app.web.drill_terms import listed
from app.web.verdict_view import SIGNS
from app.web.words import say

NOTHING = "–"
ORDER = ("right", "partly_right", "wrong", "too_coarse", "unanswered", "open", "unreached")
"""The states of outcomes in the order in which their signs are explained."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misconception by its code, and why it is tempting as Markdown, empty where its family is gone."""

    code: str
    why: str
    candidates: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem of the room. `prompt` and `follow_up` are Markdown, empty where there is none; `right` counts candidates."""

    position: int
    title: str
    level: int
    self_assessed: bool
    prompt: str
    follow_up: str
    key: str
    answered: int
    right: int
    median: str
    expected: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a problem for a candidate: `sign` and `word` say the same, `notes` what else there may be to say."""

    asked: Asked
    problem_id: UUID | None
    state: str
    sign: str
    word: str
    notes: str
    credit: str
    answer: str
    time: str
    mistakes: tuple[Mistake, ...]
    own_words: str
    said: str
    mark: float | None
    remark: str

    @property
    def is_talk(self) -> bool:
        """Whether there is something that a coach marks: an answer to a question after a problem, or an explanation."""
        talk = self.asked.follow_up or self.asked.self_assessed or self.remark or self.mark is not None
        return self.problem_id is not None and bool(talk)


@dataclass(frozen=True, slots=True)
class Standing:
    """One who joined, and how they do. `seconds_left` is None without a limit of time, and unless their clock runs."""

    drill_id: UUID
    name: str
    guest: bool
    state: str
    goes_on: bool
    began: datetime
    ends_at: datetime | None
    seconds_left: float | None
    credit: str
    possible: int
    share: str
    mark: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a room, candidates in the order in which they joined."""

    candidates: tuple[Standing, ...]
    questions: tuple[Asked, ...]

    @property
    def legend(self) -> tuple[tuple[str, str, str], ...]:
        """What the signs in the table mean, as states with their signs and words: those that stand in it."""
        outcomes = (outcome for candidate in self.candidates for outcome in candidate.outcomes)
        found = {(outcome.state, outcome.sign, outcome.word) for outcome in outcomes}
        return tuple(sorted(found, key=lambda each: ORDER.index(each[0])))

    @property
    def is_running(self) -> bool:
        """Whether some drill hasn't ended."""
        return any(candidate.goes_on for candidate in self.candidates)

    @property
    def has_mistakes(self) -> bool:
        """Whether any answer shows a known mistake."""
        return any(question.mistakes for question in self.questions)


def results_of(connection: Connection, room: RoomRow, language: Language, now: datetime) -> Results:
    """Return how everybody in a room does."""
    card = scorecard_of(connection, room, language, now)
    questions = tuple(map(_asked, card.questions))
    return Results(tuple(_standing(candidate, questions, language, now) for candidate in card.candidates), questions)


def _asked(question: Question) -> Asked:
    prompt = "\n\n".join([question.prompt.markdown, *map(options, question.choices)]) if question.prompt else ""
    return Asked(
        position=question.position,
        title=question.title,
        level=question.level,
        self_assessed=question.self_assessed,
        prompt=prompt,
        follow_up=question.follow_up.markdown if question.follow_up else "",
        key=_key(question),
        answered=question.answered,
        right=question.right,
        median=clock(question.median_seconds),
        expected=clock(question.expected_seconds),
        mistakes=tuple(
            Mistake(each.code, each.why.markdown if each.why else "", each.candidates) for each in question.misconceptions
        ),
    )


def _key(question: Question) -> str:
    if not question.truth or question.self_assessed:
        return ""
    return values_text({question.labels[name]: value for name, value in question.truth.items()}, DIGITS)


def _standing(candidate: Candidate, questions: tuple[Asked, ...], language: Language, now: datetime) -> Standing:
    ends_at = candidate.ends_at if candidate.state == "running" else None
    marks = [result.mark for result in candidate.results if result.mark is not None]
    pairs = zip(questions, candidate.results, strict=True)
    return Standing(
        drill_id=candidate.drill_id,
        name=candidate.name,
        guest=candidate.guest,
        state=_state(candidate.state, language),
        goes_on=candidate.state != "finished",
        began=candidate.started_at,
        ends_at=ends_at,
        seconds_left=(ends_at - now).total_seconds() if ends_at else None,
        credit=points(candidate.credit),
        possible=candidate.possible,
        share=share(candidate.share),
        mark=points(sum(marks) / len(marks)) if marks else NOTHING,
        outcomes=tuple(_outcome(question, result, language) for question, result in pairs),
    )


def _state(state: str, language: Language) -> str:
    words = {"running": say(language, "running"), "paused": say(language, "paused"), "finished": say(language, "finished")}
    return words[state]


def _outcome(asked: Asked, result: Result, language: Language) -> Outcome:
    state, sign, word = _verdict(result, language)
    return Outcome(
        asked=asked,
        problem_id=result.problem_id,
        state=state,
        sign=sign,
        word=word,
        notes=listed(_notes(result, language), language),
        credit=points(result.credit),
        answer=values_text(result.submitted) if result.submitted else "",
        time=clock(result.seconds),
        mistakes=tuple(each for each in asked.mistakes if each.code in result.misconceptions),
        own_words=own_words(result.submitted or {}),
        said=result.follow_up_answer or "",
        mark=result.mark,
        remark=result.remark or "",
    )


def _verdict(result: Result, language: Language) -> tuple[str, str, str]:
    """Return what came of a problem as a state, a sign and a word."""
    if result.state is None:
        return "unreached", "·", say(language, "not reached")
    if result.verdict is not None:
        return result.verdict, SIGNS[result.verdict], text(result.verdict, language)
    if result.state == "open":
        return "open", "…", say(language, "no answer yet")
    return "unanswered", NOTHING, text("unanswered", language)


def _notes(result: Result, language: Language) -> list[str]:
    notes = [say(language, "then had the solution")] if result.state == "revealed" else []
    if result.tries > 1:
        notes.append(say(language, "tries: %(count)s", count=result.tries))
    if result.hints:
        notes.append(say(language, "hints: %(count)s", count=result.hints))
    if result.late:
        notes.append(say(language, "late answers: %(count)s", count=result.late))
    return notes
