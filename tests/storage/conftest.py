"""Rows to put into a database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.storage.attempts import JudgementRow, NewAttempt
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER, new_id
from app.storage.learners import LearnerRow
from app.storage.problems import ProblemRow

NOW = datetime(2026, 11, 20, 21, 16, 0, 123456, tzinfo=UTC)


@pytest.fixture
async def database(anyio_backend: str, database_url: str) -> AsyncIterator[Database]:
    """Give a database with one writer, whichever it is, so that what is written at once shares a transaction."""
    opened = Database(database_url, writers=1)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make_learner() -> Callable[..., LearnerRow]:
    def make(name: str = "Ada") -> LearnerRow:
        return LearnerRow(id=new_id(), name=name, role="learner", language="en", created_at=NOW)

    return make


@pytest.fixture
def make_problem() -> Callable[..., ProblemRow]:
    def make(learner_id: UUID = LOCAL_LEARNER, family: str = "cross-entropy-one-hot") -> ProblemRow:
        return ProblemRow(
            id=new_id(),
            learner_id=learner_id,
            family=family,
            family_version=1,
            topic="cross-entropy",
            level=2,
            language="en",
            seed="8c1f",
            preset=None,
            parameters='{"prediction": ["0.70", "0.2", "0.1"]}',
            convention='{"log_base": "e"}',
            truth='{"loss": "inf"}',
            shown='{"prompt": {"markdown": "…", "text": "…"}}',
            state="open",
            tries=0,
            hints_taken=0,
            created_at=NOW,
            closed_at=None,
            engine_version="1",
            expected_seconds=60,
        )

    return make


@pytest.fixture
def make_attempt() -> Callable[..., NewAttempt]:
    def make(problem: ProblemRow, submitted_at: datetime = NOW) -> NewAttempt:
        return NewAttempt(
            id=new_id(),
            problem_id=problem.id,
            learner_id=problem.learner_id,
            answers='{"loss": "0.360"}',
            counted=True,
            confidence=0.75,
            duration_ms=None,
            submitted_at=submitted_at,
        )

    return make


@pytest.fixture
def make_judgement() -> Callable[..., JudgementRow]:
    def make(verdict: str = "wrong", misconception: str | None = "wrong-log-base-2") -> JudgementRow:
        return JudgementRow(
            id=new_id(),
            verdict=verdict,
            credit=1.0 if verdict == "right" else 0.0,
            misconception=misconception,
            parts='{"loss": {"verdict": "wrong"}}',
            family_version=1,
            engine_version="1",
            grader_version="1",
            judged_at=NOW,
        )

    return make
