"""Several processes at one drill."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.services import drills, plans, practice
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from app.services.practice import Submission
from app.services.shelf import Shelf
from app.storage import drills as stored_drills
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from app.storage.problems import of_drill

START = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
END = START + timedelta(minutes=1)
MOCK = PlanItem("cross-entropy-one-hot", 1, None, "mock-question")
MANY = 12


def begun(connection: Connection) -> UUID:
    blueprint, plan = Blueprint(length=MANY, minutes=1, feedback="at-end"), (MOCK,) * MANY
    return drills.start(connection, LOCAL_LEARNER, blueprint, plan, preset=None, room_id=None, language="en", now=START).id


def next_of(drill_id: UUID, shelf: Shelf, connection: Connection) -> UUID:
    drill = drills.locked(connection, LOCAL_LEARNER, drill_id, START)
    return drills.hand_out(connection, shelf, drill, START).id


def answered(problem_id: UUID, shelf: Shelf, now: datetime, connection: Connection) -> bool:
    submission = Submission({"loss": "0.357"}, "en")
    return practice.submit(connection, shelf, LOCAL_LEARNER, problem_id, submission, now).row.counted


@pytest.fixture
async def two(database: Database, database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Give two services' hands on one database."""
    other = Database(database_url)
    await other.open()
    yield database, other
    await other.close()


@pytest.mark.anyio
async def test_whoever_asks_at_once_gets_problems_of_different_places(two: tuple[Database, Database]) -> None:
    drill_id = await two[0].write(begun)
    asking = [two[n % 2].write(partial(next_of, drill_id, Shelf())) for n in range(MANY)]
    assert len(set(await asyncio.gather(*asking))) == MANY
    shown = await two[0].read(lambda connection: of_drill(connection, drill_id))
    assert [problem.position for problem in shown] == list(range(1, MANY + 1))


@pytest.mark.anyio
async def test_an_end_that_two_notice_while_answers_come_in_is_one_end(two: tuple[Database, Database]) -> None:
    drill_id = await two[0].write(begun)
    problem_id = await two[0].write(partial(next_of, drill_id, Shelf()))
    in_time = await two[0].write(partial(answered, problem_id, Shelf(), START))
    late = [two[n % 2].write(partial(answered, problem_id, Shelf(), END)) for n in range(MANY)]
    sweeps = [two[n % 2].write(partial(drills.settle, drill_id=drill_id, now=END)) for n in range(MANY)]
    counted = (await asyncio.gather(asyncio.gather(*late), asyncio.gather(*sweeps)))[0]
    assert (in_time, any(counted)) == (True, False)
    [problem] = await two[0].read(lambda connection: of_drill(connection, drill_id))
    drill = await two[0].read(lambda connection: stored_drills.get(connection, LOCAL_LEARNER, drill_id))
    assert drill is not None
    assert (problem.state, problem.tries, drill.state, drill.finished_at) == ("solved", 1, "finished", END)


def started(connection: Connection) -> UUID:
    blueprint = Blueprint(length=2, feedback="at-end")
    plan = plans.planned(connection, LOCAL_LEARNER, blueprint, "shared")
    same = drills.under_way(connection, LOCAL_LEARNER, plan)
    terms = (connection, LOCAL_LEARNER, blueprint, plan)
    return (same or drills.start(*terms, preset=None, room_id=None, language="en", now=START, seed="shared")).id


@pytest.mark.anyio
async def test_the_same_drill_that_is_started_many_times_at_once_is_one(two: tuple[Database, Database]) -> None:
    assert len(set(await asyncio.gather(*(two[n % 2].write(started) for n in range(MANY))))) == 1
