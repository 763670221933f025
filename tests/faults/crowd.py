"""Clients of the service that lose nothing: what was not answered is sent again, with the same Idempotency-Key."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Self
from uuid import UUID, uuid4

CLIENTS = 6
PROBLEMS = 3
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.05
WISH = {"family": "cross-entropy-one-hot", "preset": "mock-question"}
WRONG = "0.3"  # the problems stay open, so that every attempt counts
COME_AGAIN = frozenset({503, 507})
"""What a service says that can't work now: nothing was stored, or nobody knows; the key makes sending again safe."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes


def post(connection: HTTPConnection, path: str, body: object, key: str) -> Reply:
    """Send a request that may be sent again; OSError or HTTPException where no whole answer comes."""
    headers = {"content-type": "application/json", "idempotency-key": key}
    connection.request("POST", path, json.dumps(body), headers)
    response = connection.getresponse()
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


def posed(port: int, *, count: int = PROBLEMS) -> list[str]:
    """Return the ids of new problems."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)) as connection:
        replies = [post(connection, "/v1/problems", WISH, uuid4().hex) for _ in range(count)]
    return [json.loads(reply.body)["id"] for reply in replies]


@dataclass(slots=True)
class Client:
    """Posts attempts, each with a key and a serial number of its own; where one address fails the next is tried."""

    ports: Sequence[int]
    problems: Sequence[str]
    serials: Iterator[int]
    crowd: str
    requests: int = 0
    replayed: int = 0
    acknowledged: dict[int, str] = field(default_factory=dict)
    refusals: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def work(self, ending: threading.Event) -> None:
        """Post until told to end; the last attempt is sent until it is answered, or patience ends."""
        connection: HTTPConnection | None = None
        while not ending.is_set():
            serial, given_up = next(self.serials), None
            while connection is None or not self._sent(connection, serial):
                if connection is not None:
                    connection.close()
                if ending.is_set():
                    given_up = given_up or time.monotonic() + PATIENCE_SECONDS
                    if time.monotonic() > given_up:
                        self.wrong.append(f"attempt {serial} was never answered")
                        return
                connection = self._next_connection()
        if connection is not None:
            connection.close()

    def _next_connection(self) -> HTTPConnection:
        self.ports = [*self.ports[1:], self.ports[0]]
        return HTTPConnection("127.0.0.1", self.ports[-1], timeout=PATIENCE_SECONDS)

    def _sent(self, connection: HTTPConnection, serial: int) -> bool:
        """Send one attempt and say whether that was answered for good."""
        body = {"answers": {"loss": WRONG}, "duration_ms": serial}
        problem = self.problems[serial % len(self.problems)]
        self.requests += 1
        try:
            reply = post(connection, f"/v1/problems/{problem}/attempts", body, f"{self.crowd}-{serial}")
        except (OSError, HTTPException):
            time.sleep(PAUSE_SECONDS)
            return False
        return self._settled(serial, reply)

    def _settled(self, serial: int, reply: Reply) -> bool:
        if reply.status == 201:
            self.acknowledged[serial] = UUID(json.loads(reply.body)["id"]).hex
            self.replayed += "idempotency-replayed" in reply.headers
            return True
        self.refusals[reply.status] += 1
        if reply.status not in COME_AGAIN:
            self.wrong.append(f"{reply.status} {reply.body.decode()}")
            return True
        if "retry-after" not in reply.headers:
            self.wrong.append(f"{reply.status} without Retry-After")
        time.sleep(PAUSE_SECONDS)
        return False


class Crowd:
    """Several clients at work beside what happens in the context; leaving it waits until all they sent is answered."""

    def __init__(self, *ports: int) -> None:
        self.problems, serials, name = posed(ports[0]), count(1), uuid4().hex
        turns = [n % len(ports) for n in range(CLIENTS)]
        self.clients = [Client(ports[turn:] + ports[:turn], self.problems, serials, name) for turn in turns]
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._ending.clear()
        self._threads = [threading.Thread(target=client.work, args=(self._ending,)) for client in self.clients]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> dict[int, str]:
        """Return the id of every attempt that the service said it has stored, by serial number."""
        return {serial: attempt for client in self.clients for serial, attempt in dict(client.acknowledged).items()}

    @property
    def requests(self) -> int:
        """Return how often the clients have sent something."""
        return sum(client.requests for client in self.clients)

    @property
    def replayed(self) -> int:
        """Return how many attempts were answered by what an earlier, unanswered request had stored."""
        return sum(client.replayed for client in self.clients)

    @property
    def refusals(self) -> Counter[int]:
        """Return how often each status was the answer instead of 201."""
        return sum((client.refusals for client in self.clients), Counter[int]())

    @property
    def wrong(self) -> list[str]:
        """Return what the service should not have answered."""
        return [sentence for client in self.clients for sentence in client.wrong]

    def wait_for_more(self, more: int = CLIENTS) -> None:
        """Return once so many more attempts were acknowledged than now; TimeoutError where none come any more."""
        enough = len(self.acknowledged) + more
        wait_until(lambda: len(self.acknowledged) >= enough, "the service to go on")


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Return once a condition holds; TimeoutError, which names it, where it never does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still waiting for {what}")
        time.sleep(PAUSE_SECONDS)
