from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.api.bodies import Body, rest_router
from app.logs import configure_logging
from app.settings import Settings
from app.storage.database import Database
from tests.api.conftest import Refused, Serve

router = rest_router("layers")
BOOM = "SELECT secret FROM learners"


class Named(Body):
    name: str


@router.get("/things/{thing}")
async def thing(thing: str) -> str:
    return thing


@router.post("/things")
async def make(body: Named) -> int:
    return len(body.name)


@router.post("/raw")
async def raw(request: Request) -> int:
    return len(await request.body())


@router.get("/boom")
async def boom() -> None:
    raise RuntimeError(BOOM)


@router.get("/half")
async def half() -> StreamingResponse:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"first"
        raise RuntimeError(BOOM)

    return StreamingResponse(chunks())


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve(router)


def test_a_request_id_is_made_and_differs(client: TestClient) -> None:
    first, second = (client.get("/livez").headers["x-request-id"] for _ in range(2))
    assert first != second


def test_a_safe_request_id_is_echoed(client: TestClient) -> None:
    assert client.get("/livez", headers={"x-request-id": "trace/7f:A-1"}).headers["x-request-id"] == "trace/7f:A-1"


@pytest.mark.parametrize("given", ["", "x" * 129, "two words", "line\x0bfeed", 'quote"', "<b>", "é".encode("latin-1")])
def test_an_unsafe_request_id_is_replaced(client: TestClient, given: str | bytes) -> None:
    value = given if isinstance(given, bytes) else given.encode()
    made = client.get("/livez", headers={b"x-request-id": value}).headers["x-request-id"]
    assert len(made) == 32


def test_a_failure_is_a_problem_that_tells_nothing(client: TestClient, refused: Refused) -> None:
    with capture_logs():
        response = client.get("/v1/boom")
    refused(response, 500, "internal")
    assert BOOM not in response.text
    assert "Traceback" not in response.text


def test_a_failure_is_logged_with_its_traceback(client: TestClient) -> None:
    with capture_logs() as lines:
        client.get("/v1/boom")
    [failure] = [line for line in lines if line["event"] == "unhandled_error"]
    assert (failure["route"], failure["exc_info"]) == ("/v1/boom", True)


def test_a_failure_after_the_first_byte_ends_the_response_unfinished(client: TestClient) -> None:
    with capture_logs() as lines:
        response = client.get("/v1/half")
    assert response.content == b"first"
    assert [line["event"] for line in lines] == ["unhandled_error", "request"]


def test_every_request_has_one_line_without_its_path_or_query(client: TestClient) -> None:
    with capture_logs() as lines:
        client.get("/v1/things/ann?token=hunter2", headers={"authorization": "Bearer hunter2"})
    [line] = lines
    assert (line["event"], line["method"], line["route"], line["status"]) == ("request", "GET", "/v1/things/{thing}", 200)
    assert "ann" not in str(line)
    assert "hunter2" not in str(line)


def test_a_request_without_a_route_is_logged_without_its_path(client: TestClient) -> None:
    with capture_logs() as lines:
        client.get("/ann/hunter2")
    assert [(line["route"], line["status"]) for line in lines] == [(None, 404)]


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:8000", "127.0.0.2", "127.255.99.254:1", "[::1]", "[::1]:9"]
)
def test_local_access_answers_loopback_names(client: TestClient, host: str) -> None:
    assert client.get("/livez", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "localhost.example.org",
        "127.0.0.1.example.org",
        "127.example.org",
        "127.0.0.256",
        "127.0.1",
        "128.0.0.1",
        "localhost:x",
        "",
        "user@localhost",
    ],
)
def test_local_access_refuses_a_foreign_host(client: TestClient, refused: Refused, host: str) -> None:
    refused(client.get("/livez", headers={"host": host}), 421, "foreign-host")


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:8000"])
def test_local_access_answers_pages_of_this_machine(client: TestClient, origin: str) -> None:
    assert client.get("/livez", headers={"origin": origin}).status_code == 200


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://localhost.example.org", "file://localhost", ""])
def test_local_access_refuses_a_foreign_origin(client: TestClient, refused: Refused, origin: str) -> None:
    refused(client.get("/livez", headers={"origin": origin}), 403, "foreign-origin")


