"""A problem as a page shows it: what is asked, what was answered, and what can be done next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FieldError
from app.services import practice
from app.services.blueprints import Blueprint, blueprint_from_json
from app.services.practice import Attempt
from app.services.shelf import Shelf
from app.storage import attempts, drills
from app.storage.problems import ProblemRow
from app.web.drill_view import DrillBar, bar_of
from app.web.fields import PartFields, Typed, asked, part_fields, typed_of
from app.web.pictures import Picture
from app.web.pictures.for_problem import of_attempt
from app.web.verdict_view import VerdictView, verdict_view
from app.web.visits import Visitor
from quiz_bank import rendering
from quiz_bank.topics import topic_title


@dataclass(frozen=True, slots=True)
class Said:
    """What a form of the page said that can't take effect: what was typed in it, and what is wrong."""

    typed: Typed = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    remark: str = ""
    remark_complaint: str = ""

    @property
    def confidence(self) -> str:
        """How sure the learner was, in per cent; empty where they didn't say."""
        return "".join(self.typed.get("confidence", []))


NOTHING_SAID: Final = Said()


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What `problem.html` is rendered with; `prompt` and `hints` are Markdown.

    `answerable` says whether an answer can still count, `next_action` where the form of the next problem goes. `drill` is
    the bar of the drill that the problem belongs to, and `pictures` stand beside the verdict.
    """

    row: ProblemRow
    title: str
    topic_title: str
    prompt: str
    parts: tuple[PartFields, ...]
    verdict: VerdictView | None
    hints: tuple[str, ...]
    hints_left: int
    answerable: bool
    revealable: bool
    asks_confidence: bool
    topic: str
    next_action: str
    said: Said
    reported: bool = False
    drill: DrillBar | None = None
    pictures: tuple[Picture, ...] = ()

    @property
    def address(self) -> str:
        """Where the problem is."""
        return f"/problems/{self.row.id}"

    @property
    def goes_on(self) -> bool:
        """Whether the next problem is what one would go to now, and not this one's fields."""
        return self.verdict is not None and self.verdict.state != "too_coarse"


def problem_page(
    connection: Connection,
    shelf: Shelf,
    visitor: Visitor,
    problem_id: UUID,
    now: datetime,
    *,
    said: Said = NOTHING_SAID,
    topic: str = "",
    reported: bool = False,
) -> ProblemPage:
    """Return a learner's problem with its latest answer, or with what was typed and can't be read.

    Raises
    ------
    NotFoundError
        The learner has no such problem.
    FamilyUnavailableError
        Its family is no longer installed.
    """
    problem = shelf.problem(connection, visitor.caller.id, problem_id)
    row, variant, language = problem.row, problem.variant, visitor.language
    attempt = None if said.errors else latest(connection, shelf, row)
    shown = asked(row, variant, language)
    fields = part_fields(shown["parts"], said.typed or _typed(attempt), language, said.errors)
    terms, bar = _terms(connection, row), bar_of(connection, row, language, now)
    given = min(row.hints_taken, rendering.hint_count(variant.family))
    is_open = row.state == "open" and (bar is None or bar.stage == "running")
    return ProblemPage(
        row=row,
        title=rendering.title(variant.family, language),
        topic_title=topic_title(row.topic, language),
        prompt=shown["prompt"]["markdown"],
        parts=fields,
        verdict=verdict_view(attempt, language) if attempt else None,
        pictures=of_attempt(row, attempt, language) if attempt else (),
        hints=tuple(rendering.hint(variant, number + 1, language).markdown for number in range(given)),
        hints_left=rendering.hint_count(variant.family) - given if is_open and terms.hints else 0,
        answerable=is_open and (terms.tries is None or row.tries < terms.tries),
        revealable=not row.withheld,
        asks_confidence=all(part.kind != "rubric" for part in fields),
        topic=topic,
        next_action=bar.next_action if bar else "/practise",
        said=said,
        reported=reported,
        drill=bar,
    )


def latest(connection: Connection, shelf: Shelf, row: ProblemRow) -> Attempt | None:
    """Return the latest attempt on a problem, None while there is none."""
    found = attempts.page(connection, row.learner_id, problem=row.id, limit=1)
    return practice.restored(connection, shelf, found[0]) if found else None


def _typed(attempt: Attempt | None) -> Typed:
    """Return what stood in the fields of an attempt."""
    return {} if attempt is None or attempt.variant is None else typed_of(attempt.variant, attempt.parts)


def _terms(connection: Connection, row: ProblemRow) -> Blueprint:
    """Return what holds for a problem: the blueprint of its drill, or one without conditions."""
    drill = drills.get(connection, row.learner_id, row.drill_id) if row.drill_id is not None else None
    return Blueprint() if drill is None else blueprint_from_json(drill.blueprint)
