"""The service ends at work: killed, or told to stop."""

from __future__ import annotations

import random
import time

from tests.faults.crowd import Crowd
from tests.faults.findings import Row, concluded, midway
from tests.faults.server import Server

WITHIN_SECONDS = (0.02, 0.6)


def killed(url: str, times: int, *, seed: int = 0) -> Row:
    """Kill the server with SIGKILL at random moments, and start it again while its clients go on trying."""
    chance, faults = random.Random(seed), list[str]()  # noqa: S311 - moments, not secrets
    with Server(url) as server, Crowd(server.port) as crowd:
        for _ in range(times):
            time.sleep(chance.uniform(*WITHIN_SECONDS))
            server.kill()
            server.start()
            faults += midway(url, crowd)
            crowd.wait_for_more()
    return concluded("SIGKILL", times, url, crowd, faults)


def stopped(url: str, times: int, *, seed: int = 0) -> Row:
    """Stop the server with SIGTERM at random moments: it answers what it has taken on, and ends with status 0."""
    chance, faults = random.Random(seed), list[str]()  # noqa: S311 - moments, not secrets
    with Server(url) as server, Crowd(server.port) as crowd:
        for _ in range(times):
            time.sleep(chance.uniform(*WITHIN_SECONDS))
            status = server.stop()
            faults += [f"exit status {status}"] if status else []
            server.start()
            faults += midway(url, crowd)
            crowd.wait_for_more()
    return concluded("SIGTERM", times, url, crowd, faults)
