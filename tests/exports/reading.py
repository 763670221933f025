"""A question file as Moodle reads it: questions by their id, and which answer of a question a number meets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

from app.exports import moodle
from app.exports.selection import Selection, frozen, select
from quiz_bank.problem import Language, Variant


@dataclass(frozen=True, slots=True)
class Accepted:
    """One answer of a numerical question or gap."""

    number: float
    tolerance: float
    share: float
    feedback: str


def first_met(answers: Iterable[Accepted], given: float) -> Accepted | None:
    """Return the first answer that a number is near enough to: that is the one that Moodle takes."""
    return next((answer for answer in answers if abs(given - answer.number) <= answer.tolerance), None)


def answers_of(question: ElementTree.Element) -> list[Accepted]:
    """Return the answers of a numerical question, in order."""
    return [
        Accepted(
            float(answer.findtext("text", "")),
            float(answer.findtext("tolerance", "")),
            float(answer.get("fraction", "")),
            answer.findtext("feedback/text", ""),
        )
        for answer in question.findall("answer")
    ]


def parsed(file: bytes) -> list[ElementTree.Element]:
    """Return the questions of a file, categories included."""
    return list(ElementTree.fromstring(file))  # noqa: S314 - it reads what the tests wrote


def by_id(file: bytes) -> dict[str, ElementTree.Element]:
    """Return the questions of a file by their id."""
    return {question.findtext("idnumber", ""): question for question in parsed(file) if question.get("type") != "category"}


@dataclass(frozen=True, slots=True)
class Carried:
    """A problem and the question that it became."""

    variant: Variant[Any]
    question: ElementTree.Element

    @property
    def kind(self) -> str | None:
        return self.question.get("type")


def carried(selection: Selection, language: Language = "en") -> list[Carried]:
    """Return all problems of a selection with their questions."""
    questions = by_id(moodle.questions(selection, language))
    return [
        Carried(problem.variant, questions[f"crossdrill/{language}/{problem.variant.family.slug}/{problem.key}"])
        for problem in frozen(selection, "moodle")
    ]


@cache
def whole_bank(language: Language = "en") -> list[Carried]:
    """Return a few problems of every family with their questions."""
    return carried(select(count=4), language)
