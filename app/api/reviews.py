"""Reviews: what spaced repetition asks again, and when."""

from __future__ import annotations

import secrets

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import Answer, change, show
from app.api.bodies import Body, rest_router
from app.api.idempotency import IfOnce
from app.api.openapi import refusals
from app.api.problem_documents import ProblemOut
from app.api.problems import created
from app.edge.access import Caller, Shown
from app.edge.context import context_of
from app.edge.languages import choose_language, language_of
from app.services import reviews
from app.services.problems import Wish, pose
from app.services.reviews import Review
from quiz_bank import rendering
from quiz_bank.problem import Language
from quiz_bank.registry import FAMILIES

router = rest_router("reviews")


class ReviewIn(Body):
    """How the problem is to be set."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"language": "zh"}]})

    language: str | None = Field(
        None,
        max_length=35,
        description="The language of the problem, en or zh; any other gives en. Without it Accept-Language decides.",
    )


class ReviewOut(BaseModel):
    """A family that you have met, and when it comes back."""

    family: str
    title: str
    topic: str
    due: AwareDatetime
    last_review: AwareDatetime
    times: int = Field(description="How many of your problems of it were rated.")
    retrievability: float = Field(description="The probability that you could still solve it now, as FSRS has it.")
    overdue_days: int = Field(description="Whole days since it was due; 0 before.")


class ReviewsOut(BaseModel):
    """Every family that you have met, the first due first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "due_count": 1,
                    "items": [
                        {
                            "family": "cross-entropy-one-hot",
                            "title": "Cross-entropy of a one-hot target",
                            "topic": "cross-entropy",
                            "due": "2026-11-20T21:16:00Z",
                            "last_review": "2026-11-18T21:16:00Z",
                            "times": 1,
                            "retrievability": 0.90953,
                            "overdue_days": 0,
                        }
                    ],
                }
            ]
        }
    )

    due_count: int = Field(description="How many are due now: so many of the first items.")
    items: list[ReviewOut]


@router.get("/reviews", summary="List your reviews", response_model=ReviewsOut)
async def list_reviews(request: Request, shown: Shown) -> Response:
    """List what is due and what will be: one review for each family that you have met, without pages."""
    now = context_of(request).clock()

    def work(connection: Connection, caller: Caller) -> ReviewsOut:
        found = reviews.of_learner(connection, caller.id, now)
        language = language_of(request.scope)
        items = [_review_out(review, language) for review in found]
        return ReviewsOut(due_count=sum(review.is_due for review in found), items=items)

    return await show(request, shown, work)


@router.post(
    "/reviews/next",
    summary="Review what is due",
    status_code=201,
    response_model=ProblemOut,
    responses=refusals("nothing-due", "idempotency-key-reused"),
)
async def review_next(request: Request, shown: Shown, once: IfOnce, body: ReviewIn) -> Response:
    """Set a problem with fresh numbers, of the family among those due that you are the least likely to recall."""
    context = context_of(request)
    now, new_seed = context.clock(), secrets.token_hex(8)

    def work(connection: Connection, caller: Caller) -> Answer:
        language = language_of(request.scope) if body.language is None else choose_language(body.language)
        wish = Wish(language, family=reviews.next_due(connection, caller.id, now))
        return created(pose(connection, context.shelf, caller.id, wish, now=now, new_seed=new_seed))

    return await change(request, shown, work, once)


def _review_out(review: Review, language: Language) -> ReviewOut:
    family = FAMILIES[review.family]
    return ReviewOut(
        family=family.slug,
        title=rendering.title(family, language),
        topic=family.topic,
        due=review.due,
        last_review=review.last_review,
        times=review.times,
        retrievability=review.retrievability,
        overdue_days=review.overdue_days,
    )
