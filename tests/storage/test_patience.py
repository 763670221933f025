"""Work whose turn doesn't come in time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection

from app.errors import OverloadedError
from app.storage.database import Database

PATIENCE = 0.2

pytestmark = pytest.mark.anyio


@pytest.fixture
async def hurried(anyio_backend: str, database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, readers=1, writers=1, queue_seconds=PATIENCE)
    await opened.open()
    yield opened
    await opened.close()


class Obstacle:
    """Work that takes until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, _: Connection) -> str:
        self.begun.set()
        self.let_go.wait()
        return "done"


@pytest.mark.parametrize("way", ["read", "write"])
async def test_work_that_waits_too_long_is_refused_and_never_runs(hurried: Database, way: str) -> None:
    run, obstacle, ran = getattr(hurried, way), Obstacle(), []
    first = asyncio.create_task(run(obstacle))
    await asyncio.to_thread(obstacle.begun.wait)
    with pytest.raises(OverloadedError) as refused:
        await run(lambda _: ran.append("late"))
    assert refused.value.values == {"retry_after": 1}
    obstacle.let_go.set()
    assert await first == "done"  # its turn came in time, however long it took
    await run(lambda _: ran.append("in time"))
    assert ran == ["in time"]


async def test_what_is_refused_takes_nothing_from_what_waits_with_it(hurried: Database) -> None:
    obstacle = Obstacle()
    first = asyncio.create_task(hurried.write(obstacle))
    await asyncio.to_thread(obstacle.begun.wait)
    late = asyncio.create_task(hurried.write(lambda _: "late"))
    await asyncio.sleep(2 * PATIENCE)
    soon = asyncio.create_task(hurried.write(lambda _: "soon"))
    await asyncio.sleep(0)
    obstacle.let_go.set()
    done, refused, stored = await asyncio.gather(first, late, soon, return_exceptions=True)
    assert (done, stored) == ("done", "soon")
    assert isinstance(refused, OverloadedError)


async def test_work_whose_caller_left_still_runs(hurried: Database) -> None:
    obstacle, ran = Obstacle(), []
    first = asyncio.create_task(hurried.write(obstacle))
    await asyncio.to_thread(obstacle.begun.wait)
    gone = asyncio.create_task(hurried.write(lambda _: ran.append("left")))
    await asyncio.sleep(0)
    gone.cancel()
    obstacle.let_go.set()
    await first
    await hurried.write(lambda _: ran.append("stayed"))
    assert ran == ["left", "stayed"]
