"""The worked solution of a problem, step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.services import practice
from app.services.shelf import Problem
from app.storage.problems import ProblemRow
from app.web.drill_view import DrillBar, bar_of
from app.web.fields import asked
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.pictures import Picture
from app.web.pictures.for_problem import pictures
from app.web.practise import to_problem
from app.web.visits import Visitor
from quiz_bank import rendering
from quiz_bank.problem import Language
from quiz_bank.topics import topic_title

router = APIRouter(include_in_schema=False)

_STEP: Final = re.compile(r"^(?:[0-9]+\.|-) +", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SolutionPage:
    """What `solution.html` is rendered with, texts as Markdown: the steps, and the paragraphs before and after them."""

    row: ProblemRow
    title: str
    topic_title: str
    prompt: str
    formula: str
    before: str
    steps: tuple[str, ...]
    after: str
    follow_up: str
    topic: str
    next_action: str
    drill: DrillBar | None
    pictures: tuple[Picture, ...]

    @property
    def address(self) -> str:
        """Where the problem is."""
        return f"/problems/{self.row.id}"


def solution_page(problem: Problem, language: Language, bar: DrillBar | None, topic: str) -> SolutionPage:
    """Return the solution of a problem that is no longer open."""
    row, variant = problem.row, problem.variant
    before, steps, after = in_steps(rendering.solution(variant, language).markdown)
    return SolutionPage(
        row,
        rendering.title(variant.family, language),
        topic_title(row.topic, language),
        asked(row, variant, language)["prompt"]["markdown"],
        rendering.formula(variant.family, language).markdown,
        before,
        steps,
        after,
        rendering.follow_up(variant, language).markdown,
        topic,
        bar.next_action if bar else "/practise",
        bar,
        pictures(variant, (), language, closed=True),
    )


def in_steps(markdown: str) -> tuple[str, tuple[str, ...], str]:
    """Return what stands before a solution's first list, the items of the list, and what follows.

    A solution without a list is what stands before.
    """
    paragraphs = markdown.split("\n\n")
    for i, paragraph in enumerate(paragraphs):
        if _STEP.match(paragraph):
            steps = tuple(step.strip() for step in _STEP.split(paragraph) if step.strip())
            return "\n\n".join(paragraphs[:i]), steps, "\n\n".join(paragraphs[i + 1 :])
    return markdown, (), ""


@router.post("/problems/{problem_id}/solution")
async def reveal(request: Request, problem_id: UUID) -> Response:
    """End the problem, if it is still open, and lead to its solution."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        practice.reveal(connection, context.shelf, visitor.caller.id, problem_id, now)
        return to_problem(problem_id, form.text("topic"), below="/solution")

    return await act(request, work, guests=True)


@router.get("/problems/{problem_id}/solution")
async def show_solution(request: Request, problem_id: UUID, topic: str = "") -> Response:
    """Show the solution; as long as the problem is open or withheld, the problem itself."""
    context = context_of(request)
    now = context.clock()

    def work(connection: Connection, visitor: Visitor) -> Page | To:
        problem = context.shelf.problem(connection, visitor.caller.id, problem_id)
        if problem.row.state == "open" or problem.row.withheld:
            return to_problem(problem_id, topic)
        bar = bar_of(connection, problem.row, visitor.language, now)
        return Page("solution.html", solution_page(problem, visitor.language, bar, topic))

    return await look(request, work, guests=True)
