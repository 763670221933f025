"""Every fault by its name, with how often it is tried and where."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.logs import configure_logging
from app.settings import Settings
from app.storage import migrate
from app.storage.errors import StorageError
from tests.faults import clocks, disks, fuzz, kills, machine, migrating, outages, replicas, rude
from tests.faults.cluster import OWNER, Cluster, cluster
from tests.faults.findings import Row
from tests.faults.server import Server
from tests.faults.spoiled import WAYS, bytes_below, spoiled

Run = Callable[[int], Row]


@contextmanager
def file(*, on_a_small_disk: bool = False) -> Iterator[Path]:
    """Give a migrated SQLite file."""
    with disks.small_disk() if on_a_small_disk else tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "crossdrill.sqlite3"
        migrate.upgrade(f"sqlite:///{made}")
        yield made


def on_sqlite(tried: Callable[[str, int], Row]) -> Run:
    """Return what tries something on a fresh SQLite file."""

    def run(times: int) -> Row:
        with file() as made:
            return tried(f"sqlite:///{made}", times)

    return run


def on_postgresql(tried: Callable[[str, int], Row]) -> Run:
    """Return what tries something on a fresh PostgreSQL."""
    return on_cluster(lambda made, times: tried(made.url, times))


def on_cluster(tried: Callable[[Cluster, int], Row]) -> Run:
    """Return what tries something on a fresh PostgreSQL that it may stop."""

    def run(times: int) -> Row:
        with cluster() as made:
            return tried(made, times)

    return run


def beside_cluster(tried: Callable[[Cluster, Server, int], Row]) -> Run:
    """Return what tries something on a fresh PostgreSQL while the service runs on it."""

    def run(times: int) -> Row:
        with cluster() as made, Server(made.url) as server:
            return tried(made, server, times)

    return run


def beside_file(tried: Callable[[Path, Server, int], Row], *, on_a_small_disk: bool = False) -> Run:
    """Return what tries something on a fresh SQLite file while the service runs on it."""

    def run(times: int) -> Row:
        with file(on_a_small_disk=on_a_small_disk) as made, _logging_beside(made) as server:
            return tried(made, server, times)

    return run


def _logging_beside(made: Path) -> Server:
    return Server(f"sqlite:///{made}", log=made.with_name("log"), log_level="info")


def beside_impatient(tried: Callable[[str, Server, int], Row]) -> Run:
    """Return what tries something on a service that waits for no client for long."""

    def run(times: int) -> Row:
        with file() as made, rude.impatient(f"sqlite:///{made}") as server:
            return tried(f"sqlite:///{made}", server, times)

    return run


def refused(times: int) -> Row:
    """Spoil a file in every way, each time with other noise: it is refused, and not a byte of it is changed."""
    faults = list[str]()
    with file() as sound:
        for number in range(times):
            for way, said in WAYS.items():
                with tempfile.TemporaryDirectory() as folder:
                    made = spoiled(sound, Path(folder), way, random.Random(number))  # noqa: S311 - noise, not secrets
                    before = bytes_below(Path(folder))
                    told = _refusal(f"sqlite:///{made}")
                    if said not in told or bytes_below(Path(folder)) != before:
                        faults.append(f"{way.__name__} {number}: {told or 'accepted'}")
    return Row("unsound files", times * len(WAYS), 0, 0, 0, 0, 0, tuple(faults))


def _refusal(url: str) -> str:
    try:
        migrate.require_head(url)
        migrate.require_sound(url)
    except StorageError as error:
        return str(error)
    return ""


def migrations(times: int) -> Row:
    """Let several processes migrate an empty database at once, on both engines in turn."""
    with tempfile.TemporaryDirectory() as folder, cluster() as made:
        urls = [f"sqlite:///{folder}/{number}.sqlite3" for number in range(times)]
        for number in range(1, times, 2):
            made.order(f"CREATE DATABASE empty_{number} OWNER {OWNER}", database="postgres")
            urls[number] = made.url.replace("/crossdrill?", f"/empty_{number}?")
        return migrating.at_once(urls)


def clock(times: int) -> Row:
    """Set the clock back and forth."""
    with file() as made:
        return clocks.stepped(f"sqlite:///{made}", made.parent, times)


FAULTS: Final[dict[str, tuple[Run, int]]] = {
    "people-sqlite": (on_sqlite(machine.lived), 950),
    "people-postgresql": (on_postgresql(machine.lived), 950),
    "generated-sqlite": (on_sqlite(fuzz.asked), 50),
    "generated-postgresql": (on_postgresql(fuzz.asked), 50),
    "sigkill-sqlite": (on_sqlite(kills.killed), 50),
    "sigkill-postgresql": (on_postgresql(kills.killed), 30),
    "sigterm-sqlite": (on_sqlite(kills.stopped), 15),
    "sigterm-postgresql": (on_postgresql(kills.stopped), 15),
    "replica-killed": (beside_cluster(replicas.one_killed), 15),
    "worker-killed": (on_cluster(replicas.worker_killed), 8),
    "postgresql-stopped": (beside_cluster(outages.stopped), 24),
    "postgresql-connections-ended": (beside_cluster(outages.disconnected), 60),
    "postgresql-too-many-connections": (beside_cluster(outages.refused), 20),
    "postgresql-read-only": (beside_cluster(outages.read_only), 20),
    "postgresql-commit-unanswered": (on_cluster(outages.cut), 60),
    "postgresql-host-vanished": (on_cluster(outages.vanished), 2),
    "disk-full": (beside_file(disks.full, on_a_small_disk=True), 20),
    "writing-fails": (beside_file(disks.limited), 20),
    "file-locked": (beside_file(disks.locked), 4),
    "file-moved": (beside_file(disks.moved), 20),
    "file-replaced": (beside_file(disks.replaced), 20),
    "files-unsound": (refused, 30),
    "migrations-at-once": (migrations, 4),
    "clock-set": (clock, 24),
    "clients-rude": (beside_impatient(rude.beside), 5),
    "clients-vanished": (beside_impatient(rude.vanished), 300),
}
"""What is tried, and how often unless told otherwise; the longest first, so that the lanes end together."""


NEEDS: Final[dict[str, Callable[[], bool]]] = {"disk-full": disks.may_mount, "postgresql-host-vanished": outages.may_drop}
"""What only root may try, and not everywhere."""


def tried(name: str, times: int | None, share: float) -> tuple[Row, float]:
    """Return what came of a fault, tried some times or a share of the usual ones, and how long it took.

    It runs in a process of its own.
    """
    configure_logging(Settings(log_level="error"))
    run, usual = FAULTS[name]
    began = time.monotonic()
    try:
        row = run(times or max(1, round(share * usual)))
    except Exception as error:  # one fault that can't be tried to its end keeps up no other
        row = Row(name, 0, 0, 0, 0, 0, 0, (f"{type(error).__name__}: {error}",))
    return row, time.monotonic() - began
