"""The database as the services see it: `read` and `write`, each one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import TypeVar

from sqlalchemy import Connection, text

from app.errors import UnavailableError
from app.storage.checkpoint import Checkpointer
from app.storage.conflicts import bound_waits
from app.storage.engines import Purpose, make_engine, parse_url, sqlite_path
from app.storage.lane import Lane
from app.storage.migrate import require_head, still_serves
from app.storage.probe import probe
from app.storage.watch import Watch

T = TypeVar("T")

_REVISION = text("SELECT version_num FROM alembic_version")


class Database:
    """Held connections to one database: writers, which commit in groups, and readers.

    Parameters
    ----------
    url
        `sqlite:///path` or `postgresql://user@host/name`; raises StorageError for anything else.
    readers
        How many reads run at once.
    writers
        How many transactions write at once to PostgreSQL; SQLite has one writer.
    queue_limit
        How many writes, and how many reads, may wait before more are refused.
    queue_seconds
        How long one of them may wait for its turn before it is refused.
    batch_limit
        How many writes share one commit at most.
    checkpoints
        Whether SQLite's log is moved into the file here, rather than by another program beside.
    watch
        Who is told of every transaction.
    """

    def __init__(
        self,
        url: str,
        *,
        readers: int = 2,
        writers: int = 4,
        queue_limit: int = 2048,
        queue_seconds: float = inf,
        batch_limit: int = 512,
        checkpoints: bool = True,
        watch: Watch | None = None,
    ) -> None:
        self._url = url
        self._parsed = parse_url(url)
        self._readers = readers
        self._writers = 1 if sqlite_path(self._parsed) is not None else writers
        self._queue_limit = queue_limit
        self._queue_seconds = queue_seconds
        self._batch_limit = batch_limit
        self._checkpoints = checkpoints
        self._watch = watch
        self._reads: Lane | None = None
        self._writes: Lane | None = None
        self._checkpointer: Checkpointer | None = None
        self._takes_writes = True

    async def open(self) -> None:
        """Start the threads; raise StorageError unless the database is Crossdrill's, reachable and at head."""
        await asyncio.to_thread(require_head, self._url)
        if self._checkpoints and sqlite_path(self._parsed) is not None:
            self._checkpointer = Checkpointer(self._parsed)
        self._reads = Lane(
            make_engine(self._parsed, Purpose.READ),
            "reader",
            threads=self._readers,
            queue_limit=self._queue_limit,
            repeatable=True,
            watch=self._watch,
            patience=self._queue_seconds,
        )
        self._writes = Lane(
            bound_waits(make_engine(self._parsed, Purpose.WRITE)),
            "writer",
            threads=self._writers,
            queue_limit=self._queue_limit,
            batch_limit=self._batch_limit,
            after_commit=self._checkpointer.notice_commit if self._checkpointer else None,
            watch=self._watch,
            patience=self._queue_seconds,
        )

    async def close(self) -> None:
        """Finish what is queued, then close every connection; harmless where nothing is open."""
        for lane in (self._writes, self._reads):
            if lane is not None:
                await lane.close()
        if self._checkpointer is not None:
            await asyncio.to_thread(self._checkpointer.close)
        self._reads = self._writes = self._checkpointer = None

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads, all from one snapshot, off the event loop; a write in it is refused by the database.

        Raises
        ------
        OverloadedError, UnavailableError
            Too much is queued; the database failed or is closed.
        """
        if self._reads is None:
            raise UnavailableError
        return await self._reads.run(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, once it is committed; rolled back on any error, which passes through.

        `work` runs in a writer's thread, in one transaction with whatever else is queued, and must not commit. It runs even
        if its caller is cancelled.

        Raises
        ------
        OverloadedError, UnavailableError
            Too much is queued; the database failed or is closed. Nothing of `work` is stored.
        """
        if self._writes is None:
            raise UnavailableError
        try:
            result = await self._writes.run(work)
        except UnavailableError:
            self._takes_writes = False
            raise
        self._takes_writes = True
        return result

    async def ready(self) -> None:
        """Raise UnavailableError unless the database answers, is migrated to head or beyond, and takes what is written.

        A write of its own is tried only after another one has failed, until one succeeds.
        """
        if not still_serves(await self.read(_revision)):
            raise UnavailableError
        if not self._takes_writes:
            await self.write(probe)


def _revision(connection: Connection) -> str | None:
    revision: str | None = connection.scalar(_REVISION)
    return revision
