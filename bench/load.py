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


@dataclass(slots=True)
class Tally:
    """What was answered while the clock ran."""

    running: bool = True
    failed: int = 0
    seconds: list[float] = field(default_factory=list)

    def summary(self, elapsed: float) -> dict[str, float]:
        if not self.seconds:
            raise RuntimeError("nothing was answered")
        ordered = sorted(self.seconds)
        p50, p99 = (ordered[int(len(ordered) * share)] * 1e3 for share in (0.50, 0.99))
        return {"rate": len(ordered) / elapsed, "requests": len(ordered), "failed": self.failed, "p50_ms": p50, "p99_ms": p99}


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Iterator[bytes], tally: Tally) -> None:
        self._requests = requests
        self._tally = tally
        self._received = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # which no transport of uvloop derives from
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(HEAD_END)
        if not end or len(body) < _length(head):
            return
        if self._tally.running:
            self._tally.seconds.append(perf_counter() - self._sent_at)
            self._tally.failed += not head.startswith(b"HTTP/1.1 2")
            self._send()

    def _send(self) -> None:
        self._received = b""
        self._sent_at = perf_counter()
        self._transport.write(next(self._requests))


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
    """Send requests for some time and return rate, failures and percentiles."""
    loop, tally, endless = asyncio.get_running_loop(), Tally(), cycle(requests)
    started = perf_counter()
    clients = [await loop.create_connection(lambda: Client(endless, tally), "127.0.0.1", port) for _ in range(connections)]
    await asyncio.sleep(seconds)
    tally.running = False
    elapsed = perf_counter() - started
    await asyncio.sleep(0.2)  # what is under way is answered before its connection closes
    for transport, _ in clients:
        transport.close()
    return tally.summary(elapsed)


def main() -> None:
    port, file, connections, seconds = sys.argv[1:]
    print(json.dumps(uvloop.run(load(int(port), read_requests(Path(file)), int(connections), float(seconds)))))


if __name__ == "__main__":
    main()
