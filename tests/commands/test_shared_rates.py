"""Several processes of the service that count together in a real Redis, and by themselves while it is away."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server import Server
from tests.redis_server import Redis, running_redis

RATE = 20
LEFT = re.compile(r'"address";r=(\d+);')
PATIENCE = 60
PAUSE = 0.2


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with running_redis(tmp_path) as redis:
        yield redis


@pytest.fixture
def pair(redis: Redis, sqlite_url: str, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Serve twice, with one Redis."""
    other = shutil.copy(sqlite_url.removeprefix("sqlite:///"), tmp_path / "other.db")
    with ExitStack() as stack:
        settings: dict[str, Any] = {"access": "tokens", "rate_address": f"{RATE}/day", "redis_url": redis.url}
        yield (
            stack.enter_context(Server(sqlite_url, **settings)),
            stack.enter_context(Server(f"sqlite:///{other}", **settings)),
        )


def ask(server: Server, address: str) -> tuple[int, int]:
    """Ask something as from an address; return the status and how much is left."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/v1/topics", headers={"x-forwarded-for": address})
        response = connection.getresponse()
        response.read()
        found = LEFT.match(response.headers["ratelimit"])
        assert found is not None
        return response.status, int(found[1])


def taken_until_refused(server: Server) -> int:
    """Return how many requests in a row are answered before one is refused, with time between them to tell each other."""
    for number in range(RATE + 1):
        if ask(server, "anybody")[0] == 429:
            return number
        time.sleep(PAUSE)
    raise AssertionError("nothing was refused")


def test_two_processes_share_one_count(pair: tuple[Server, Server]) -> None:
    one, other = pair
    first = taken_until_refused(one)
    assert first == RATE
    assert taken_until_refused(other) <= 2  # what it answers before it has heard of the first


def test_without_the_redis_each_goes_on_by_itself_and_with_it_again_together(redis: Redis, pair: tuple[Server, Server]) -> None:
    one, other = pair
    redis.kill()
    assert [taken_until_refused(one), ask(other, "anybody")] == [RATE, (200, RATE - 1)]
    redis.start()
    time.sleep(2)  # whoever couldn't tell the others tries again every second
    assert taken_until_refused(other) <= 2
