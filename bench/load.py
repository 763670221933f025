"""A load generator: a fixed number of kept-alive connections, each sending its next request when the last is answered.

`python -m bench.load PORT FILE CONNECTIONS SECONDS` takes requests from a file, one `path<TAB>body` a line, round and round,
and prints what came of it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import cast

import uvloop

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
DRAIN_SECONDS = 0.2
"""What is under way is answered before its connection closes."""


@dataclass(slots=True)
class Tally:
    """What was answered: all in all, and while the clock ran."""

    running: bool = False
    answered: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)

    def summary(self, elapsed: float) -> dict[str, float]:
        if not self.seconds:
            raise RuntimeError("nothing was answered")
        ordered = sorted(self.seconds)
        p50, p99 = (ordered[int(len(ordered) * share)] * 1e3 for share in (0.50, 0.99))
        rate = len(ordered) / elapsed
        return {"rate": rate, "answered": self.answered, "failed": self.failed, "p50_ms": p50, "p99_ms": p99}


class Client(asyncio.Protocol):
    """One connection. Its first request only makes sure that the server has accepted it."""

    def __init__(self, requests: Iterator[bytes], tally: Tally) -> None:
        self._requests = requests
        self._tally = tally
        self._received = b""
        self._sent_at = 0.0
        self.accepted = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # which no transport of uvloop derives from
        self.send()

    def send(self) -> None:
        self._received = b""
        self._sent_at = perf_counter()
        self.transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(HEAD_END)
        if not end or len(body) < _length(head):
            return
        self.accepted.set()
        self._tally.answered += 1
        if self._tally.running:
            self._tally.seconds.append(perf_counter() - self._sent_at)
            self._tally.failed += not head.startswith(b"HTTP/1.1 2")
            self.send()


def _length(head: bytes) -> int:
    _, _, after = head.lower().partition(LENGTH)
    return int(after.partition(b"\r\n")[0])


def read_requests(file: Path) -> list[bytes]:
    """Return the requests of a file as they go over the wire."""
    return [_request(*line.split("\t")) for line in file.read_text().splitlines()]


def _request(path: str, body: str) -> bytes:
    headers = ("Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(body.encode())}")
    return "\r\n".join((f"POST {path} HTTP/1.1", *headers, "", body)).encode()


async def load(port: int, requests: list[bytes], connections: int, seconds: float) -> dict[str, float]:
    """Send requests for some time and return rate, failures and percentiles.

    The clock starts when all connections were accepted: the server's loop accepts one between two rounds of answers, so that
    the last of many would wait for thousands of requests and make a tail that has nothing to do with the service.
    """
    loop, tally, endless = asyncio.get_running_loop(), Tally(), cycle(requests)
    pairs = [await loop.create_connection(lambda: Client(endless, tally), "127.0.0.1", port) for _ in range(connections)]
    clients = [client for _, client in pairs]
    for client in clients:
        await client.accepted.wait()
    tally.running, started = True, perf_counter()
    for client in clients:
        client.send()
    await asyncio.sleep(seconds)
    tally.running, elapsed = False, perf_counter() - started
    await asyncio.sleep(DRAIN_SECONDS)
    for client in clients:
        client.transport.close()
    return tally.summary(elapsed)


def main() -> None:
    port, file, connections, seconds = sys.argv[1:]
    print(json.dumps(uvloop.run(load(int(port), read_requests(Path(file)), int(connections), float(seconds)))))


if __name__ == "__main__":
    main()
