"""POST attempt as most would write it: a sync route, a session as a dependency, an ORM, a commit for each request.

Kept to measure against. It is one route inside the service: with its layers, models, grading, texts and memory of problems; and
it finds and keeps what the service does. Only how it speaks to the database is another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.routing import APIRoute
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from app.api import attempts
from app.api.attempts import AttemptIn, AttemptOut, attempt_out
from app.logs import configure_logging
from app.main import create_app
from app.services.practice import Attempt, judged
from app.services.shelf import Shelf
from app.settings import Settings
from app.storage import models
from app.storage.attempts import AttemptRow
from app.storage.engines import parse_url
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.problems import ProblemRow
from quiz_bank.grading.judge import grade

SHELF = Shelf()


class Base(DeclarativeBase):
    metadata = models.metadata


class StoredLearner(Base):
    __table__ = models.learners


class StoredProblem(Base):
    __table__ = models.problems


class StoredAttempt(Base):
    __table__ = models.attempts


class StoredJudgement(Base):
    __table__ = models.judgements


class StoredOutcome(Base):
    __table__ = models.outcomes


def open_session(request: Request) -> Iterator[Session]:
    with request.app.state.sessions() as session:
        yield session


OpenSession = Annotated[Session, Depends(open_session)]


def create() -> FastAPI:
    """Return the service with this route in the place of its own."""
    settings = Settings()
    configure_logging(settings)
    app = create_app(settings)
    app.state.sessions = sessionmaker(create_engine(parse_url(settings.database_url)))
    routes = app.router.routes
    place = next(n for n, route in enumerate(routes) if isinstance(route, APIRoute) and route.endpoint is attempts.submit)
    app.post(routes.pop(place).path, status_code=201)(submit)  # type: ignore[attr-defined]  # it is an APIRoute
    routes.insert(place, routes.pop())
    return app


def submit(problem_id: UUID, body: AttemptIn, session: OpenSession) -> AttemptOut:
    learner: Any = session.get(StoredLearner, LOCAL_LEARNER)
    stored: Any = session.get(StoredProblem, problem_id)
    if stored is None or stored.learner_id != learner.id:
        raise HTTPException(404)
    variant = SHELF.restored(ProblemRow(**{f.name: getattr(stored, f.name) for f in fields(ProblemRow)})).variant
    verdict, now = grade(variant, body.answers), datetime.now(UTC)
    judgement = judged(variant, verdict, now)
    answers = json.dumps(body.answers, ensure_ascii=False)
    own = (new_id(), problem_id, learner.id, answers, True, body.confidence, body.duration_ms, now, False)
    row = AttemptRow(judgement, *own, number=stored.tries + 1, family=stored.family, withheld=False)
    session.add(StoredAttempt(**{column.name: getattr(row, column.name) for column in models.attempts.columns}))
    session.flush()
    session.add(StoredJudgement(attempt_id=row.id, **{f.name: getattr(judgement, f.name) for f in fields(judgement)}))
    stored.tries += 1
    note(session, stored, row)
    language = learner.language  # after the commit it would be read anew
    session.commit()
    return attempt_out(Attempt(row, verdict.parts, variant), language)


def note(session: Session, problem: Any, attempt: AttemptRow) -> None:  # noqa: ANN401 - a mapped row has no types
    """Keep what came of the problem."""
    outcome: Any = session.get(StoredOutcome, problem.id)
    if outcome is None:
        shared = ("learner_id", "family", "topic", "level", "drill_id", "expected_seconds")
        outcome = StoredOutcome(problem_id=problem.id, **{name: getattr(problem, name) for name in shared})
        outcome.happened_at, outcome.confidence = attempt.submitted_at, attempt.confidence
        outcome.first_verdict, outcome.first_credit = attempt.judgement.verdict, attempt.judgement.credit
        outcome.misconception = attempt.judgement.misconception
        session.add(outcome)
    outcome.tries, outcome.hints = problem.tries, problem.hints_taken
    outcome.solved, outcome.credit = attempt.judgement.verdict == "right", attempt.judgement.credit
