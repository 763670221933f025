"""Reviews: what is due to come back, what comes later, and the way to start."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_timedelta
from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.edge.context import context_of
from app.edge.languages import Language
from app.errors import NothingDueError
from app.services import reviews
from app.services.problems import Wish, pose
from app.services.reviews import Review
from app.web.forms import Form
from app.web.pages import Page, To, act, look
from app.web.practise import to_problem
from app.web.templates import LOCALES
from app.web.visits import Visitor
from quiz_bank import rendering
from quiz_bank.registry import FAMILIES

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Planned:
    """A family that comes back, by its name; `when` it is due, from now."""

    review: Review
    title: str
    when: str


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """What `reviews.html` is rendered with: what is due, the most urgent first, and what comes later, the soonest first."""

    due: tuple[Planned, ...]
    upcoming: tuple[Planned, ...]


@router.get("/reviews")
async def show_reviews(request: Request) -> Response:
    """Show what is due and what will be."""
    now = context_of(request).clock()

    def work(connection: Connection, visitor: Visitor) -> Page:
        found = reviews.of_learner(connection, visitor.caller.id, now)
        return Page("reviews.html", reviews_page(found, now, visitor.language))

    return await look(request, work)


def reviews_page(found: Iterable[Review], now: datetime, language: Language) -> ReviewsPage:
    """Sort reviews, which come the first due first, into those that are due and those that come later."""
    planned = [_planned(review, now, language) for review in found]
    due = sorted(
        (each for each in planned if each.review.is_due), key=lambda each: (each.review.retrievability, each.review.due)
    )
    return ReviewsPage(tuple(due), tuple(each for each in planned if not each.review.is_due))


def _planned(review: Review, now: datetime, language: Language) -> Planned:
    when = format_timedelta(review.due - now, add_direction=True, locale=LOCALES[language])
    return Planned(review, rendering.title(FAMILIES[review.family], language), when)


@router.post("/reviews/next")
async def review_next(request: Request) -> Response:
    """Set a problem with fresh numbers of the most urgent family; where nothing is due, show when something will be."""
    context = context_of(request)
    now, new_seed = context.clock(), secrets.token_hex(8)

    def work(connection: Connection, visitor: Visitor, form: Form) -> To:
        try:
            family = reviews.next_due(connection, visitor.caller.id, now)
        except NothingDueError:
            return To("/reviews")
        wish = Wish(visitor.language, family)
        return to_problem(pose(connection, context.shelf, visitor.caller.id, wish, now=now, new_seed=new_seed).id)

    return await act(request, work)
