"""The statements of docs/scaling.md, on a real PostgreSQL: attempts and judgements in partitions, and everything goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.storage import attempts, learners, migrate, problems
from app.storage.attempts import JudgementRow, NewAttempt
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from app.storage.problems import ProblemRow
from tests.postgres_databases import PostgresDatabases
from tests.storage.connected import connected
from tests.storage.everything import FIRST
from tests.storage.newer import REVISION, newer_release

DOCUMENT = Path(__file__).parents[2] / "docs" / "scaling.md"
WHERE = text("SELECT tableoid::regclass::text, count(*) FROM attempts GROUP BY 1 ORDER BY 1")

Answer = Callable[[int], ProblemRow]


@pytest.fixture
def url(postgres: PostgresDatabases) -> str:
    url = postgres.empty()
    migrate.upgrade(url)
    return url


@pytest.fixture
def answer(
    url: str,
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> Answer:
    """Store a new learner's problem with so many attempts."""

    def answer(times: int) -> ProblemRow:
        learner = LearnerRow(new_id(), "Ada", "learner", "en", FIRST)
        problem = make_problem(learner.id)
        with connected(url) as connection:
            learners.add(connection, learner)
            problems.add(connection, problem)
            for _ in range(times):
                attempts.add(connection, make_attempt(problem), make_judgement())
        return problem

    return answer


def partition(url: str) -> None:
    """Run what the document says."""
    [statements] = re.findall(r"```sql\n(BEGIN;.*?COMMIT;)\n```", DOCUMENT.read_text(), re.DOTALL)
    with connected(url) as connection:
        inside = statements.removeprefix("BEGIN;").removesuffix("COMMIT;")
        connection.connection.cursor().execute(inside)


def test_what_is_there_stays_and_what_comes_is_numbered_on(
    url: str, answer: Answer, make_attempt: Callable[..., NewAttempt], make_judgement: Callable[..., JudgementRow]
) -> None:
    problem = answer(3)
    partition(url)
    with connected(url) as connection:
        attempts.add(connection, make_attempt(problem), make_judgement("right"))
        found = attempts.page(connection, problem.learner_id, limit=9)
        assert [(each.number, each.judgement.verdict) for each in found] == [(4, "right"), *((n, "wrong") for n in (3, 2, 1))]
        assert connection.execute(WHERE).all() == [("attempts_first", 4)]


def test_each_month_has_its_partition(
    url: str, answer: Answer, make_attempt: Callable[..., NewAttempt], make_judgement: Callable[..., JudgementRow]
) -> None:
    partition(url)
    problem = answer(1)
    with connected(url) as connection:
        months = connection.scalars(
            text("SELECT first_id(now() + make_interval(months => n)) FROM unnest(ARRAY[2, 30]) n")
        ).all()
        for first_id in months:
            attempts.add(connection, replace(make_attempt(problem), id=first_id), make_judgement())
        names = [name for name, _ in connection.execute(WHERE)]
        month = connection.scalar(text("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '2 months', 'YYYY_MM')"))
    assert names == [f"attempts_{month}", "attempts_first", "attempts_later"]


def test_answers_can_neither_be_changed_nor_removed_and_go_with_their_learner(url: str, answer: Answer) -> None:
    partition(url)
    problem = answer(2)
    for change in ("UPDATE attempts SET number = 9", "DELETE FROM judgements", "TRUNCATE attempts CASCADE"):
        with pytest.raises(DBAPIError, match="append-only"), connected(url) as connection:
            connection.execute(text(change))
    with connected(url) as connection:
        assert learners.erase(connection, problem.learner_id)
        counts = [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("attempts", "judgements")]  # noqa: S608 - names here
    assert counts == [0, 0]


def test_a_judgement_needs_its_attempt_and_a_migration_reaches_every_partition(
    url: str, answer: Answer, make_judgement: Callable[..., JudgementRow], tmp_path: Path
) -> None:
    partition(url)
    answer(1)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="fk_judgements_attempt_id"), connected(url) as connection:
        attempts.add_judgement(connection, new_id(), make_judgement())
    with newer_release(tmp_path, ("attempts", "judgements")):
        migrate.upgrade(url)
        assert migrate.current(url) == REVISION
    answer(1)
    with connected(url) as connection:
        assert connection.scalars(text("SELECT weight FROM attempts")).all() == [1.0, 1.0]
