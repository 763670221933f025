"""HEAD is answered wherever GET is: the same headers, no body."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from fastapi import Query
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Message
from structlog.testing import capture_logs

from app.api.bodies import rest_router
from app.main import ROUTERS
from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import document, posed

router = rest_router("head")
ENDED: list[str] = []


@router.get("/endless")
async def endless() -> StreamingResponse:
    async def numbers() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"1"
                await asyncio.sleep(0)
        finally:
            ENDED.append("endless")

    return StreamingResponse(numbers())


@router.get("/limited")
async def limited(limit: int = Query(1, le=9)) -> int:
    return limit


@router.post("/posted")
async def posted() -> None:
    """Take no GET."""


PATHS = [
    "/openapi.json",
    *(
        path
        for each in ROUTERS
        for route in each.routes
        if "GET" in getattr(route, "methods", ()) and "{" not in (path := getattr(route, "path", "{"))
    ),
]


OFF = {"/register", "/sign-in/openid", "/sign-in/openid/back"}
"""What is there only where a setting asks for it."""


@pytest.fixture
def client(serve: Serve, sqlite_url: str) -> TestClient:
    return serve(router, storage=Database(sqlite_url))


def lasting(headers: Mapping[str, str], *changing: str) -> dict[str, str]:
    """Return the headers without what is another one in every answer."""
    return {name: value for name, value in headers.items() if name not in {"x-request-id", "set-cookie", *changing}}


def test_there_are_routes_to_ask() -> None:
    assert {"/docs", "/livez", "/v1/families", "/v1/problems", "/v1/me"} <= set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_head_has_the_status_and_the_headers_of_get(client: TestClient, path: str) -> None:
    got, asked = client.get(path), client.head(path)
    growing = ("content-length",) if path == "/metrics" else ()  # the first of the two is counted for the second
    expected = 404 if path in OFF else 200
    assert (asked.status_code, got.status_code) == (expected, expected)
    assert lasting(asked.headers, *growing) == lasting(got.headers, *growing)


def sent_by(client: TestClient, method: str, path: str) -> list[Message]:
    """Return what the application itself sends: a server or a client would take the body away from a HEAD."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)
    return sent


def test_head_has_no_body(client: TestClient) -> None:
    _, body = sent_by(client, "GET", "/livez")
    assert body["body"] == b'{"status":"ok"}'
    start, *rest = sent_by(client, "HEAD", "/livez")
    assert start["type"] == "http.response.start"
    assert rest == [{"type": "http.response.body"}]


def test_head_ends_what_never_ends(client: TestClient) -> None:
    ENDED.clear()
    assert client.head("/v1/endless").status_code == 200
    assert ENDED == ["endless"]


def test_head_is_conditional_as_get_is(client: TestClient) -> None:
    tag = client.get("/v1/families").headers["etag"]
    assert client.head("/v1/families", headers={"if-none-match": tag}).status_code == 304


def test_head_of_one_thing_is_answered_too(client: TestClient) -> None:
    path = f"/v1/problems/{posed(client)['id']}"
    assert client.head(path).headers["etag"] == client.get(path).headers["etag"]


@pytest.mark.parametrize("path", ["/nowhere", "/v1/limited?limit=10", "/v1/posted"])
def test_head_is_refused_where_get_is_and_alike(client: TestClient, path: str) -> None:
    got, asked = client.get(path), client.head(path)
    assert got.status_code >= 400
    assert (asked.status_code, lasting(asked.headers)) == (got.status_code, lasting(got.headers))


def test_a_wrong_method_is_told_of_head_where_get_is_taken(client: TestClient, refused: Refused) -> None:
    response = client.delete("/livez")
    refused(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD"
    assert client.get("/v1/posted").headers["allow"] == "POST"


def test_the_log_calls_it_head_and_names_its_route(client: TestClient) -> None:
    with capture_logs() as lines:
        client.head("/v1/limited?limit=2")
    assert [(line["method"], line["route"]) for line in lines] == [("HEAD", "/v1/limited")]


def test_head_goes_without_saying_in_the_document() -> None:
    assert not [path for path, methods in document()["paths"].items() if "head" in methods]
