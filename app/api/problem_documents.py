"""Problems, hints and solutions as documents."""

from __future__ import annotations

import json
from typing import Any, Final, Literal, cast
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from app.api.bodies import Body, Day
from app.api.families import TextOut, text_out
from app.services.shelf import Problem, truths_to_json
from app.storage.problems import ProblemRow
from quiz_bank import rendering
from quiz_bank.problem import Kind, Language

State = Literal["open", "solved", "revealed", "expired"]


class ProblemIn(Body):
    """What is asked for; an empty object asks for a good next problem.

    That is a review that is due, else one of your weakest topic, else a new one; `topic` and `level` narrow all of these.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"family": "cross-entropy-one-hot", "preset": "mock-question"},
                {"family": "ce-from-logits", "parameters": {"logits": ["2", "1", "0.1"], "target": 0}},
                {"topic": "logits", "level": 2, "language": "zh"},
                {"daily": "2026-11-20"},
                {},
            ]
        }
    )

    family: str | None = Field(None, max_length=100, description="A slug of GET /v1/families.")
    topic: str | None = Field(None, max_length=100, description="Any family of this topic.")
    level: int | None = Field(None, ge=1, le=9)
    seed: str | None = Field(
        None,
        min_length=1,
        max_length=64,
        description="Needs a family: the same seed gives the same problem of one version of it. Without a level: the lowest.",
    )
    preset: str | None = Field(None, max_length=100, description="A named problem of the family.")
    parameters: dict[str, Any] | None = Field(None, description="Your own numbers, by the family's schema.")
    daily: Day | None = Field(
        None,
        description="The problem of that day (UTC), and nothing else beside it but a language. Asked for again, it is the one "
        "that you have, with status 200.",
    )
    language: str | None = Field(
        None,
        max_length=35,
        description="The language of the problem, en or zh; any other gives en. Without it Accept-Language decides.",
    )


def _absent(value: object) -> bool:
    return value is None


class OptionOut(BaseModel):
    """One option, answered by its letter."""

    letter: str
    text: TextOut


class PartOfProblem(BaseModel):
    """One question of a problem."""

    name: str
    label: str
    kind: Kind
    shape: list[int] = Field(description="[] for a number, [n] for a vector, [rows, columns] for a matrix.")
    unit: Literal["nats", "bits", "dits"] | None
    significant_digits: int | None = Field(description="Null where options are picked.")
    options: list[OptionOut] | None = Field(
        None, exclude_if=_absent, description="What to pick from, by letter; left out for a number."
    )
    items: list[TextOut] | None = Field(
        None, exclude_if=_absent, description="What a matching pairs with the options, in order."
    )


PROBLEM_EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "01990b7e-3c00-7000-8000-000000000000",
    "family": "cross-entropy-one-hot",
    "family_version": 1,
    "topic": "cross-entropy",
    "level": 2,
    "language": "en",
    "seed": None,
    "preset": "mock-question",
    "state": "open",
    "parameters": {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"},
    "convention": {"log_base": "e", "clip": "never"},
    "prompt": {"markdown": "A classifier predicts …", "text": "A classifier predicts …"},
    "parts": [
        {
            "name": "loss",
            "label": "Cross-entropy loss",
            "kind": "number",
            "shape": [],
            "unit": "nats",
            "significant_digits": 3,
        }
    ],
    "expected_seconds": 60,
    "hints_available": 3,
    "hints_taken": 0,
    "tries": 0,
    "created_at": "2026-11-20T21:16:00Z",
    "drill_id": None,
    "position": None,
    "withheld": False,
}


class ProblemOut(BaseModel):
    """A problem as it was shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROBLEM_EXAMPLE]})

    id: UUID
    family: str
    family_version: int
    topic: str
    level: int
    language: Language
    seed: str | None = Field(description="What it was drawn from; null where it was not, and while it is withheld.")
    preset: str | None
    state: State
    parameters: dict[str, Any] = Field(description="The numbers with the digits that are shown.")
    convention: dict[str, str]
    prompt: TextOut
    parts: list[PartOfProblem]
    expected_seconds: int
    hints_available: int = Field(description="How many its family has; a drill may give none of them.")
    hints_taken: int
    tries: int = Field(description="Attempts that counted.")
    created_at: AwareDatetime
    drill_id: UUID | None = Field(description="The drill that it belongs to.")
    position: int | None = Field(description="Its place in the drill, from 1.")
    withheld: bool = Field(description="True until the end of a drill that gives its feedback then; the state stays open.")


class ProblemsOut(BaseModel):
    """A page of problems, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PROBLEM_EXAMPLE]}]})

    items: list[ProblemOut]


class NothingIn(Body):
    """An empty object, or no body at all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class HintOut(BaseModel):
    """One hint."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"number": 1, "hints_available": 3, "hint": {"markdown": "A one-hot …", "text": "A one-hot …"}}]
        }
    )

    number: int = Field(description="From 1, the vaguest. The last one is given again when all are taken.")
    hints_available: int
    hint: TextOut


class SolutionOut(BaseModel):
    """The worked solution, and what it comes to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "problem_id": "01990b7e-3c00-7000-8000-000000000000",
                    "state": "revealed",
                    "truth": {"loss": 0.3566749439387324},
                    "solution": {"markdown": "1. …", "text": "1. …"},
                    "formula": {"markdown": "$$H(y, q) = …$$", "text": "H(y, q) = …"},
                    "follow_up": {"markdown": "The loss looks only …", "text": "The loss looks only …"},
                }
            ]
        }
    )

    problem_id: UUID
    state: State
    truth: dict[str, Any] = Field(description='By part; an infinite value is "inf" or "-inf".')
    solution: TextOut
    formula: TextOut
    follow_up: TextOut = Field(description="What an interviewer would ask next.")


def problem_out(row: ProblemRow) -> ProblemOut:
    """Return a problem as it is sent: as it was shown, and without its truth."""
    return ProblemOut.model_validate(
        {
            **{name: getattr(row, name) for name in ProblemOut.model_fields if name in ProblemRow.__slots__},
            **json.loads(row.shown),
            # With it the same problem could be asked for once more, outside the drill.
            "seed": None if row.withheld else row.seed,
            "parameters": json.loads(row.parameters),
            "convention": json.loads(row.convention),
        }
    )


def solution_out(problem: Problem) -> SolutionOut:
    """Return the solution in the problem's language."""
    language, variant = language_of_problem(problem), problem.variant
    return SolutionOut(
        problem_id=problem.row.id,
        state=cast("State", problem.row.state),
        truth=truths_to_json(variant.truths),
        solution=text_out(rendering.solution(variant, language)),
        formula=text_out(rendering.formula(variant.family, language)),
        follow_up=text_out(rendering.follow_up(variant, language)),
    )


def language_of_problem(problem: Problem) -> Language:
    """Return the language that a problem was set in."""
    return "zh" if problem.row.language == "zh" else "en"
