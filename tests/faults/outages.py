"""PostgreSQL goes away or refuses, and comes back, while the service runs on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice

from tests.faults.cluster import OWNER, WAYS, Cluster
from tests.faults.crowd import Crowd, wait_until
from tests.faults.cutter import Cutter
from tests.faults.findings import Row, concluded, midway
from tests.faults.server import Server


def stopped(cluster: Cluster, server: Server, times: int) -> Row:
    """Stop PostgreSQL in every way, one after the other, and start it again."""
    ways = islice(cycle(WAYS), times)
    return _through("PostgreSQL stopped", cluster, server, times, lambda: cluster.stop(next(ways)), cluster.start)


def refused(cluster: Cluster, server: Server, times: int) -> Row:
    """Let PostgreSQL end the service's connections and take no new ones: there are too many."""

    def begin() -> None:
        cluster.order(f"ALTER ROLE {OWNER} CONNECTION LIMIT 0")
        cluster.disconnect()

    def end() -> None:
        cluster.order(f"ALTER ROLE {OWNER} CONNECTION LIMIT -1")

    return _through("too many connections", cluster, server, times, begin, end)


def read_only(cluster: Cluster, server: Server, times: int) -> Row:
    """Let PostgreSQL refuse what is written, as one does that follows another, or whose provider has shut it."""

    def begin() -> None:
        cluster.order("ALTER DATABASE crossdrill SET default_transaction_read_only = on")
        cluster.disconnect()

    def end() -> None:
        cluster.order("ALTER DATABASE crossdrill RESET default_transaction_read_only")

    return _through("PostgreSQL read-only", cluster, server, times, begin, end)


def _through(
    fault: str, cluster: Cluster, server: Server, times: int, begin: Callable[[], None], end: Callable[[], None]
) -> Row:
    """Let the clients work through an outage some times: 503 and not ready meanwhile, at work again without a restart."""
    faults = list[str]()
    with Crowd(server.port) as crowd:
        crowd.wait_for_more()
        for _ in range(times):
            before = crowd.refusals[503]
            begin()
            try:
                wait_until(lambda: crowd.refusals[503] > before, "a refusal")  # noqa: B023 - it is over before the next
                faults += [f"ready during: {fault}"] if server.readiness() != 503 else []
            finally:
                end()
            server.wait_until_ready()
            crowd.wait_for_more()
            faults += midway(cluster.url, crowd)
    return concluded(fault, times, cluster.url, crowd, faults)


def disconnected(cluster: Cluster, server: Server, times: int) -> Row:
    """End the service's connections in the middle of its work, without any other trouble."""
    faults = list[str]()
    with Crowd(server.port) as crowd:
        for _ in range(times):
            crowd.wait_for_more()
            cluster.disconnect()
            faults += midway(cluster.url, crowd)
    return concluded("connections ended", times, cluster.url, crowd, faults)


def cut(cluster: Cluster, times: int) -> Row:
    """Lose the answer to COMMIT: the attempts are stored, the service can't know, and the clients send them again."""
    faults = list[str]()
    with Cutter(cluster.folder / ".s.PGSQL.5432") as cutter:
        url = f"postgresql://{OWNER}@127.0.0.1:{cutter.port}/crossdrill"
        with Server(url) as server, Crowd(server.port) as crowd:
            for _ in range(times):
                crowd.wait_for_more()
                cutter.cut_at(b"COMMIT")
            crowd.wait_for_more()
    if not crowd.replayed:
        faults.append("nothing was stored whose answer was lost")
    return concluded("answer to COMMIT lost", times, cluster.url, crowd, faults)
