"""PostgreSQL goes away or refuses, and comes back, while the service runs on."""

from __future__ import annotations

import subprocess
from itertools import cycle, islice
from typing import Final

from tests.faults.cluster import OWNER, WAYS, Cluster
from tests.faults.crowd import Crowd
from tests.faults.cutter import Cutter
from tests.faults.findings import Row, concluded, midway
from tests.faults.server import Server
from tests.faults.trial import Fault, tried

COMMITTED: Final = b"C\0\0\0\x0bCOMMIT\0"
"""PostgreSQL's message that a transaction is stored (CommandComplete)."""

NO_SUCH_RULE: Final = 1
"""How iptables ends where it works and the rule that it looks for isn't there."""


def stopped(cluster: Cluster, server: Server, times: int) -> Row:
    """Stop PostgreSQL in every way, one after the other, and start it again."""
    ways = islice(cycle(WAYS), times)
    fault = Fault("PostgreSQL stopped", lambda: cluster.stop(next(ways)), cluster.start)
    return tried(fault, cluster.url, server, times)


def refused(cluster: Cluster, server: Server, times: int) -> Row:
    """Let PostgreSQL end the service's connections and take no new ones: there are too many."""

    def begin() -> None:
        cluster.order(f"ALTER ROLE {OWNER} CONNECTION LIMIT 0")
        cluster.disconnect()

    def end() -> None:
        cluster.order(f"ALTER ROLE {OWNER} CONNECTION LIMIT -1")

    return tried(Fault("too many connections", begin, end), cluster.url, server, times)


def read_only(cluster: Cluster, server: Server, times: int) -> Row:
    """Let PostgreSQL refuse what is written, as one does that follows another, or whose provider has shut it."""

    def begin() -> None:
        cluster.order("ALTER DATABASE crossdrill SET default_transaction_read_only = on")
        cluster.disconnect()

    def end() -> None:
        cluster.order("ALTER DATABASE crossdrill RESET default_transaction_read_only")

    return tried(Fault("PostgreSQL read-only", begin, end, readable=True), cluster.url, server, times)


def disconnected(cluster: Cluster, server: Server, times: int) -> Row:
    """End the service's connections in the middle of its work, without any other trouble."""
    faults = list[str]()
    with Crowd(server.port) as crowd:
        for _ in range(times):
            crowd.wait_for_more()
            cluster.disconnect()
            faults += midway(cluster.url, crowd)
    return concluded("connections ended", times, cluster.url, crowd, faults)


def may_drop() -> bool:
    """Whether packets can be dropped here; only root may."""
    try:
        _packets("-C", 1)
    except OSError:
        return False
    except subprocess.CalledProcessError as error:
        return error.returncode == NO_SUCH_RULE
    return True


def _packets(step: str, port: int) -> None:
    rule = ("INPUT", "--protocol", "tcp", "--dport", str(port), "--jump", "DROP")
    subprocess.run(["iptables", step, *rule], check=True, capture_output=True)


def vanished(cluster: Cluster, times: int) -> Row:
    """Let nothing arrive at PostgreSQL any more, and nothing say so: its host is gone."""
    with Cutter(cluster.folder / ".s.PGSQL.5432") as cutter:
        url = f"postgresql://{OWNER}@127.0.0.1:{cutter.port}/crossdrill"
        fault = Fault("PostgreSQL's host vanishes", lambda: _packets("-I", cutter.port), lambda: _packets("-D", cutter.port))
        with Server(url) as server:
            return tried(fault, cluster.url, server, times)


def cut(cluster: Cluster, times: int) -> Row:
    """Lose the answer to COMMIT: the attempts are stored, the service can't know, and the clients send them again."""
    faults = list[str]()
    with Cutter(cluster.folder / ".s.PGSQL.5432") as cutter:
        url = f"postgresql://{OWNER}@127.0.0.1:{cutter.port}/crossdrill"
        with Server(url) as server, Crowd(server.port) as crowd:
            for _ in range(times):
                crowd.wait_for_more()
                cutter.cut_at(COMMITTED)
            crowd.wait_for_more()
    if crowd.replayed < times / 2:  # what is stored already is sent again in a transaction too, which may be cut as well
        faults.append(f"of {times} answers lost only {crowd.replayed} were about attempts that were stored")
    return concluded("answer to COMMIT lost", times, cluster.url, crowd, faults)
