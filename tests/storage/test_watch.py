"""What a database tells whoever watches it."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.errors import NotFoundError, UnavailableError
from app.storage.database import Database
from app.storage.watch import Load

pytestmark = pytest.mark.anyio

asked = ContextVar("asked", default="nobody")


class Diary:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.loads: dict[str, Load] = {}
        self.ends: list[tuple[str, int, bool]] = []
        self.seconds: list[tuple[float, float]] = []

    def opened(self, lane: str, load: Load) -> None:
        self.loads[lane] = load

    def ended(self, lane: str, works: int, seconds: float, committing: float, *, failed: bool) -> None:
        self.ends.append((lane, works, failed))
        self.seconds.append((seconds, committing))


def one(connection: Connection) -> int:
    value: int = connection.scalar(text("SELECT 1"))
    return value


async def opened(url: str, diary: Diary) -> Database:
    database = Database(url, readers=2, writers=1, watch=diary)
    await database.open()
    return database


async def test_every_transaction_is_told_once_it_has_ended(database_url: str) -> None:
    diary = Diary()
    database = await opened(database_url, diary)
    await database.read(one)
    await database.write(one)
    await database.close()
    assert diary.ends == [("reader", 1, False), ("writer", 1, False)]
    assert all(seconds > committing > 0 for seconds, committing in diary.seconds)


async def test_an_error_of_the_work_itself_is_no_failure_of_the_database(database_url: str) -> None:
    def missing(_: Connection) -> None:
        raise NotFoundError

    diary = Diary()
    database = await opened(database_url, diary)
    with pytest.raises(NotFoundError):
        await database.write(missing)
    await database.close()
    assert diary.ends == [("writer", 1, False)]


async def test_what_the_database_refuses_is_a_failure(database_url: str) -> None:
    def lost(_: Connection) -> None:
        raise OperationalError("SELECT 1", None, Exception("gone"))

    diary = Diary()
    database = await opened(database_url, diary)
    with pytest.raises(UnavailableError):
        await database.write(lost)
    await database.close()
    assert diary.ends == [("writer", 1, True)]


async def test_how_busy_a_lane_is_can_be_seen_from_another_thread(database_url: str) -> None:
    running, go_on = threading.Event(), threading.Event()

    def long(_: Connection) -> None:
        running.set()
        go_on.wait(60)

    diary = Diary()
    database = await opened(database_url, diary)
    first = asyncio.create_task(database.write(long))
    await asyncio.to_thread(running.wait, 60)
    second = asyncio.create_task(database.write(one))
    await asyncio.sleep(0)
    writer, reader = diary.loads["writer"], diary.loads["reader"]
    assert (writer.threads, writer.busy, writer.waiting) == (1, 1, 1)
    assert (reader.threads, reader.busy, reader.waiting) == (2, 0, 0)
    go_on.set()
    await asyncio.gather(first, second)
    assert (writer.busy, writer.waiting) == (0, 0)
    await database.close()


async def test_work_runs_in_the_context_of_whoever_asked_for_it(database: Database) -> None:
    asked.set("ann")
    assert await database.read(lambda _: asked.get()) == "ann"
    assert await database.write(lambda _: asked.get()) == "ann"


async def test_works_that_share_a_transaction_keep_their_own_contexts(database: Database) -> None:
    async def ask(name: str) -> str:
        asked.set(name)
        return await database.write(lambda _: asked.get())

    assert await asyncio.gather(*(ask(str(number)) for number in range(20))) == [str(number) for number in range(20)]
