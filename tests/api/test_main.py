"""The application as a whole: its life, its health, its OpenAPI document and its reference pages."""

from __future__ import annotations

import asyncio
import gc
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app import chores, main
from app.api.bodies import Body, rest_router
from app.api.openapi import refusals
from app.api.pages import PageOf
from app.edge.access import Shown
from app.errors import UnavailableError
from app.main import calm_collector, create_app, create_app_from_env
from app.settings import Settings
from app.storage.database import Database
from app.storage.idempotency import claim
from tests.api.conftest import FakeStorage, Refused, Serve, served
from tests.api.contract import posed, rows_of

T = TypeVar("T")

router = rest_router("notes")


class Note(Body):
    """A `note`."""

    text: str


@router.post("/notes/{room}", status_code=201, responses=refusals("unreadable-answer"))
async def write(room: str, shown: Shown, page: PageOf, note: Note) -> Note:
    """Keep a note, <b>as it is</b>."""
    return note


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served(router, storage=FakeStorage()) as client:
        yield client


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    result: dict[str, Any] = client.get("/openapi.json").json()
    return result


def test_the_storage_opens_and_closes_with_the_application(storage: FakeStorage) -> None:
    with TestClient(create_app(Settings(), storage)):
        assert storage.calls == ["open"]
    assert storage.calls == ["open", "close"]


def test_the_collector_is_calm_while_the_application_runs_and_as_before_afterwards(
    storage: FakeStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "calm_collector", calm_collector)
    before = gc.get_threshold()
    with TestClient(create_app(Settings(), storage)):
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


class CountingStorage(FakeStorage):
    """Counts what is written, all of which fails, and says when it was enough."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.enough = threading.Event()

    async def write(self, work: Callable[[Connection], T]) -> T:
        self.writes += 1
        if self.writes == 3:
            self.enough.set()
        raise UnavailableError


def test_what_was_remembered_too_long_is_purged_at_the_start(serve: Serve, database_url: str) -> None:
    async def remember() -> None:
        database = Database(database_url)
        await database.open()
        now = datetime.now(UTC)
        await database.write(lambda connection: claim(connection, "ada", "old", "f", now - timedelta(hours=25)))
        await database.write(lambda connection: claim(connection, "ada", "new", "f", now - timedelta(hours=23)))
        await database.close()

    asyncio.run(remember())
    client = serve(storage=Database(database_url))
    posed(client)  # stands behind the purge in the writer's queue
    [kept] = rows_of(client, "idempotency")
    assert "'new'" in kept


def test_a_purge_that_fails_is_tried_again_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "TIDY_SECONDS", 0)
    storage = CountingStorage()
    with capture_logs(), TestClient(create_app(Settings(), storage), base_url="http://localhost") as client:
        assert storage.enough.wait(60)
        assert client.get("/livez").status_code == 200
    assert storage.calls == ["open", "close"]


def test_a_server_can_make_the_application_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, restored_logging: None
) -> None:
    monkeypatch.setenv("CROSSDRILL_PORT", "8123")
    assert create_app_from_env().state.context.settings.port == 8123


def test_a_process_is_live_whatever_its_database_does(serve: Serve, storage: FakeStorage) -> None:
    storage.is_ready = False
    assert serve().get("/livez").json() == {"status": "ok"}


def test_a_process_is_ready_with_its_database(serve: Serve) -> None:
    assert serve().get("/readyz").json() == {"status": "ok"}


def test_a_process_without_its_database_is_not_ready(serve: Serve, storage: FakeStorage, refused: Refused) -> None:
    storage.is_ready = False
    refused(serve().get("/readyz"), 503, "unavailable")


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")


def test_every_error_of_every_route_is_declared_as_a_problem(document: dict[str, Any]) -> None:
    for operation in (operation for methods in document["paths"].values() for operation in methods.values()):
        for status, response in operation["responses"].items():
            assert int(status) < 400 or list(response["content"]) == ["application/problem+json"]
            assert int(status) < 400 or response["content"]["application/problem+json"]["examples"]


def test_a_route_declares_the_errors_of_what_it_uses(document: dict[str, Any]) -> None:
    responses = document["paths"]["/v1/notes/{room}"]["post"]["responses"]
    refused = ["400", "401", "403", "404", "408", "413", "415", "422", "429", "500", "503", "507"]
    assert list(responses) == ["201", *refused]
    assert set(responses["422"]["content"]["application/problem+json"]["examples"]) == {"invalid-input", "unreadable-answer"}


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r"'#/components/schemas/(\w+)'", str(document)))
    assert names <= set(document["components"]["schemas"])
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_the_token_is_a_security_scheme(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["paths"]["/v1/notes/{room}"]["post"]["security"] == [{"token": []}]


def test_the_reference_shows_every_call_and_schema(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "<code>/v1/notes/{room}</code>" in page
    assert 'id="schema-Note"' in page
    assert "A <code>note</code>." in page


def test_every_link_within_the_reference_leads_somewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_the_reference_shows_text_as_text(client: TestClient) -> None:
    assert "&lt;b&gt;as it is&lt;/b&gt;" in client.get("/docs").text


@pytest.mark.parametrize("path", ["/docs", "/docs/style.css", "/errors/not-found"])
def test_the_pages_fetch_nothing_from_elsewhere_and_run_no_script(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?(https?:)?//|<script|<style| style=", response.text)
