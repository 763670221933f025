"""Counts shared through a real Redis, which is killed and started again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import redis as client
from structlog.testing import capture_logs

from app.api.shared_rates import SharedCounts
from app.rates import Rate, Windows
from tests.redis_server import Redis, running_redis

NOON = 43_200.0
RATE = Rate(20, 86_400)
PATIENCE = 60

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    with running_redis(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture
async def pair(anyio_backend: str, redis: Redis) -> AsyncIterator[tuple[Windows, Windows]]:
    """Count in two places that share a Redis, as two processes do."""
    async with AsyncExitStack() as stack:
        windows = Windows(RATE, shared=True), Windows(RATE, shared=True)
        for each in windows:
            await stack.enter_async_context(SharedCounts(redis.url, {"address": each}).kept_up())
        yield windows


async def until(happened: Callable[[], object]) -> None:
    """Wait until something happened."""
    async with asyncio.timeout(PATIENCE):
        while not happened():
            await asyncio.sleep(0.02)


async def until_told(redis: Redis, key: str, amount: int) -> None:
    """Wait until the Redis knows how often it was; a process learns of others when it tells of itself."""
    with client.Redis.from_url(redis.url) as connection:
        await until(lambda: [int(str(connection.get(name), "ascii")) for name in connection.keys(f"*{key}*")] == [amount])


def said(lines: list[Any], event: str) -> int:
    return [line["event"] for line in lines].count(event)


async def test_what_one_counted_is_gone_at_the_other(redis: Redis, pair: tuple[Windows, Windows]) -> None:
    one, other = pair
    for _ in range(15):
        one.take("ann", NOON)
    await until_told(redis, "ann", 15)
    other.take("ann", NOON)
    await until(lambda: other.left("ann", NOON) == 4)
    assert other.left("bob", NOON) == 20


async def test_a_redis_that_is_away_is_told_of_once_and_holds_up_nobody(redis: Redis, pair: tuple[Windows, Windows]) -> None:
    one, other = pair
    with capture_logs() as lines:
        redis.kill()
        try:
            assert one.take("cid", NOON) == 19
            await until(lambda: said(lines, "shared_counts_away"))
            assert [one.take("cid", NOON), other.take("cid", NOON)] == [18, 19]
            await until(lambda: said(lines, "shared_counts_away") == 2)  # each said it
        finally:
            redis.start()
        await until(lambda: said(lines, "shared_counts_back") == 2)
    assert said(lines, "shared_counts_away") == 2
    other.take("cid", NOON)
    await until(lambda: other.left("cid", NOON) == 16)  # what was counted meanwhile was told afterwards


async def test_a_redis_that_forgot_gives_nobody_anything_back(redis: Redis, pair: tuple[Windows, Windows]) -> None:
    one, other = pair
    for _ in range(10):
        one.take("dan", NOON)
    await until_told(redis, "dan", 10)
    other.take("dan", NOON)
    await until(lambda: other.left("dan", NOON) == 9)
    redis.kill()
    redis.start()
    one.take("dan", NOON)
    await asyncio.sleep(1.5)  # a connection that broke is tried again after a second
    other.take("dan", NOON)
    await asyncio.sleep(0.5)
    assert (one.left("dan", NOON), other.left("dan", NOON)) == (9, 8)
