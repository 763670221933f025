"""A room as its coach sees it: who is in it, and how everybody does with each problem."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.edge.languages import Language
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.plans import plan_from_json
from app.services.reports.markdown import points
from app.services.reports.texts import text
from app.services.scorecards import Candidate, Question, Result, Scorecard, scorecard_of
from app.storage.rooms import RoomRow
from app.web.verdict_view import SIGNS
from app.web.words import say


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for everyone in a room; `count` is how many problems there are."""

    count: int
    blueprint: Blueprint


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of a problem for a candidate: a sign and a word for the same, and what else there is to say."""

    state: str
    sign: str
    word: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One who joined; `seconds_left` is None without a limit of time, and once the drill has ended."""

    drill_id: UUID
    name: str
    guest: bool
    state: str
    seconds_left: float | None
    credit: str
    possible: int
    cells: tuple[Cell, ...]

    @property
    def anchor(self) -> str:
        """What the row is known by on the page."""
        return f"candidate-{self.drill_id}"


@dataclass(frozen=True, slots=True)
class Results:
    """The table of a room, a row for each candidate and a column for each question."""

    candidates: tuple[CandidateRow, ...]
    questions: tuple[Question, ...]


def terms_of(room: RoomRow) -> Terms:
    """Return the terms of a room."""
    return Terms(len(plan_from_json(room.plan)), blueprint_from_json(room.blueprint))


def results_of(connection: Connection, room: RoomRow, language: Language, now: datetime) -> Results:
    """Return how everybody in a room does."""
    return results(scorecard_of(connection, room, language, now), language, now)


def results(card: Scorecard, language: Language, now: datetime) -> Results:
    """Return a scorecard as a table."""
    return Results(tuple(_row(candidate, language, now) for candidate in card.candidates), card.questions)


def _row(candidate: Candidate, language: Language, now: datetime) -> CandidateRow:
    timed = candidate.state == "running" and candidate.ends_at is not None
    return CandidateRow(
        candidate.drill_id,
        candidate.name,
        candidate.guest,
        state_word(candidate.state, language),
        (candidate.ends_at - now).total_seconds() if timed and candidate.ends_at else None,
        points(candidate.credit),
        candidate.possible,
        tuple(cell_of(result, language) for result in candidate.results),
    )


def state_word(state: str, language: Language) -> str:
    """Return the state of a candidate's drill in a word."""
    return {"running": say(language, "running"), "paused": say(language, "paused")}.get(state, say(language, "finished"))


def cell_of(result: Result, language: Language) -> Cell:
    """Return what came of a problem for a candidate."""
    if result.state is None:
        return Cell("unreached", "", say(language, "not reached"))
    notes = tuple(_notes(result, language))
    if result.verdict is not None:
        return Cell(result.verdict, SIGNS[result.verdict], text(result.verdict, language), notes)
    if result.state == "open":
        return Cell("open", "…", say(language, "at work on it"), notes)
    return Cell("unanswered", "–", text("unanswered", language), notes)


def _notes(result: Result, language: Language) -> list[str]:
    notes = [say(language, "then had the solution")] if result.state == "revealed" else []
    if result.tries > 1:
        notes.append(say(language, "tries: %(count)s", count=result.tries))
    if result.hints:
        notes.append(say(language, "hints: %(count)s", count=result.hints))
    if result.late:
        notes.append(say(language, "late answers: %(count)s", count=result.late))
    return notes
