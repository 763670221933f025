"""POST attempt as most would write it: a sync route, a session as a dependency, an ORM, a commit for each request.

Kept to measure against. It has the service's models, grading, texts and memory of problems, and not its middleware.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Request
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from app.api.attempts import AttemptIn, AttemptOut, attempt_out
from app.services.practice import Attempt
from app.services.shelf import Shelf
from app.services.verdicts import parts_to_json
from app.settings import Settings
from app.storage import models
from app.storage.attempts import AttemptRow, JudgementRow
from app.storage.engines import parse_url
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.problems import ProblemRow
from quiz_bank.engine import ENGINE_VERSION
from quiz_bank.grading import GRADER_VERSION
from quiz_bank.grading.judge import grade

SHELF = Shelf()


class Base(DeclarativeBase):
    metadata = models.metadata


class StoredProblem(Base):
    __table__ = models.problems


class StoredAttempt(Base):
    __table__ = models.attempts


class StoredJudgement(Base):
    __table__ = models.judgements


def open_session(request: Request) -> Iterator[Session]:
    with request.app.state.sessions() as session:
        yield session


OpenSession = Annotated[Session, Depends(open_session)]


def create() -> FastAPI:
    """Return the application."""
    app = FastAPI()
    app.state.sessions = sessionmaker(create_engine(parse_url(Settings().database_url)))
    app.get("/livez")(live)
    app.post("/v1/problems/{problem_id}/attempts", status_code=201)(submit)
    return app


def live() -> None: ...


def submit(problem_id: UUID, body: AttemptIn, session: OpenSession) -> AttemptOut:
    stored: Any = session.get(StoredProblem, problem_id)
    if stored is None:
        raise HTTPException(404)
    variant = SHELF.restored(ProblemRow(**{f.name: getattr(stored, f.name) for f in fields(ProblemRow)})).variant
    verdict, now = grade(variant, body.answers), datetime.now(UTC)
    parts = json.dumps(parts_to_json(verdict.parts), ensure_ascii=False)
    misconception = next((part.diagnosis.code for part in verdict.parts if part.diagnosis), None)
    versions = (stored.family_version, ENGINE_VERSION, GRADER_VERSION)
    judgement = JudgementRow(new_id(), verdict.result, verdict.credit, misconception, parts, *versions, now)
    answers = json.dumps(body.answers, ensure_ascii=False)
    own = (new_id(), problem_id, LOCAL_LEARNER, answers, True, body.confidence, body.duration_ms, now, False)
    row = AttemptRow(judgement, *own, number=stored.tries + 1, family=stored.family, withheld=False)
    kept = {column.name: getattr(row, column.name) for column in models.attempts.columns}
    session.add(StoredAttempt(**kept))
    session.flush()
    session.add(StoredJudgement(attempt_id=row.id, **{f.name: getattr(judgement, f.name) for f in fields(judgement)}))
    stored.tries += 1
    session.commit()
    return attempt_out(Attempt(row, verdict.parts, variant), "en")
