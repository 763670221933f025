"""Counts that several processes share through a Redis, behind the back of requests.

No request waits for it: each process counts by itself, tells the others now and then what it counted, and learns what they
did. While the Redis is away each goes on by itself; what wasn't told is told once it is back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, cast

import structlog

from app.logs import described
from app.rates import Report, Windows

if TYPE_CHECKING:
    from limits.aio.storage import RedisStorage
    from limits.aio.storage.redis.redispy import RedispyBridge
    from redis.asyncio import Redis

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

EVERY: Final = 0.1
PATIENCE: Final = 1.0
"""How long an exchange may take, and how long to wait after one that failed, in seconds."""


class SharedCounts:
    """Tells a Redis what this process counted, and this process what all did."""

    def __init__(self, url: str, counts: Mapping[str, Windows]) -> None:
        self._url = url
        self._counts = counts
        self._away = False

    @asynccontextmanager
    async def kept_up(self) -> AsyncIterator[None]:
        """Exchange counts as long as the context lasts."""
        exchanges = asyncio.create_task(self._keep_exchanging(_storage(self._url)))
        try:
            yield
        finally:
            exchanges.cancel()
            await asyncio.gather(exchanges, return_exceptions=True)

    async def _keep_exchanging(self, storage: RedisStorage) -> None:
        try:
            while True:
                succeeded = await self._exchange(storage)
                await asyncio.sleep(EVERY if succeeded else PATIENCE)
        finally:
            await cast("Redis", cast("RedispyBridge", storage.bridge).get_connection()).aclose()

    async def _exchange(self, storage: RedisStorage) -> bool:
        """Tell what is due, one report after the other; return whether all of it arrived."""
        reports = [(name, report) for name, windows in self._counts.items() for report in windows.reports()]
        if not reports:
            return True
        try:
            async with asyncio.timeout(PATIENCE):
                while reports:
                    await self._tell(storage, *reports[-1])
                    reports.pop()
        except Exception as error:  # whatever is wrong with the Redis is no reason to stop counting here
            self._note(away=True, cause=described(error))
            for name, report in reports:
                self._counts[name].not_told(report)
            return False
        self._note(away=False)
        return True

    async def _tell(self, storage: RedisStorage, name: str, report: Report) -> None:
        windows = self._counts[name]
        key = f"{name}/{report.window}/{report.key}"
        total = await storage.incr(key, windows.rate.seconds, report.amount)
        windows.told(report, total)

    def _note(self, *, away: bool, cause: str | None = None) -> None:
        """Say it once when the Redis goes away, and once when it is back."""
        if away and not self._away:
            log.warning("shared_counts_away", cause=cause, consequence="rate limits count per process until it is back")
        if self._away and not away:
            log.info("shared_counts_back")
        self._away = away


def _storage(url: str) -> RedisStorage:
    from limits.aio.storage import RedisStorage  # noqa: PLC0415 — it takes longer to import than all else, and few want it

    return RedisStorage(
        f"async+{url}",
        implementation="redispy",
        key_prefix="crossdrill",
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
    )
