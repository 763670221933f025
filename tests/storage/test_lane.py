"""How work is gathered and shared out among the threads that write."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from app.errors import UnavailableError
from app.storage import lane
from app.storage.database import Database
from tests.storage.connected import connected

pytestmark = pytest.mark.anyio

WRITERS = 3


class Counted:
    """Counts the transactions that were begun, and the pieces of work in each."""

    def __init__(self) -> None:
        self.works: list[int] = []

    def opened(self, lane: str, load: object) -> None: ...

    def ended(self, lane: str, works: int, seconds: float, committing: float, *, failed: bool) -> None:
        self.works.append(works)


async def opened(url: str, watch: Counted, *, writers: int = 1, batch_limit: int = 512) -> Database:
    database = Database(url, watch=watch, writers=writers, batch_limit=batch_limit)
    await database.open()
    return database


def meeting(others: threading.Barrier) -> Callable[[Connection], None]:
    """Wait until as many transactions as there are others are under way at once."""

    def work(_: Connection) -> None:
        others.wait(timeout=20)

    return work


def noting(done: list[int], number: int) -> Callable[[Connection], None]:
    return lambda _: done.append(number)


async def test_what_is_asked_at_once_is_one_transaction_where_there_is_one_writer(database_url: str) -> None:
    counted = Counted()
    database = await opened(database_url, counted)
    await asyncio.gather(*(database.write(lambda _: None) for _ in range(9)))
    await database.close()
    assert counted.works == [9]


async def test_several_writers_share_it_and_work_at_once(postgres_url: str) -> None:
    counted, others = Counted(), threading.Barrier(WRITERS)
    database = await opened(postgres_url, counted, writers=WRITERS)
    waiting = [asyncio.create_task(database.write(meeting(others))) for _ in range(WRITERS)]
    await asyncio.gather(*waiting)
    await asyncio.gather(*(database.write(lambda _: None) for _ in range(3 * WRITERS)))
    await database.close()
    assert counted.works == [1] * WRITERS + [3] * WRITERS


async def test_no_transaction_holds_more_than_its_bound_and_the_rest_is_not_forgotten(database_url: str) -> None:
    counted, done = Counted(), list[int]()
    database = await opened(database_url, counted, batch_limit=4)
    await asyncio.gather(*(database.write(noting(done, number)) for number in range(10)))
    await database.close()
    assert counted.works == [4, 4, 2]
    assert done == list(range(10))


async def test_what_comes_while_a_transaction_is_under_way_is_the_next_one(database_url: str) -> None:
    counted, both = Counted(), threading.Barrier(2)
    database = await opened(database_url, counted)
    first = asyncio.create_task(database.write(meeting(both)))
    while not both.n_waiting:
        await asyncio.sleep(0.001)
    next_ones = [asyncio.create_task(database.write(lambda _: None)) for _ in range(5)]
    await asyncio.sleep(0.01)
    both.wait(timeout=20)
    await asyncio.gather(first, *next_ones)
    await database.close()
    assert counted.works == [1, 5]


async def test_reads_wait_for_a_reader_and_are_all_answered(database_url: str) -> None:
    counted, done = Counted(), list[int]()
    database = await opened(database_url, counted)
    await asyncio.gather(*(database.read(noting(done, number)) for number in range(20)))
    await database.close()
    assert sorted(done) == list(range(20))
    assert counted.works == [1] * 20


async def test_a_loop_that_always_brings_more_does_not_put_off_what_waits(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "LONGEST_GATHERING", 0.0)
    counted = Counted()
    database = await opened(database_url, counted)
    writing = []
    for _ in range(300):
        writing.append(asyncio.create_task(database.write(lambda _: None)))
        await asyncio.sleep(0)
    await asyncio.gather(*writing)
    await database.close()
    assert sum(counted.works) == 300
    assert counted.works[0] < 300


async def test_when_one_connection_is_lost_the_idle_ones_are_made_anew(postgres_url: str) -> None:
    counted, others = Counted(), threading.Barrier(WRITERS)
    database = await opened(postgres_url, counted, writers=WRITERS)
    await asyncio.gather(*(database.write(meeting(others)) for _ in range(WRITERS)))
    with connected(postgres_url) as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"))
    with pytest.raises(UnavailableError):
        await database.write(one)
    assert await asyncio.gather(*(database.write(one) for _ in range(4 * WRITERS))) == [1] * (4 * WRITERS)
    await database.close()


def one(connection: Connection) -> int:
    value: int = connection.scalar(text("SELECT 1"))
    return value


async def test_closing_finishes_what_was_only_gathered(database_url: str) -> None:
    counted, done = Counted(), list[int]()
    database = await opened(database_url, counted, batch_limit=2)
    writing = [asyncio.create_task(database.write(noting(done, number))) for number in range(5)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writing)
    assert done == list(range(5))


class Faulty(Counted):
    """Fails when it is told of a certain transaction."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def ended(self, lane: str, works: int, seconds: float, committing: float, *, failed: bool) -> None:
        super().ended(lane, works, seconds, committing, failed=failed)
        if len(self.works) == self._at:
            raise ZeroDivisionError


async def test_a_mistake_beside_the_work_reaches_who_waits_and_the_thread_goes_on(database_url: str) -> None:
    database = await opened(database_url, Faulty(at=1))
    with pytest.raises(ZeroDivisionError):
        await database.write(lambda _: None)
    assert await database.write(lambda _: "done") == "done"
    await database.close()


async def test_the_thread_goes_on_too_where_that_mistake_comes_after_the_connection_was_lost(database_url: str) -> None:
    database = await opened(database_url, Faulty(at=2))
    await database.write(lambda _: None)

    def lost(_: Connection) -> None:
        raise UnavailableError

    with pytest.raises(ZeroDivisionError):
        await database.write(lost)
    assert await database.write(lambda _: "done") == "done"
    await database.close()
