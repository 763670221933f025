"""Moving what SQLite has in its write-ahead log into the file, beside the writer instead of inside a commit."""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from app.storage.engines import Purpose, make_engine

_log = logging.getLogger(__name__)

PAGES_THAT_MUST_GO = 4096  # 16 MiB: under steady writing a passive checkpoint never reaches the end of the log

READERS_ARE_AWAITED: Final = 0.25
"""For so many seconds a restart waits for who still reads the log (a backup, say), and every writer waits with it."""


class Checkpointer:
    """A thread that checkpoints at most once an interval, and only if something was committed since.

    Its work is passive and makes nobody wait; only a log that has outgrown `PAGES_THAT_MUST_GO` is restarted, for which
    the writer waits a moment. At the end the log is truncated.
    """

    def __init__(self, url: URL, *, interval: float = 1.0) -> None:
        self._engine = make_engine(url, Purpose.CHECKPOINT)
        self._interval = interval
        self._committed = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="checkpoint", daemon=True)
        self._thread.start()

    def notice_commit(self) -> None:
        """Say that there is something to checkpoint; costs next to nothing."""
        if not self._committed.is_set():
            self._committed.set()

    def close(self) -> None:
        """Truncate the log and end the thread; call it when nobody else uses the database any more."""
        self._stopped.set()
        self._committed.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._stopped.wait(self._interval):
            self._committed.wait()
            self._committed.clear()
            self._checkpoint("PASSIVE")
        self._checkpoint("TRUNCATE")

    def _checkpoint(self, mode: str) -> None:
        """Move what can be moved; what fails now (a full disk, say) is safe in the log and is moved the next time."""
        try:
            with self._engine.connect() as connection:
                if _run(connection, mode) > PAGES_THAT_MUST_GO:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout = {READERS_ARE_AWAITED * 1000:.0f}")
                    _run(connection, "RESTART")
        except DBAPIError:
            _log.warning("checkpoint failed", exc_info=True)
            self._committed.set()


def _run(connection: Connection, mode: str) -> int:
    """Checkpoint, and return how many pages the log holds."""
    return int(connection.exec_driver_sql(f"PRAGMA wal_checkpoint({mode})").one()[1])
