"""What the real server allows its connections: heads, bodies, time, places. Bytes go over real sockets."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from app.api.connections import LONGEST_ADDRESS, LONGEST_HEAD, MOST_AHEAD
from tests.faults.server import Server

SOON: dict[str, Any] = {"head_seconds": 1, "body_seconds": 1, "answer_seconds": 1, "keep_alive_seconds": 1}
POST = "POST /v1/problems HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
NEVER = 120
"""Seconds after which a test gives up: far more than anything here takes."""


@pytest.fixture(scope="module")
def server(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve with little patience."""
    file = shutil.copy(migrated_sqlite_file, tmp_path_factory.mktemp("served") / "crossdrill.db")
    with Server(f"sqlite:///{file}", **SOON) as server:
        yield server


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """Connect to a server."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=NEVER) as connection:
        yield connection


def until_closed(connection: socket.socket) -> bytes:
    """Return everything that comes until the server closes the connection; what it cuts off is lost."""
    received = b""
    with suppress(ConnectionError):
        while some := connection.recv(65536):
            received += some
    return received


def problem_in(answer: bytes, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is a whole problem document of this kind, on a connection that ends with it."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    document: dict[str, Any] = json.loads(body)
    assert lines[0].startswith(f"http/1.1 {status} ")
    assert {"content-type: application/problem+json", "connection: close", f"content-length: {len(body)}"} <= set(lines)
    assert f"x-request-id: {document['request_id']}" in lines
    assert (document["status"], document["type"]) == (status, f"/errors/{code}")
    return document


def asked(server: Server, text: str) -> bytes:
    """Return what a server answers to some bytes until it closes the connection."""
    with connected(server) as connection:
        connection.sendall(text.encode())
        return until_closed(connection)


def test_a_head_that_never_ends_is_answered_with_408(server: Server) -> None:
    assert "1 seconds" in problem_in(asked(server, "GET /livez HTTP/1.1\r\nHost: local"), 408, "too-slow")["detail"]


def test_a_byte_now_and_then_doesnt_keep_a_head_alive(server: Server) -> None:
    with connected(server) as connection, suppress(ConnectionError):
        connection.sendall(b"GET /livez HTTP/1.1\r\nX-Slow: ")
        for _ in range(NEVER):
            connection.sendall(b"x")
            time.sleep(0.2)
        raise AssertionError("the server never lost patience")


def test_a_connection_without_a_request_is_closed_without_a_word(server: Server) -> None:
    assert asked(server, "") == b""


def test_a_body_that_never_ends_is_answered_with_408_in_the_callers_language(server: Server) -> None:
    answer = asked(server, f'{POST}Accept-Language: zh\r\nContent-Length: 100\r\n\r\n{{"family"')
    document = problem_in(answer, 408, "too-slow")
    assert (document["instance"], document["title"]) == ("/v1/problems", "请求超时")


def test_a_chunk_now_and_then_doesnt_keep_a_body_alive(server: Server) -> None:
    with connected(server) as connection, suppress(ConnectionError):
        connection.sendall(f"{POST}Transfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(NEVER):
            connection.sendall(b"1\r\n \r\n")
            time.sleep(0.2)
        raise AssertionError("the server never lost patience")


def test_a_body_that_nobody_reads_keeps_no_connection_either(server: Server) -> None:
    answer = asked(server, "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_connection_is_closed_some_time_after_its_last_answer(server: Server) -> None:
    assert asked(server, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").endswith(b'{"status":"ok"}')


def test_blank_lines_keep_no_connection(server: Server) -> None:
    with connected(server) as connection, suppress(ConnectionError):
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(NEVER):
            time.sleep(0.2)
            connection.sendall(b"\r\n")
        raise AssertionError("the server never lost patience")


def test_answers_that_nobody_reads_are_given_up(server: Server) -> None:
    with socket.socket() as connection, suppress(ConnectionError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400)
        for _ in range(NEVER):
            time.sleep(0.2)
            connection.sendall(b"\r\n")
        raise AssertionError("the server never lost patience")


def test_a_client_that_reads_slowly_gets_all_of_its_answer(server: Server) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 8)
        received = b""
        while received.count(b"HTTP/1.1 200") < 8 or not received.endswith(b"}"):
            some = connection.recv(65536)
            assert some
            received += some
            time.sleep(0.002)


def test_an_address_that_is_too_long_is_414(server: Server) -> None:
    path = "/v1/families?q=" + "x" * LONGEST_ADDRESS
    document = problem_in(asked(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), 414, "address-too-long")
    assert str(LONGEST_ADDRESS) in document["detail"]
    assert document["instance"] == "/v1/families"


@pytest.mark.parametrize("pieces", [1, 3])
def test_headers_that_are_too_long_are_431(server: Server, pieces: int) -> None:
    text = "GET /livez HTTP/1.1\r\nHost: localhost\r\n" + f"X-Much: {'x' * 1000}\r\n" * (LONGEST_HEAD // 1000 + 1)
    with connected(server) as connection:
        for start in range(0, len(text), len(text) // pieces + 1):
            connection.sendall(text[start : start + len(text) // pieces + 1].encode())
            time.sleep(0.1)
        with suppress(ConnectionError):
            connection.sendall(b"\r\n")
        problem_in(until_closed(connection), 431, "headers-too-large")


def test_as_much_as_is_allowed_is_served(server: Server) -> None:
    path = "/livez?" + "x" * (LONGEST_ADDRESS - 10)
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n" + f"X-Much: {'x' * 1000}\r\n" * 20
    assert asked(server, f"{head}\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_large_body_in_one_piece_is_no_large_head(server: Server) -> None:
    body = json.dumps({"family": "x" * (LONGEST_HEAD + 1)})
    assert asked(server, f"{POST}Content-Length: {len(body)}\r\n\r\n{body}").startswith(b"HTTP/1.1 4")
    assert b"headers-too-large" not in asked(server, f"{POST}Content-Length: {len(body)}\r\n\r\n{body}")


@pytest.mark.parametrize(
    "text", ["hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\x00\x01", f"{POST}Content-Length: -1\r\n\r\n"]
)
def test_what_is_no_http_is_a_problem_document_too(server: Server, text: str) -> None:
    problem_in(asked(server, text), 400, "bad-request")


def test_a_body_that_breaks_off_its_encoding_is_answered_once(server: Server) -> None:
    answer = asked(server, f"{POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n")
    problem_in(answer, 400, "bad-request")
    assert answer.count(b"HTTP/1.1") == 1


def test_lines_behind_a_body_that_never_end_are_431(server: Server) -> None:
    answer = asked(server, f"{POST}Transfer-Encoding: chunked\r\n\r\n0\r\n" + "a: b\r\n" * LONGEST_HEAD)
    assert answer.count(b"HTTP/1.1") <= 1  # none where it is cut off while the rest is on its way
    assert not answer or problem_in(answer, 431, "headers-too-large")


def test_lines_behind_a_body_are_no_headers_of_the_request(server: Server) -> None:
    answer = asked(
        server, f"{POST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n0\r\nAccept-Language: zh\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["title"].isascii()


@pytest.mark.parametrize(("ahead", "answers"), [(MOST_AHEAD, MOST_AHEAD + 1), (MOST_AHEAD + 1, 0)])
def test_so_many_requests_and_no_more_are_kept_until_an_earlier_one_is_answered(
    server: Server, ahead: int, answers: int
) -> None:
    answer = asked(server, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n" * (ahead + 1))
    assert answer.count(b"HTTP/1.1 200 ") == answers


def test_an_encoded_body_is_415(server: Server) -> None:
    answer = asked(server, f"{POST}Content-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}")
    assert answer.startswith(b"HTTP/1.1 415 ")
    assert b"/errors/encoded-body" in answer


# Places.


def call(server: Server, method: str, path: str, body: str | None = None, **headers: str) -> HTTPResponse:
    """Return the whole answer to a request on a connection of its own."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=NEVER)) as connection:
        connection.request(method, path, body, {"content-type": "application/json", **headers})
        response = connection.getresponse()
        response.read()
        return response


