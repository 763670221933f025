"""Several processes of the service on one PostgreSQL, and one of them ends."""

from __future__ import annotations

import os
import random
import signal
import time

from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd, wait_until
from tests.faults.findings import Row, concluded, midway
from tests.faults.kills import WITHIN_SECONDS
from tests.faults.server import Server


def one_killed(cluster: Cluster, server: Server, times: int, *, seed: int = 0) -> Row:
    """Kill another server beside this one: its clients go on here, with the keys of what was not answered."""
    chance, faults = random.Random(seed), list[str]()  # noqa: S311 - moments, not secrets
    with Server(cluster.url) as other, Crowd(other.port, server.port) as crowd:
        for number in range(times):
            time.sleep(chance.uniform(*WITHIN_SECONDS))
            other.kill()
            crowd.wait_for_more()
            faults += midway(cluster.url, crowd)
            if number < times - 1:
                other.start()
    return concluded("one replica of two killed", times, cluster.url, crowd, faults)


def worker_killed(cluster: Cluster, times: int, *, seed: int = 0) -> Row:
    """Kill one worker of two: the other goes on, and a new one takes its place."""
    chance, faults = random.Random(seed), list[str]()  # noqa: S311 - moments, not secrets
    with Server(cluster.url, workers=2) as server, Crowd(server.port) as crowd:
        for _ in range(times):
            wait_until(lambda: len(server.workers()) == 2, "two workers")
            time.sleep(chance.uniform(*WITHIN_SECONDS))
            killed = chance.choice(server.workers())
            os.kill(killed, signal.SIGKILL)
            crowd.wait_for_more()
            wait_until(lambda: killed not in server.workers(), "the end of a worker")  # noqa: B023 - it is over before the next
            faults += midway(cluster.url, crowd)
    return concluded("one worker of two killed", times, cluster.url, crowd, faults)
