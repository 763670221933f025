from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache
from typing import Any, Protocol, TypeVar

import pytest
import structlog
from fastapi import APIRouter
from httpx2 import Response
from sqlalchemy import Connection, Engine, StaticPool, create_engine
from starlette.testclient import TestClient

from app import main
from app.edge.context import Storage
from app.errors import UnavailableError
from app.main import create_app
from app.settings import RATES, Settings
from app.storage.models import metadata

T = TypeVar("T")

UNLIMITED = dict.fromkeys(RATES, "")


class FakeStorage:
    """Runs work at once, reads and writes each on an empty database, and remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.is_ready = True

    async def open(self) -> None:
        self.calls.append("open")

    async def close(self) -> None:
        self.calls.append("close")

    async def ready(self) -> None:
        if not self.is_ready:
            raise UnavailableError

    async def read(self, work: Callable[[Connection], T]) -> T:
        return _on_nothing(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return _on_nothing(work)


def _on_nothing(work: Callable[[Connection], T]) -> T:
    with _empty_database().connect() as connection:  # which takes everything back when it closes
        return work(connection)


@cache
def _empty_database() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    metadata.create_all(engine)
    return engine


class Serve(Protocol):
    def __call__(self, *routers: APIRouter, storage: Storage | None = None, **settings: str | int) -> TestClient: ...


class Refused(Protocol):
    def __call__(self, response: Response, status: int, code: str) -> dict[str, Any]: ...


@pytest.fixture
def storage() -> FakeStorage:
    return FakeStorage()


@pytest.fixture(scope="session", autouse=True)
def restless_collector() -> Iterator[None]:
    """Let applications start without a walk through the whole process, which takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "calm_collector", nullcontext)
        yield


@contextmanager
def served(*routers: APIRouter, storage: Storage | None = None, **settings: str | int) -> Iterator[TestClient]:
    """Start the application with some routes of the test's own, and without limits of rate unless they are given."""
    app = create_app(Settings.model_validate({**UNLIMITED, **settings}), storage)
    app.router.routes.extend(route for router in routers for route in router.routes)
    with TestClient(app, base_url="http://localhost:8000", headers={"accept-language": "en"}) as client:
        yield client


@pytest.fixture
def serve(storage: FakeStorage) -> Iterator[Serve]:
    """Start the application with some routes of the test's own, on the fake storage unless another is given."""
    with ExitStack() as stack:

        def start(*routers: APIRouter, storage: Storage | None = storage, **settings: str | int) -> TestClient:
            return stack.enter_context(served(*routers, storage=storage, **settings))

        yield start


@pytest.fixture
def refused() -> Refused:
    """Check that a response is a complete problem document of this kind, and return it."""

    def check(response: Response, status: int, code: str) -> dict[str, Any]:
        document: dict[str, Any] = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert (response.status_code, document["status"], document["type"]) == (status, status, f"/errors/{code}")
        assert document["request_id"] == response.headers["x-request-id"]
        assert document["instance"] == response.request.url.raw_path.decode().partition("?")[0]
        assert document["title"]
        assert document["detail"]
        assert "{" not in document["detail"]
        return document

    return check


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Undo what a test does to the logging of the process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
