"""What today's families and grader make of a problem that was set and answered some time ago."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from app.errors import FamilyUnavailableError
from app.services.blueprints import blueprint_from_json
from app.services.practice import judged
from app.services.shelf import truths_to_json
from app.services.shown import shown
from app.storage.attempts import JudgementRow
from app.storage.problems import ProblemRow
from app.storage.regrades import AttemptOnFile, ProblemOnFile
from quiz_bank.grading.errors import UnreadableAnswersError
from quiz_bank.grading.judge import grade
from quiz_bank.parameters import read_parameters
from quiz_bank.problem import Variant
from quiz_bank.registry import family
from quiz_bank.variants import build

LeftAlone: TypeAlias = Literal["family-unavailable", "asks-otherwise"]
Verdicts: TypeAlias = tuple[str, str]
"""The verdict before, and the one after."""


@dataclass(frozen=True, slots=True)
class Rejudged:
    """An attempt with the judgement that it gets beside the one that it has."""

    attempt: AttemptOnFile
    judgement: JudgementRow

    @property
    def verdicts(self) -> Verdicts:
        """The verdict before and after; the two may agree, and differ in credit or mistake."""
        return self.attempt.judgement.verdict, self.judgement.verdict


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An attempt that today's reader refuses; it keeps the judgement that it has."""

    attempt_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """What today's family and grader make of a problem as it was `found`; `truth` is None where the stored one stands.

    A problem is left alone where its family can't restore it, or would ask something else than what was shown.
    """

    found: ProblemOnFile
    left_alone: LeftAlone | None = None
    truth: str | None = None
    rejudged: tuple[Rejudged, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    becomes_solved: bool = False

    @property
    def problem(self) -> ProblemRow:
        """The problem without its attempts."""
        return self.found.row

    @property
    def changes(self) -> bool:
        """Whether anything is to be stored."""
        return self.truth is not None or bool(self.rejudged)


def review(found: ProblemOnFile, now: datetime) -> Review:
    """Return what today's family and grader make of a problem and of the answers as they were submitted."""
    row = found.row
    try:
        variant = _of_today(row)
    except FamilyUnavailableError:
        return Review(found, "family-unavailable")
    if not _asks_the_same(variant, row):
        return Review(found, "asks-otherwise")
    truth = json.dumps(truths_to_json(variant.truths))
    replayed = [_replayed(variant, attempt, now) for attempt in found.attempts]
    rejudged = tuple(each for each in replayed if isinstance(each, Rejudged))
    return Review(
        found,
        truth=truth if json.loads(truth) != json.loads(row.truth) else None,
        rejudged=rejudged,
        unreadable=tuple(each for each in replayed if isinstance(each, Unreadable)),
        becomes_solved=bool(rejudged) and _becomes_solved(found, rejudged),
    )


def _of_today(row: ProblemRow) -> Variant[Any]:
    """Return the variant that the stored parameters give today, with its truth computed anew."""
    try:
        its_family = family(row.family)
        its_family.levels[row.level]
        return build(its_family, row.level, read_parameters(its_family.parameters, json.loads(row.parameters)))
    except (LookupError, ArithmeticError, ValueError) as error:  # a ParameterError is a ValueError
        raise FamilyUnavailableError from error


_ASKED: Final = ("kind", "shape", "unit", "significant_digits")


def _asks_the_same(variant: Variant[Any], row: ProblemRow) -> bool:
    """Whether an answer to what was shown is an answer to what the family asks today; texts may be worded otherwise."""
    then: list[dict[str, Any]] = json.loads(row.shown)["parts"]
    same_parts = [part["name"] for part in then] == [part.name for part in variant.parts]
    if not same_parts or json.loads(row.convention) != variant.convention.items():
        return False
    now = json.loads(json.dumps(shown(variant, "zh" if row.language == "zh" else "en")["parts"]))
    return all(map(_same_question, then, now))


def _same_question(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    options = ([option["text"]["markdown"] for option in part.get("options") or ()] for part in (then, now))
    items = ([item["markdown"] for item in part.get("items") or ()] for part in (then, now))
    return all(then[name] == now[name] for name in _ASKED) and _in_place(*options) and _in_place(*items)


def _in_place(then: list[str], now: list[str]) -> bool:
    """Whether no text has moved: a letter must mean what it meant. One that is worded anew is taken for the same."""
    return len(then) == len(now) and all(old == new or old not in now for old, new in zip(then, now, strict=True))


def _replayed(variant: Variant[Any], attempt: AttemptOnFile, now: datetime) -> Rejudged | Unreadable | None:
    """Return the judgement that an attempt gets today, None where it has that one already."""
    try:
        verdict = grade(variant, json.loads(attempt.answers))
    except UnreadableAnswersError as error:
        return Unreadable(attempt.id, "; ".join(f"{each.pointer} {each.code}" for each in error.errors))
    judgement = judged(variant, verdict, now)
    return None if _says(judgement) == _says(attempt.judgement) else Rejudged(attempt, judgement)


def _says(judgement: JudgementRow) -> tuple[object, ...]:
    return judgement.verdict, judgement.credit, judgement.misconception, json.loads(judgement.parts)


def _becomes_solved(found: ProblemOnFile, rejudged: tuple[Rejudged, ...]) -> bool:
    """Whether the problem would have been solved, had its key been right: by any answer that counted.

    Where a drill gives its feedback at the end the last answer is the answer, and nothing is decided while it is withheld.
    """
    if found.row.withheld or found.row.state == "solved":
        return False
    today = {each.attempt.id: each.judgement.verdict for each in rejudged}
    counted = [today.get(each.id, each.judgement.verdict) for each in found.attempts if each.counted]
    at_end = found.blueprint is not None and blueprint_from_json(found.blueprint).feedback == "at-end"
    return "right" in (counted[-1:] if at_end else counted)