def test_beyond_so_many_requests_in_progress_more_are_refused_and_health_is_still_told(sqlite_url: str) -> None:
    with Server(sqlite_url, request_limit=2, body_seconds=NEVER) as server, ExitStack() as stack:
        for _ in range(2):
            hanging = stack.enter_context(connected(server))
            hanging.sendall(f"{POST}Content-Length: 2\r\n\r\n".encode())
        deadline = time.monotonic() + NEVER
        while (refused := call(server, "GET", "/v1/topics")).status != 503 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        assert [call(server, "GET", path).status for path in ("/livez", "/readyz")] == [200, 200]
        hanging.sendall(b"{}")
        assert hanging.recv(65536).startswith(b"HTTP/1.1 201 ")
        assert call(server, "GET", "/v1/topics").status == 200


def posed(server: Server, many: int) -> list[HTTPResponse]:
    """Return the answers to many callers who ask for a problem at once."""
    with ThreadPoolExecutor(many) as crowd:
        return list(crowd.map(lambda _: call(server, "POST", "/v1/problems", "{}"), range(many)))


@contextmanager
def locked(sqlite_url: str) -> Iterator[None]:
    """Hold a database's only place for a writer."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.execute("ROLLBACK")


def stored(sqlite_url: str) -> int:
    """Return how many problems a database holds."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as reader:
        count: int = reader.execute("SELECT count(*) FROM problems").fetchone()[0]
        return count


def test_a_slow_storage_refuses_what_it_cant_take_on_and_stores_what_it_acknowledged(sqlite_url: str) -> None:
    with Server(sqlite_url, queue_limit=4) as server:
        with ThreadPoolExecutor(1) as crowd, locked(sqlite_url):
            asking = crowd.submit(posed, server, 24)
            time.sleep(2)
            assert not asking.done()
        answers = asking.result()
    statuses = sorted(answer.status for answer in answers)
    assert set(statuses) == {201, 503}
    assert {answer.headers["retry-after"] for answer in answers if answer.status == 503} == {"1"}
    assert stored(sqlite_url) == statuses.count(201)


def test_work_that_waited_too_long_is_refused_and_never_done(sqlite_url: str) -> None:
    with Server(sqlite_url, queue_seconds=0.5) as server, ThreadPoolExecutor(8) as crowd:
        with locked(sqlite_url):
            asking = [crowd.submit(posed, server, 1) for _ in range(8)]
            time.sleep(3)
            told = [answer.status for each in asking if each.done() for answer in each.result()]
        statuses = [answer.status for each in asking for answer in each.result()]
        assert [answer.status for answer in posed(server, 1)] == [201]
    assert len(told) >= 7  # all but the one that may have had its turn at the lock
    assert set(told) == {503}
    assert stored(sqlite_url) == statuses.count(201) + 1


def test_no_variable_of_another_program_makes_a_caller_a_proxy(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    with Server(sqlite_url, access="tokens", rate_address="2/day") as server:
        asked = [call(server, "GET", "/v1/topics", **{"x-forwarded-for": f"203.0.113.{host}"}) for host in range(3)]
    assert [response.status for response in asked] == [200, 200, 429]
