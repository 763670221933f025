"""How work reaches a connection: a bounded queue and the threads that take from it, each with a connection of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import NamedTuple, TypeVar, cast

from sqlalchemy import Connection, Engine

from app.errors import OverloadedError, UnavailableError
from app.storage.batch import Outcome, Work, run_alone, run_together, unavailable

T = TypeVar("T")


class Job(NamedTuple):
    """One piece of work and who waits for it."""

    work: Work
    waiter: asyncio.Future[Outcome]


class Lane:
    """Runs work in transactions, several pieces in one where `batch_limit` allows it.

    A thread takes what is queued, runs it, commits, and only then wakes all who wait, with one call into the event
    loop. It sleeps on the queue: an idle lane adds no delay. `after_commit` is called in the thread after each commit.
    """

    def __init__(
        self,
        engine: Engine,
        name: str,
        *,
        threads: int = 1,
        queue_limit: int,
        batch_limit: int = 1,
        after_commit: Callable[[], None] | None = None,
    ) -> None:
        self._engine = engine
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._queue_limit = queue_limit
        self._batch_limit = batch_limit
        self._after_commit = after_commit
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, after its transaction ended; work that is queued runs even if its waiter leaves.

        Raises
        ------
        OverloadedError
            The queue is full; `work` did not run.
        UnavailableError
            The database failed, or the lane is closed; nothing of `work` is stored.
        """
        if self._closed:
            raise UnavailableError
        if self._queue.qsize() >= self._queue_limit:
            raise OverloadedError(retry_after=1)
        waiter: asyncio.Future[Outcome] = self._loop.create_future()
        self._queue.put(Job(work, waiter))
        outcome = await waiter
        if outcome.error is not None:
            raise outcome.error
        return cast("T", outcome.value)

    async def close(self) -> None:
        """Take no more work, finish what is queued, and end the threads."""
        self._closed = True
        self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _serve(self) -> None:
        connection: Connection | None = None
        while batch := self._take():
            connection, outcomes = self._run(connection, [job.work for job in batch])
            self._loop.call_soon_threadsafe(_settle, batch, outcomes)
        if connection is not None:
            connection.close()

    def _take(self) -> list[Job]:
        """Wait for a job and take all that are queued behind it; nothing once the end mark is reached."""
        batch: list[Job] = []
        job = self._queue.get()
        while job is not None:
            batch.append(job)
            if len(batch) == self._batch_limit:
                return batch
            try:
                job = self._queue.get_nowait()
            except Empty:
                return batch
        self._queue.put(None)  # the mark stays for the next round, and for the other threads
        return batch

    def _run(self, connection: Connection | None, works: list[Work]) -> tuple[Connection | None, list[Outcome]]:
        """Run one transaction; a connection on which it failed as a whole is given up, and the next one replaces it."""
        try:
            connection = connection or self._engine.connect()
            outcomes = [run_alone(connection, works[0])] if len(works) == 1 else run_together(connection, works)
        except Exception as error:  # whatever it is, nothing was committed and everyone must hear of it
            if connection is not None:
                connection.invalidate()
                connection.close()
            return None, [Outcome(None, unavailable(error)) for _ in works]
        if self._after_commit is not None:
            self._after_commit()
        return connection, outcomes


def _settle(batch: list[Job], outcomes: list[Outcome]) -> None:
    for job, outcome in zip(batch, outcomes, strict=True):
        if not job.waiter.done():
            job.waiter.set_result(outcome)
