"""How work reaches a connection: it is gathered, and handed to threads, each with a connection of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from itertools import cycle
from math import ceil, inf
from queue import SimpleQueue
from time import perf_counter
from typing import Final, NamedTuple, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, Engine

from app.errors import OverloadedError, UnavailableError
from app.storage.batch import Outcome, Work, run_alone, run_together
from app.storage.conflicts import TRIES, is_conflict
from app.storage.failures import unavailable
from app.storage.watch import Watch

T = TypeVar("T")

LONGEST_GATHERING: Final = 0.02
"""After so many seconds a batch begins however busy the event loop is."""

QUIET_TURNS: Final = 2
"""So many turns of the event loop without more work mean that a batch is all there is. A turn takes some 20 µs by itself."""


class Job(NamedTuple):
    """One piece of work and who waits for it."""

    work: Work
    waiter: asyncio.Future[Outcome]


Way: TypeAlias = "SimpleQueue[list[Job] | None]"
"""How batches reach a thread; nothing means that it shall end."""


class Lane:
    """Runs work in transactions, several pieces in one where `batch_limit` allows it.

    Where several pieces may share a transaction they are gathered until the event loop brings no more for a moment: a batch
    of many costs a fraction of many batches, above all where the loop and the thread share a processor. While all threads are
    at work the next ones are gathered. A thread runs a batch, commits, and only then wakes all who wait, with one call into
    the event loop. `after_commit` is called in the thread after each commit, `watch` is told of each transaction. Work that
    waits longer than `patience` seconds for its turn is given up. `repeatable` work is run once more where the connection
    that was held for it turns out to be lost.
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
        repeatable: bool = False,
        watch: Watch | None = None,
        patience: float = inf,
    ) -> None:
        self._engine = engine
        self._patience = patience
        self._name = name
        self._watch = watch
        self._gathered: list[Job] = []
        self._is_gathering = False
        self._ways: list[Way] = [SimpleQueue() for _ in range(threads)]
        self._idle = self._ways[:]  # the last is of the thread that worked last: what it asks for is prepared already
        self._queue_limit = queue_limit
        self._batch_limit = batch_limit
        self._after_commit = after_commit
        self._repeatable = repeatable
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._losses = 0
        self._threads = [
            threading.Thread(target=self._serve, args=(way,), name=f"{name}-{number}", daemon=True)
            for number, way in enumerate(self._ways)
        ]
        for thread in self._threads:
            thread.start()
        if watch is not None:
            watch.opened(name, self)

    @property
    def threads(self) -> int:
        """How many transactions it can run at once."""
        return len(self._threads)

    @property
    def busy(self) -> int:
        """How many transactions it runs now."""
        return len(self._ways) - len(self._idle)

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for a thread."""
        return len(self._gathered)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, after its transaction ended; work that waits runs even if its waiter leaves.

        Raises
        ------
        OverloadedError
            The queue is full, or the turn of `work` didn't come in time; it did not run, and won't.
        UnavailableError
            The database failed, or the lane is closed; nothing of `work` is stored.
        """
        if self._closed:
            raise UnavailableError
        if self.waiting >= self._queue_limit:
            raise OverloadedError(retry_after=1)
        waiter: asyncio.Future[Outcome] = self._loop.create_future()
        context = copy_context()  # so that what is logged in the thread has the request's id
        turn = [None]  # whoever takes it decides: the thread that begins the work, or the clock that gives it up
        has_begun = False  # so that it may be repeated

        def begin(connection: Connection) -> T:
            nonlocal has_begun
            if not (has_begun or _taken(turn)):
                raise OverloadedError(retry_after=1)
            has_begun = True
            return context.run(work, connection)

        timer = self._loop.call_later(self._patience, _give_up, turn, waiter) if self._patience < inf else None
        self._gathered.append(Job(begin, waiter))
        self._go_on()
        outcome = await waiter
        if timer is not None:
            timer.cancel()
        if outcome.error is not None:
            raise outcome.error
        return cast("T", outcome.value)

    async def close(self) -> None:
        """Take no more work, finish what waits, and end the threads."""
        self._closed = True
        for way in cycle(self._ways):
            if not self._gathered:
                break
            way.put(self._batch(self._batch_limit))
        for way in self._ways:
            way.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _go_on(self) -> None:
        """Hand out what waits, at once or as soon as a batch is gathered; while all threads are at work it goes on waiting."""
        if self._batch_limit == 1:
            self._hand_out()
        elif self._gathered and self._idle and not self._is_gathering:
            self._is_gathering = True
            ends = self._loop.time() + LONGEST_GATHERING
            self._loop.call_soon(self._look_for_more, len(self._gathered), QUIET_TURNS, ends)

    def _look_for_more(self, before: int, turns: int, ends: float) -> None:
        """Hand out what was gathered once it is a whole batch, has not grown for some turns, or has taken long enough."""
        count = len(self._gathered)
        turns = turns - 1 if count == before else QUIET_TURNS
        if turns and count < self._batch_limit and self._loop.time() < ends:
            self._loop.call_soon(self._look_for_more, count, turns, ends)
        else:
            self._is_gathering = False
            self._hand_out()

    def _hand_out(self) -> None:
        """Give all idle threads an equal share: while one waits for the database, another one works."""
        while self._gathered and self._idle:
            share = ceil(len(self._gathered) / len(self._idle))
            self._idle.pop().put(self._batch(min(share, self._batch_limit)))

    def _batch(self, size: int) -> list[Job]:
        batch, self._gathered = self._gathered[:size], self._gathered[size:]
        return batch

    def _settle(self, way: Way, batch: list[Job], outcomes: list[Outcome]) -> None:
        if way not in self._idle:  # while the lane closes a thread ends several batches
            self._idle.append(way)
        self._go_on()
        for job, outcome in zip(batch, outcomes, strict=True):
            if not job.waiter.done():
                job.waiter.set_result(outcome)

    def _serve(self, way: Way) -> None:
        connection: Connection | None = None
        losses = 0
        while (batch := way.get()) is not None:
            if losses != self._losses:  # what ended another thread's connection has probably ended this one
                _discard(connection)
                connection, losses = None, self._losses
            try:
                connection, outcomes = self._watched(connection, [job.work for job in batch])
            except Exception as error:  # a mistake of our own: the thread goes on, and nobody waits for ever
                _discard(connection)
                connection, outcomes = None, [Outcome(None, error) for _ in batch]
            self._loop.call_soon_threadsafe(self._settle, way, batch, outcomes)
        if connection is not None:
            connection.close()

    def _watched(self, connection: Connection | None, works: list[Work]) -> tuple[Connection | None, list[Outcome]]:
        """Run one transaction, and tell whoever watches."""
        clock = _Clock()
        connection, outcomes = self._run(connection, [partial(clock.timed, work) for work in works])
        if self._watch is not None:
            failed = any(isinstance(outcome.error, UnavailableError) for outcome in outcomes)
            self._watch.ended(self._name, len(works), *clock.read(), failed=failed)
        return connection, outcomes

    def _run(self, connection: Connection | None, works: list[Work]) -> tuple[Connection | None, list[Outcome]]:
        """Run one transaction, and again what was in another process's way.

        Where it is repeatable it is run once more if a held connection turns out to be lost.
        """
        was_held = connection is not None
        connection, outcomes = self._run_once(connection, works)
        if connection is None and was_held and self._repeatable:
            return self._run_once(None, works)
        for _ in range(TRIES):
            undone = [index for index, outcome in enumerate(outcomes) if is_conflict(outcome.error)]
            if not undone:
                break
            for index in undone:  # each alone: with the locks of others in hand it might be in the way again
                connection, [outcomes[index]] = self._run_once(connection, [works[index]])
        return connection, outcomes

    def _run_once(self, connection: Connection | None, works: list[Work]) -> tuple[Connection | None, list[Outcome]]:
        """Run one transaction; a connection on which the database failed is given up, and the next one replaces it.

        It may go on failing where a new one doesn't: PostgreSQL, for one, keeps a session read-only that began so.
        """
        try:
            connection = connection or self._engine.connect()
            outcomes = [run_alone(connection, works[0])] if len(works) == 1 else run_together(connection, works)
        except Exception as error:  # whatever it is, nothing was committed and everyone must hear of it
            self._lose(connection)
            return None, [Outcome(None, unavailable(error)) for _ in works]
        if self._after_commit is not None:
            self._after_commit()
        if any(isinstance(outcome.error, UnavailableError) for outcome in outcomes):
            self._lose(connection)
            return None, outcomes
        return connection, outcomes

    def _lose(self, connection: Connection | None) -> None:
        if connection is not None:
            self._losses += 1
            _discard(connection)


class _Clock:
    """How long a transaction takes, and how much of it is not the work in it."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._at_work = 0.0

    def timed(self, work: Work, connection: Connection) -> object:
        began = perf_counter()
        try:
            return work(connection)
        finally:
            self._at_work += perf_counter() - began

    def read(self) -> tuple[float, float]:
        seconds = perf_counter() - self._began
        return seconds, seconds - self._at_work


def _discard(connection: Connection | None) -> None:
    if connection is not None and not connection.closed:
        connection.invalidate()
        connection.close()


def _taken(turn: list[None]) -> bool:
    """Take a turn if it is still there; of two threads one alone does."""
    try:
        turn.pop()
    except IndexError:
        return False
    return True


def _give_up(turn: list[None], waiter: asyncio.Future[Outcome]) -> None:
    if not waiter.done() and _taken(turn):
        waiter.set_result(Outcome(None, OverloadedError(retry_after=1)))