def test_token_access_answers_to_any_host(serve: Serve) -> None:
    client = serve(access="tokens")
    assert client.get("/livez", headers={"host": "drill.example.org", "origin": "https://example.org"}).status_code == 200


def test_a_body_of_exactly_the_limit_is_taken(client: TestClient) -> None:
    assert client.post("/v1/raw", content=b"x" * 65_536).json() == 65_536


def test_a_body_declared_too_large_is_refused_at_once(client: TestClient, refused: Refused) -> None:
    response = client.post("/v1/raw", content=b"x", headers={"content-length": "65537"})
    refused(response, 413, "body-too-large")
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize("path", ["/v1/raw", "/v1/things"])
def test_a_streamed_body_is_read_no_further_than_the_limit(client: TestClient, refused: Refused, path: str) -> None:
    response = client.post(path, content=_chunks(), headers={"content-type": "application/json"})
    assert "65536 bytes" in refused(response, 413, "body-too-large")["detail"]
    assert response.headers["connection"] == "close"


def test_a_streamed_body_that_is_too_long_is_told_the_limit_by_the_products_own_calls_too(
    serve: Serve, refused: Refused
) -> None:
    response = serve(body_limit=2048).post(
        "/v1/problems", content=_chunks(), headers={"content-type": "application/json", "accept-language": "zh"}
    )
    assert refused(response, 413, "body-too-large")["detail"] == "请求体超过服务器的上限。上限为 2048 字节。"


def _chunks() -> Iterator[bytes]:
    for _ in range(65):
        yield b" " * 1024


def test_the_body_limit_is_a_setting(serve: Serve, refused: Refused) -> None:
    refused(serve(router, body_limit=2048).post("/v1/raw", content=b"x" * 2049), 413, "body-too-large")


def test_nul_in_a_path_names_nothing(client: TestClient, refused: Refused) -> None:
    refused(client.get("/v1/things/a%00b"), 404, "not-found")


def test_nul_in_a_query_is_refused(client: TestClient, refused: Refused) -> None:
    refused(client.get("/v1/things/a?q=%00"), 422, "invalid-input")


def test_no_answer_is_taken_for_another_type(client: TestClient) -> None:
    assert client.get("/livez").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("form", ["json", "console"])
def test_log_lines_of_libraries_carry_the_request_id_too(
    form: str, serve: Serve, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    own = rest_router("logging")

    @own.get("/log")
    async def write() -> None:
        logging.getLogger("library").warning("hello")

    configure_logging(Settings.model_validate({"log_format": form}))
    serve(own).get("/v1/log", headers={"x-request-id": "r-77"})
    [line] = [line for line in capsys.readouterr().err.splitlines() if "hello" in line]
    assert "r-77" in line


def test_a_line_is_one_json_object_with_the_request_id(
    serve: Serve, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    configure_logging(Settings.model_validate({"log_format": "json"}))
    serve().get("/livez", headers={"x-request-id": "r-78"})
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "r-78" in line]
    assert (line["event"], line["route"], line["request_id"], line["level"]) == ("request", "/livez", "r-78", "info")


def test_lines_below_the_level_are_not_written(
    serve: Serve, sqlite_url: str, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    configure_logging(Settings.model_validate({"log_level": "warning"}))
    serve(storage=Database(sqlite_url)).get("/livez")
    assert capsys.readouterr().err == ""


def test_what_alembic_says_whenever_a_database_is_opened_is_not_written_but_its_warnings_are(
    serve: Serve, sqlite_url: str, capsys: pytest.CaptureFixture[str], restored_logging: None
) -> None:
    configure_logging(Settings())
    serve(storage=Database(sqlite_url)).get("/livez")
    logging.getLogger("alembic.runtime.migration").warning("look here")
    told = capsys.readouterr().err
    assert "SQLiteImpl" not in told
    assert "look here" in told
