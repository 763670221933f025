"""A PostgreSQL that keeps what it commits, and that can be stopped in every way and started again."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from app.storage import migrate
from tests.postgres import START_SECONDS, _account_for, _answers, _place, _programs_for

SETTINGS: Final = {"fsync": "on", "synchronous_commit": "on", "listen_addresses": "", "shared_buffers": "16MB"}
WAYS: Final = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "killed": signal.SIGKILL}
"""How a PostgreSQL ends: in order, without a checkpoint, without noticing."""

OWNER: Final = "crossdrill"


class Cluster:
    """A server of its own in a folder of its own, with one database whose owner is no superuser."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"postgresql://{OWNER}@/crossdrill?host={folder}"
        self._account = _account_for(folder)
        self._programs = _programs_for(folder, self._account)
        self._server: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Lay out the data and start."""
        words: list[str | Path] = ["-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        with (self.folder / "log").open("ab") as log:
            self._account.popen([self._programs / "initdb", "-D", self.folder / "data", *words], self.folder, log).wait()
        self.start()
        self.order(f"CREATE ROLE {OWNER} LOGIN", database="postgres")
        self.order(f"CREATE DATABASE crossdrill OWNER {OWNER}", database="postgres")
        migrate.upgrade(self.url)

    def start(self) -> None:
        """Start, and return once it answers: after a crash the processes that it left behind have to end first."""
        deadline = time.monotonic() + START_SECONDS
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        words: list[str | Path] = [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *options]
        while time.monotonic() < deadline:
            with (self.folder / "log").open("ab") as log:
                self._server = self._account.popen(words, self.folder, log)
            if _answers(self._server, self.folder):
                return
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self, way: str) -> None:
        """End in one of `WAYS`. Harmless where nothing runs."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(WAYS[way])
            self._server.wait(START_SECONDS)

    def order(self, statement: str, *, database: str = "crossdrill") -> None:
        """Do something as a superuser."""
        with psycopg.connect(host=str(self.folder), user="tester", dbname=database, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(statement.encode())

    def disconnect(self) -> None:
        """End all connections of the service."""
        self.order(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{OWNER}'")  # noqa: S608 - constants


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Give a running server with a migrated database, and remove it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_place()))
    made = Cluster(folder)
    try:
        made.make()
        yield made
    finally:
        made.stop("fast")
        shutil.rmtree(folder)
