"""Two replicas of the service in this process: two applications, each with its own memory, on one PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import served
from tests.api.contract import document, held, storage_of
from tests.api.people import Person, enrolled
from tests.invariants import broken

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Replicas:
    """Clients of the two, and of the database below them."""

    here: TestClient
    there: TestClient

    @property
    def both(self) -> tuple[TestClient, TestClient]:
        """Return the two clients."""
        return self.here, self.there

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return what some work reads."""
        assert self.here.portal is not None
        return self.here.portal.call(storage_of(self.here).read, work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Return what some work writes, at the first replica."""
        assert self.here.portal is not None
        return self.here.portal.call(storage_of(self.here).write, work)


@pytest.fixture
def replicas(postgres_url: str) -> Iterator[Replicas]:
    """Give two replicas, and look in the end whether all that is stored is as it must be."""
    document()  # every answer is held against it, and threads would each make their own
    with ExitStack() as stack:
        clients = [stack.enter_context(served(storage=Database(postgres_url), access="tokens")) for _ in range(2)]
        pair = Replicas(*map(held, clients))
        yield pair
        assert pair.read(broken) == []


@pytest.fixture
def ada(replicas: Replicas) -> Person:
    return enrolled(replicas.here, "Ada")


@pytest.fixture
def coach(replicas: Replicas) -> Person:
    return enrolled(replicas.here, "Coach", role="coach")


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Return what each call returns; all begin at the same moment, each in a thread of its own."""
    ready = threading.Barrier(len(calls))

    def begin(call: Callable[[], T]) -> T:
        ready.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(begin, calls))
