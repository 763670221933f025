"""Several server processes that answer for each other when they are asked for the metrics."""

from __future__ import annotations

import os
import signal
import time
from http.client import HTTPConnection
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.commands.test_serve import Server, Start, greeted, start

__all__ = ["start"]

PATIENCE = 60


def asked(address: tuple[str, int], path: str) -> tuple[int, str]:
    connection = HTTPConnection(*address, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def measured(address: tuple[str, int], name: str, **labels: str) -> float | None:
    """Return the value of a metric, None where it isn't there."""
    text = asked(address, "/metrics")[1]
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return None


def workers_of(server: Server) -> list[int]:
    """Return the processes that serve; the one that looks after what they share isn't among them."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def becomes(address: tuple[str, int], expected: float, name: str, **labels: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if measured(address, name, **labels) == expected:
            return True
        time.sleep(0.1)
    return False


def live(address: tuple[str, int], times: int) -> None:
    assert [asked(address, "/livez")[0] for _ in range(times)] == [200] * times


def test_processes_add_up_and_one_that_is_killed_leaves_its_counts_but_not_its_connections(
    start: Start, postgres_url: str
) -> None:
    server = start("--port", "0", "--workers", "2", database_url=postgres_url, log_level="warning")
    address = greeted(server)
    assert becomes(address, 8, "crossdrill_connections", lane="writer")  # four each
    live(address, 20)
    alive = {"method": "GET", "route": "/livez", "status": "200"}
    assert measured(address, "crossdrill_requests_total", **alive) == 20
    first, _ = workers_of(server)
    os.kill(first, signal.SIGKILL)
    assert becomes(address, 4, "crossdrill_connections", lane="writer")
    assert becomes(address, 8, "crossdrill_connections", lane="writer")  # four each
    assert first not in workers_of(server)
    live(address, 20)
    assert measured(address, "crossdrill_requests_total", **alive) == 40
    memory = measured(address, "process_resident_memory_bytes")
    assert memory is not None
    assert memory > 2 * 2**20
