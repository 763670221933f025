"""What is told to PostgreSQL without waiting, among statements that are asked and those of SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from app.storage import learners
from app.storage.batch import Work, run_alone, run_together
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.learners import LearnerRow
from app.storage.models import learners as table
from app.storage.numbered import Numbered, numbered, wire_of
from app.storage.prepared import Prepared
from app.storage.wire import Wire

INSERT = Prepared(table.insert())
Make = Callable[..., LearnerRow]


@pytest.fixture
def connection(postgres_url: str) -> Iterator[Connection]:
    with make_engine(parse_url(postgres_url), Purpose.WRITE).connect() as connection:
        yield connection


def wire(connection: Connection) -> Wire:
    found = wire_of(connection)
    assert found is not None
    return found


def values(learner: LearnerRow) -> dict[str, Any]:
    return {name: getattr(learner, name) for name in learner.__slots__}


def telling(*told: LearnerRow) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        for learner in told:
            INSERT.tell(connection, values(learner))

    return work


def names(connection: Connection) -> list[str]:
    with connection.begin():
        return list(connection.scalars(text("SELECT name FROM learners WHERE name <> 'local' ORDER BY name")))


def test_what_is_told_is_committed_with_the_rest(connection: Connection, make_learner: Make) -> None:
    run_alone(connection, telling(make_learner("Ada")))
    run_together(connection, [telling(make_learner("Bob"), make_learner("Cy")), telling(make_learner("Dan"))])
    assert names(connection) == ["Ada", "Bob", "Cy", "Dan"]


def test_what_was_told_is_there_for_whatever_is_asked_next(connection: Connection, make_learner: Make) -> None:
    ada, bob = make_learner("Ada"), make_learner("Bob")
    with connection.begin():
        INSERT.tell(connection, values(ada))
        by_the_wire = learners.get(connection, ada.id)
        INSERT.tell(connection, values(bob))
        by_sqlalchemy = connection.scalar(text("SELECT count(*) FROM learners WHERE name IN ('Ada', 'Bob')"))
    assert (by_the_wire, by_sqlalchemy) == (ada, 2)


def test_what_was_told_and_is_refused_takes_everything_back(connection: Connection, make_learner: Make) -> None:
    """Whose fault it is can't be told any more: all hear of it, as of a commit that fails."""
    king = replace(make_learner("king"), role="king")
    works: list[Work] = [telling(make_learner("before")), telling(king), lambda connection: learners.get(connection, king.id)]
    with pytest.raises(psycopg.errors.CheckViolation):
        run_together(connection, works)
    assert names(connection) == []


def test_the_last_that_is_told_is_heard_before_the_commit(
    connection: Connection, postgres_url: str, make_learner: Make
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        run_alone(connection, telling(replace(make_learner("king"), role="king")))
    with make_engine(parse_url(postgres_url), Purpose.READ).connect() as another:
        assert names(another) == []


def test_a_connection_goes_on_after_what_was_refused(connection: Connection, make_learner: Make) -> None:
    king = replace(make_learner("king"), role="king")
    [refused, taken] = run_together(
        connection, [lambda connection: learners.add(connection, king), telling(make_learner("Ada"))]
    )
    assert isinstance(refused.error, IntegrityError)
    assert (taken.error, names(connection)) == (None, ["Ada"])


def test_a_statement_is_prepared_once(connection: Connection, make_learner: Make) -> None:
    for name in ("Ada", "Bob", "Cy"):
        run_alone(connection, telling(make_learner(name)))
    with connection.begin():
        prepared = connection.scalars(text("SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'")).all()
    assert len(prepared) == 1


def test_more_than_the_buffers_hold_is_sent_while_answers_come_in(connection: Connection) -> None:
    with connection.begin():
        for number in range(20_000):
            wire(connection).tell(Numbered(b"SELECT repeat('x', 500) || $1::text"), [str(number)])
        result = wire(connection).ask(Numbered(b"SELECT 1::int"))
        assert wire(connection).rows(result) == [[1]]


def test_named_parameters_are_numbered_by_where_they_first_stand() -> None:
    assert numbered("SELECT %(b)s, %(a)s::UUID, %(b)s, 5 %% 2") == (b"SELECT $1, $2::UUID, $1, 5 % 2", ("b", "a"))
