"""Two processes in each other's way at one PostgreSQL: nobody is told, unless one of them hangs."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import Connection, text

from app.errors import UnavailableError
from app.storage import conflicts, learners
from app.storage.database import Database
from app.storage.ids import new_id
from app.storage.learners import LearnerRow

pytestmark = pytest.mark.anyio

Two = tuple[Database, Database]
NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)
ADA, BOB = (LearnerRow(new_id(), name, "learner", "en", NOW) for name in ("Ada", "Bob"))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Two]:
    """Give two services' hands on one database, in which there are Ada and Bob."""
    both = Database(url, writers=1), Database(url, writers=1)  # so that what is asked together is one transaction
    for database in both:
        await database.open()
    for learner in (ADA, BOB):
        await both[0].write(partial(learners.add, learner=learner))
    yield both
    for database in both:
        await database.close()


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[Two]:
    async with opened(postgres_url) as both:
        yield both


def lengthened(connection: Connection, learner: LearnerRow) -> None:
    """Lock a row, and change it so that what is done twice shows."""
    connection.execute(text("UPDATE learners SET name = name || '+' WHERE id = :id"), {"id": learner.id})


def names(connection: Connection) -> list[str]:
    return list(connection.scalars(text("SELECT name FROM learners WHERE name <> 'local' ORDER BY name")))


@dataclass
class Crossing:
    """Has each of two pieces of work take its first lock before either takes its second; done again they don't wait."""

    both: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))
    runs: list[str] = field(default_factory=list)

    def work(self, first: LearnerRow, second: LearnerRow) -> Callable[[Connection], None]:
        def take(connection: Connection) -> None:
            lengthened(connection, first)
            self.runs.append(first.name)
            if self.runs.count(first.name) == 1:
                self.both.wait()
            lengthened(connection, second)

        return take


async def test_of_two_that_wait_for_each_other_both_are_done_once(two: Two) -> None:
    crossing = Crossing()
    await asyncio.gather(two[0].write(crossing.work(ADA, BOB)), two[1].write(crossing.work(BOB, ADA)))
    assert await two[0].read(names) == ["Ada++", "Bob++"]
    assert len(crossing.runs) == 3  # one of them was undone and done again


async def test_what_shared_a_commit_with_one_that_was_undone_is_done_once(two: Two) -> None:
    crossing, held = Crossing(), threading.Event()
    eve = LearnerRow(new_id(), "Eve", "learner", "en", NOW)
    waiting = asyncio.ensure_future(two[0].write(lambda _connection: held.wait()))
    together = [
        asyncio.ensure_future(two[0].write(work))
        for work in (
            partial(learners.add, learner=eve),
            crossing.work(ADA, BOB),
            partial(lengthened, learner=eve),
        )
    ]
    await asyncio.sleep(0.01)
    held.set()
    await asyncio.gather(waiting, two[1].write(crossing.work(BOB, ADA)), *together)
    assert await two[1].read(names) == ["Ada++", "Bob++", "Eve+"]


async def test_work_that_is_undone_again_and_again_is_unavailable_in_the_end(two: Two) -> None:
    runs = []

    def undone(connection: Connection) -> None:
        runs.append(connection)
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'undone' USING ERRCODE = '40001'; END $$"))

    with pytest.raises(UnavailableError):
        await two[0].write(undone)
    assert len(runs) == 1 + conflicts.TRIES
    await two[0].write(partial(lengthened, learner=ADA))
    assert await two[0].read(names) == ["Ada+", "Bob"]


async def test_a_lock_that_is_not_given_back_is_waited_for_no_longer_than_is_bearable(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "LOCK_SECONDS", 0.2)
    locked, done = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        lengthened(connection, ADA)
        locked.set()
        done.wait()

    async with opened(postgres_url) as (one, other):
        holding = asyncio.ensure_future(one.write(hold))
        await asyncio.to_thread(locked.wait)
        with pytest.raises(UnavailableError):
            await other.write(partial(lengthened, learner=ADA))
        await other.write(partial(lengthened, learner=BOB))
        done.set()
        await holding
        assert await other.read(names) == ["Ada+", "Bob+"]


async def test_a_process_that_hangs_in_the_middle_loses_its_locks_and_goes_on_afterwards(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "IDLE_SECONDS", 0.2)
    locked = threading.Event()

    def hang(connection: Connection) -> None:
        lengthened(connection, ADA)
        locked.set()
        time.sleep(1)
        lengthened(connection, ADA)

    async with opened(postgres_url) as (one, other):
        hanging = asyncio.ensure_future(one.write(hang))
        await asyncio.to_thread(locked.wait)
        await other.write(partial(lengthened, learner=ADA))
        with pytest.raises(UnavailableError):
            await hanging
        await one.write(partial(lengthened, learner=BOB))
        assert await one.read(names) == ["Ada+", "Bob+"]
