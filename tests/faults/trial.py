"""One way to try a fault that lasts for a while: refused and not ready meanwhile, at work again without a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

from tests.faults.crowd import PATIENCE_SECONDS, Crowd, wait_until
from tests.faults.findings import Row, concluded, midway
from tests.faults.server import Server


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to begin and to end it, what a write is refused with meanwhile, and whether reading goes on."""

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    status: int = 503
    readable: bool = False


def tried(fault: Fault, url: str, server: Server, times: int) -> Row:
    """Let clients work through a fault some times."""
    faults = list[str]()
    with Crowd(server.port) as crowd:
        for _ in range(times):
            crowd.wait_for_more()
            faults += _while_it_lasts(fault, server, crowd)
            server.wait_until_ready()
            crowd.wait_for_more()
            faults += midway(url, crowd)
    return concluded(fault.name, times, url, crowd, faults)


def _while_it_lasts(fault: Fault, server: Server, crowd: Crowd) -> list[str]:
    before = crowd.refusals[fault.status]
    try:
        fault.begin()
        wait_until(lambda: crowd.refusals[fault.status] > before, f"a {fault.status}")
        return list(_unexpected(fault, server, crowd))
    finally:
        fault.end()


def _unexpected(fault: Fault, server: Server, crowd: Crowd) -> Iterator[str]:
    # Not at once on a full disk: SQLite's log may have begun anew, and takes some more until its file is full too.
    wait_until(lambda: server.readiness() == fault.status, f"/readyz to say {fault.status}")
    status = _read(server.port, crowd.problems[0])
    if status != (200 if fault.readable else 503):
        yield f"{fault.name}: reading is answered with {status}"


def _read(port: int, problem: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as connection:
        connection.request("GET", f"/v1/problems/{problem}/attempts")
        return connection.getresponse().status
