"""Clients that hang, drip, vanish, send two requests at once or no HTTP at all, while others work."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from typing import Final
from uuid import UUID, uuid4

from tests.faults.crowd import PATIENCE_SECONDS, WRONG, Crowd, posed, post
from tests.faults.findings import Row, concluded, examine, midway
from tests.faults.server import Server

IDLE: Final = 500
VANISHING: Final = 10
BODY: Final = json.dumps({"answers": {"loss": WRONG}}).encode()
Rude = Callable[[int, str], Iterator[str]]


def impatient(url: str) -> Server:
    """Return a server that waits for no client for long."""
    return Server(url, head_seconds=1, body_seconds=1, keep_alive_seconds=2)


def _request(problem: str, *, key: str = "") -> bytes:
    return (
        f"POST /v1/problems/{problem}/attempts HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: {key or uuid4().hex}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)


def _answer(line: socket.socket) -> bytes:
    """Return what comes until the server hangs up."""
    with suppress(ConnectionResetError):
        return line.makefile("rb").read()
    return b""


def _unless(answer: bytes, start: bytes, what: str) -> Iterator[str]:
    if not answer.startswith(start):
        yield f"{what} is answered with {answer[:60]!r}"


def hang(port: int, problem: str) -> Iterator[str]:
    """Send half a body and wait."""
    with _connected(port) as line:
        line.sendall(_request(problem)[:-5])
        yield from _unless(_answer(line), b"HTTP/1.1 408 ", "half a body")


def drip(port: int, problem: str) -> Iterator[str]:
    """Send a request byte by byte, too slowly to end."""
    with _connected(port) as line, suppress(ConnectionError):
        for byte in _request(problem)[:100]:
            line.sendall(bytes((byte,)))
            time.sleep(0.1)
        yield "a dripping request is waited for"


def half_close(port: int, problem: str) -> Iterator[str]:
    """Send a request, and say that nothing more will come."""
    with _connected(port) as line:
        line.sendall(_request(problem))
        line.shutdown(socket.SHUT_WR)
        answer = _answer(line)
    yield from _unless(answer, b"HTTP/1.1 201 " if answer else b"", "a half-closed connection")


def pipeline(port: int, problem: str) -> Iterator[str]:
    """Send three requests without waiting for an answer."""
    with _connected(port) as line:
        line.sendall(_request(problem) * 3)
        count = _answer(line).count(b"HTTP/1.1 201 ")
        if count != 3:
            yield f"three requests at once have {count} answers"


def babble(port: int, _: str) -> Iterator[str]:
    """Send what is no HTTP."""
    for noise in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        b"HELO there\r\n\r\n",
        b"\0" * 5000,
        b"GET / HTTP/9.9\r\n\r\n",
    ):
        with _connected(port) as line:
            with suppress(OSError):
                line.sendall(noise)
            yield from _unless(_answer(line), b"HTTP/1.1 4", f"{noise[:12]!r}")


def idle(port: int, _: str) -> Iterator[str]:
    """Open many connections and say nothing."""
    with ExitStack() as stack:
        for _number in range(IDLE):
            stack.enter_context(_connected(port))
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as connection:
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
        if status != 200:
            yield f"with {IDLE} idle connections /readyz says {status}"


def reset(port: int, problem: str) -> Iterator[str]:
    """Send a request and cut the line in the middle of the answer, without a farewell."""
    with _connected(port) as line:
        line.sendall(_request(problem))
        line.recv(10)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    yield from ()


WAYS: Final[tuple[Rude, ...]] = (hang, drip, half_close, pipeline, babble, idle, reset)


def beside(url: str, server: Server, times: int) -> Row:
    """Behave badly in every way while others work: nobody else is kept waiting."""
    faults, [problem] = list[str](), posed(server.port, count=1)
    with Crowd(server.port) as crowd:
        for _ in range(times):
            for way in WAYS:
                faults += way(server.port, problem)
                crowd.wait_for_more()
            faults += midway(url, crowd)
    return concluded("rude clients", times * len(WAYS), url, crowd, faults)


def vanished(url: str, server: Server, times: int) -> Row:
    """Send whole requests, leave before they are answered, and come again: each is stored once."""
    [problem] = posed(server.port, count=1)
    acknowledged = {serial: _served(server.port, problem, serial) for serial in range(1, times + 1)}
    found = examine(url, acknowledged, [problem])
    counts = (found.stored, found.lost, found.duplicated)
    return Row("client left early", times, 2 * times, len(acknowledged), *counts, tuple(found.faults))


def _served(port: int, problem: str, serial: int) -> str:
    """Send an attempt and leave, send it once more and stay; return its id."""
    path, key = f"/v1/problems/{problem}/attempts", f"{problem}-{serial}"
    body = {"answers": {"loss": WRONG}, "duration_ms": serial}
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as leaving:
        leaving.request("POST", path, json.dumps(body), {"content-type": "application/json", "idempotency-key": key})
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as staying:
        return UUID(json.loads(post(staying, path, body, key).body)["id"]).hex
