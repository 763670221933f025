"""The problems of a drill, each with what was answered and what came of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.errors import FamilyUnavailableError
from app.services.choices import choices_as_shown
from app.services.reports.model import Answer, Item, Mistake, Talk
from app.services.shelf import Shelf
from app.services.told import credit_of, seconds_of, why_of
from app.services.verdicts import parts_as_stored
from app.storage import drill_reports, follow_ups, problems
from app.storage.drill_reports import AnswerRow
from app.storage.follow_ups import FollowUpRow
from app.storage.problems import ProblemRow
from quiz_bank import rendering
from quiz_bank.problem import ChoicePart, Language, PartVerdict, Variant
from quiz_bank.rendering import Rendered


@dataclass(frozen=True, slots=True)
class View:
    """How problems are told: in which language, with follow-up questions or not, with all truths or only of closed ones."""

    language: Language
    interview: bool
    all_truths: bool


def items_of(connection: Connection, shelf: Shelf, drill_id: UUID, view: View) -> tuple[Item, ...]:
    """Return the problems that a drill handed out, in their order.

    Texts that need a family which is gone are left out; its slug stands for the title.
    """
    answers: dict[UUID, list[AnswerRow]] = defaultdict(list)
    for row in drill_reports.answers(connection, drill_id):
        answers[row.problem_id].append(row)
    talks = {talk.problem_id: talk for talk in follow_ups.of_drill(connection, drill_id)}
    rows = problems.of_drill(connection, drill_id)
    return tuple(_item(row, _variant(shelf, row), answers[row.id], talks.get(row.id), view) for row in rows)


def _variant(shelf: Shelf, row: ProblemRow) -> Variant[Any] | None:
    try:
        return shelf.restored(row).variant
    except FamilyUnavailableError:
        return None


def _item(row: ProblemRow, variant: Variant[Any] | None, rows: list[AnswerRow], talk: FollowUpRow | None, view: View) -> Item:
    counted = [answer for answer in rows if answer.counted]
    last = counted[-1] if counted else None
    truth = json.loads(row.truth) if view.all_truths or row.state != "open" else None
    shown = json.loads(row.shown)
    return Item(
        position=row.position or 0,
        problem_id=row.id,
        family=row.family,
        title=rendering.title(variant.family, view.language) if variant else row.family,
        topic=row.topic,
        level=row.level,
        self_assessed=variant is not None and all(part.spec.kind == "rubric" for part in variant.parts),
        prompt=Rendered(**shown["prompt"]),
        choices=tuple(choices_as_shown(shown)),
        state=row.state,
        verdict=last.verdict if last else None,
        credit=credit_of(last) if last else 0.0,
        tries=len(counted),
        hints=row.hints_taken,
        seconds=seconds_of(row, counted[0]) if counted else None,
        expected_seconds=row.expected_seconds,
        answers=tuple(_answer(answer, variant, view.language) for answer in rows),
        truth=truth,
        key=None if truth is None else _with_letters(truth, variant),
        follow_up=_talk(variant, talk, view),
        labels={part["name"]: part["label"] for part in shown["parts"]},
    )


def _answer(row: AnswerRow, variant: Variant[Any] | None, language: Language) -> Answer:
    parts = parts_as_stored(json.loads(row.parts))
    return Answer(
        number=row.number,
        submitted=json.loads(row.answers),
        verdict=row.verdict,
        parts={part.name: part.result for part in parts},
        credit=credit_of(row),
        counted=row.counted,
        late=row.late,
        confidence=row.confidence,
        seconds=None if row.duration_ms is None else row.duration_ms / 1000,
        submitted_at=row.submitted_at,
        mistakes=tuple(_mistakes(parts, variant, language)),
    )


def _mistakes(parts: Iterable[PartVerdict], variant: Variant[Any] | None, language: Language) -> Iterator[Mistake]:
    for part in parts:
        if part.diagnosis is not None:
            yield Mistake(part.diagnosis.code, part.name, why_of(variant, part.diagnosis.code, language))


def _with_letters(truth: Mapping[str, Any], variant: Variant[Any] | None) -> dict[str, object]:
    """Return the truths with options named as the learner saw them: by letter."""
    letters: dict[str, dict[str, str]] = {}
    for part in variant.parts if variant else ():
        if isinstance(part, ChoicePart):
            letters[part.name] = {code: letter for letter, code in part.letters.items()}
    return {name: [letters[name][code] for code in value] if name in letters else value for name, value in truth.items()}


def _talk(variant: Variant[Any] | None, talk: FollowUpRow | None, view: View) -> Talk | None:
    """Return the talk after a problem: that of an interview, and wherever something was said or marked."""
    if talk is None and not view.interview:
        return None
    question = rendering.follow_up(variant, view.language) if variant else None
    return Talk(question, talk.answer, talk.mark, talk.remark) if talk else Talk(question, None, None, None)
