"""Connections to SQLite and PostgreSQL, set up so that both behave alike."""

from __future__ import annotations

import os
import sqlite3
from enum import Enum
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from app.storage.errors import StorageError

APPLICATION_ID = 0x58446C6C
"""What a SQLite file of Crossdrill carries in its header."""

BUSY_SECONDS = {"read": 5, "write": 5, "checkpoint": 5, "migrate": 60}

PATIENCE = {
    "connect_timeout": "5",
    "tcp_user_timeout": "10000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
}
"""After how long a PostgreSQL is given up that says nothing; without it a host that vanished is waited for up to two hours."""


class Purpose(Enum):
    """What a connection is for; it decides how its transactions begin."""

    READ = "read"
    WRITE = "write"
    CHECKPOINT = "checkpoint"
    MIGRATE = "migrate"


def parse_url(url: str) -> URL:
    """Return `url` with the driver that the project uses; raise StorageError for what it can't serve."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError("the database URL can't be read: sqlite:///path or postgresql://user@host/name") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        unsaid = {name: value for name, value in PATIENCE.items() if name not in parsed.query}
        return parsed.update_query_dict(unsaid)
    if backend != "sqlite":
        raise StorageError(f"{backend} is not supported: use sqlite:///path or postgresql://user@host/name")
    if parsed.database in (None, "", ":memory:"):
        raise StorageError("a database in memory can't be shared by several connections: use sqlite:///path")
    return parsed.set(drivername="sqlite+pysqlite")


def sqlite_path(url: URL) -> Path | None:
    """Return the file of a SQLite URL, None for PostgreSQL."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def make_engine(url: URL, purpose: Purpose) -> Engine:
    """Return an engine without a pool: whoever asks for a connection holds it, in one thread, until it is closed.

    What was answered, and the digests of tokens, stay out of error messages and so out of logs.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, purpose)
    engine = create_engine(url, poolclass=NullPool, use_native_hstore=False, hide_parameters=True)
    if purpose is Purpose.READ:  # one snapshot for all statements of a transaction, as SQLite has it
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    if purpose is Purpose.WRITE:
        from app.storage.wire import hang_on  # noqa: PLC0415 - it needs the driver, which takes a while to import

        hang_on(engine)
    return engine


def _sqlite_engine(url: URL, purpose: Purpose) -> Engine:
    """Make an engine that begins its own transactions.

    The driver's handling begins too late for reads and savepoints, and deferred, where a read before the write
    fails at once if another connection wrote in between.
    """
    path, busy = str(url.database), BUSY_SECONDS[purpose.value]
    identity = None if purpose is Purpose.MIGRATE else _identity(path)

    def connect() -> sqlite3.Connection:
        """Open the file; only a migration makes one where there is none.

        It is looked at before as well as after: another file that was opened, and then gave its name back, would go by the
        log of that name, and SQLite would cut off the log's index under the connections that use it.
        """
        _require_same_file(path, identity)
        mode = "rwc" if purpose is Purpose.MIGRATE else "rw"
        return sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=busy)

    engine = create_engine(url, poolclass=NullPool, creator=connect, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        _require_same_file(path, identity)
        for pragma in _pragmas(purpose):
            connection.execute(f"PRAGMA {pragma}").close()

    if purpose is Purpose.CHECKPOINT:  # a checkpoint is not possible inside a transaction
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    begin = "BEGIN" if purpose is Purpose.READ else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        _require_same_file(path, identity)
        connection.exec_driver_sql(begin)

    return engine


def _identity(path: str) -> tuple[int, int] | None:
    """Return what tells a file from another one of its name, None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _require_same_file(path: str, identity: tuple[int, int] | None) -> None:
    """Refuse to go on with a file that is no longer found under its name: what is written to it would be lost with it."""
    if identity is not None and _identity(path) != identity:
        raise sqlite3.OperationalError(f"{path} was removed or replaced: put it back, or start the service again")


def _pragmas(purpose: Purpose) -> tuple[str, ...]:
    if purpose is Purpose.READ:  # changes nothing, not even the journal mode: the file may be another program's
        return ("foreign_keys = ON", "query_only = ON")
    common = ("journal_mode = WAL", "synchronous = FULL")
    own = {
        Purpose.WRITE: (
            "foreign_keys = ON",
            "recursive_triggers = ON",  # without it INSERT OR REPLACE removes a row past its delete trigger
            "temp_store = MEMORY",
            "wal_autocheckpoint = 0",
            "journal_size_limit = 16777216",  # a log that grew in a burst is cut back when it starts anew
        ),
        Purpose.CHECKPOINT: (),
        # a table that is rebuilt is dropped on the way, which must not cascade
        Purpose.MIGRATE: ("foreign_keys = OFF",),
    }
    return common + own[purpose]
