"""The checker of what is stored finds nothing where all is well, and each thing that is spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from app.services import drills, practice
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.services.practice import Submission
from app.services.problems import Wish, pose
from app.services.shelf import Shelf
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.ids import LOCAL_LEARNER
from tests.invariants import broken

START = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
MOCK = PlanItem("cross-entropy-one-hot", 1, None, "mock-question")

SPOILT = [
    ("UPDATE attempts SET number = 5 WHERE number = 2", "are numbered [1, 5]"),
    ("DELETE FROM judgements", "was not judged"),
    ("UPDATE problems SET tries = 7", "has 7 tries"),
    ("UPDATE problems SET closed_at = NULL", "was closed at None"),
    ("UPDATE judgements SET verdict = 'wrong'", "is solved without a right answer"),
    ("UPDATE attempts SET counted = (number = 1)", "1 attempts that count"),
    ("UPDATE outcomes SET credit = 0.25", "has wrong credit"),
    ("DELETE FROM outcomes", "has no outcome"),
    ("UPDATE drills SET shown = 2", "is at 2 and handed out [1]"),
    ("UPDATE drills SET finished_at = NULL", "finished at None"),
    ("UPDATE drills SET state = 'paused'", "paused at None"),
    ("UPDATE drills SET ends_at = started_at", "counts and came after the end"),
    ("UPDATE problems SET state = 'open', closed_at = NULL", "is open after the end"),
    ("UPDATE problems SET withheld = (1 = 1)", "or withheld"),
    ("UPDATE attempts SET late = (1 = 1)", "is late and counts"),
    ("UPDATE reviews SET times = 9", "is remembered"),
    ("DELETE FROM reviews", "None is remembered"),
    ("DELETE FROM review_log", "has ended and was not rated"),
    ("UPDATE review_log SET family = 'surprisal'", "is another's"),
    ("UPDATE idempotency SET status = NULL", "was taken and has no answer"),
    ("DELETE FROM attempts", "which is not stored"),
]


@pytest.fixture
def world(database_url: str) -> Iterator[Connection]:
    """Give a problem that was solved at the second try, a drill that was, and a request that may be sent again."""
    with make_engine(parse_url(database_url), Purpose.WRITE).connect() as connection:  # which takes all of it back
        shelf = Shelf()
        alone = pose(
            connection, shelf, LOCAL_LEARNER, Wish("en", family=MOCK.family, preset=MOCK.preset), now=START, new_seed=""
        )
        blueprint = Blueprint(length=1, minutes=1)
        drill = drills.start(connection, LOCAL_LEARNER, blueprint, (MOCK,), preset=None, room_id=None, language="en", now=START)
        asked = drills.hand_out(connection, shelf, drill, START)
        for problem in (alone, asked):
            for seconds, answer in ((20, "0.5146"), (30, "0.357")):
                now = START + timedelta(seconds=seconds)
                given = practice.submit(connection, shelf, LOCAL_LEARNER, problem.id, Submission({"loss": answer}, "en"), now)
        drills.settle(connection, drill.id, START + timedelta(minutes=2))
        body = f'{{"id": "{given.row.id}", "problem_id": "{asked.id}", "number": 2}}'
        connection.execute(
            text(
                "INSERT INTO idempotency (caller, key, fingerprint, status, headers, body, created_at)"
                " VALUES ('nobody', 'k', 'f', 201, '{}', :body, '2026-11-21 09:00:00.000000+00:00')"
            ),
            {"body": body},
        )
        yield connection


def unguard(connection: Connection) -> None:
    """Take away what keeps attempts and judgements from being changed."""
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("attempts", "judgements"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def test_nothing_is_found_where_all_is_well(world: Connection) -> None:
    assert broken(world) == []


@pytest.mark.parametrize(("spoil", "sentence"), SPOILT)
def test_what_is_spoilt_is_found(world: Connection, spoil: str, sentence: str) -> None:
    unguard(world)
    world.execute(text(spoil))
    assert any(sentence in found for found in broken(world))
