"""Bringing a database to a revision of the schema, and saying which one it has.

To say it takes no Alembic, with which the service would start a sixth later: files are named by date and revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError

import migrations
from app.storage.engines import APPLICATION_ID, Purpose, make_engine, parse_url, sqlite_path
from app.storage.errors import StorageError
from app.storage.failures import explained

if TYPE_CHECKING:
    from alembic.config import Config

LOCK_SECONDS: Final = 1
PAUSE_SECONDS: Final = 1.0
VERSION_TABLE: Final = "alembic_version"
LOOKED_THROUGH: Final = 256 * 2**20
"""What takes about a third of a second from a cache; a service with a larger file should not wait for it to start."""

TRIES: Final = 60

_LOCK: Final = 0x43726F7373  # any number, the same for every process that migrates
_LOCK_NOT_AVAILABLE: Final = "55P03"


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up to `revision`; of several processes at once one does it and the others find it done.

    Raises
    ------
    StorageError
        The file is another program's, the schema is newer than this version, or the database can't be reached.
    """
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    current(url)  # refuses a foreign file before a connection that may write has touched it
    _run("upgrade", parsed, revision)


def downgrade(url: str, revision: str) -> None:
    """Migrate down to `revision`, "base" for an empty database; raises as `upgrade` does."""
    current(url)
    _run("downgrade", parse_url(url), revision)


def current(url: str) -> str | None:
    """Return the revision that the database has, None without one; raises StorageError for another program's file."""
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    if path is not None and not path.exists():
        return None
    with connected(parsed, Purpose.READ) as connection:
        return revision_of(connection)


@cache
def head() -> str:
    """Return the revision that this version of the program works with."""
    revisions = _revisions()
    if not revisions:
        raise StorageError("the migrations are not installed")
    return revisions[-1]


@cache
def known() -> frozenset[str]:
    """Return the revisions that this version of the program has migrations for."""
    return frozenset(_revisions())


def _revisions() -> list[str]:
    """Return every revision, the first one first."""
    files = (Path(migrations.__path__[0]) / "versions").glob("*_*_*.py")
    return [name.split("_")[1] for name in sorted(file.stem for file in files)]


def require_head(url: str) -> None:
    """Raise a StorageError that says what to do unless the database is at `head`."""
    revision = current(url)
    if revision is None:
        raise StorageError("the database holds no schema yet: run crossdrill migrate")
    if revision != head():
        raise StorageError(f"the schema is at {revision}, this version needs {head()}: run crossdrill migrate")


def require_sound(url: str) -> None:
    """Raise a StorageError if an SQLite file is damaged; one of more than `LOOKED_THROUGH` bytes is not looked through."""
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    if path is None or path.stat().st_size > LOOKED_THROUGH:
        return
    with connected(parsed, Purpose.READ) as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise StorageError(f"the database file is damaged ({' '.join(found.split())}): restore a backup")


def still_serves(revision: str | None) -> bool:
    """Whether a process that found the schema at `head` can go on with this one: at head, or a newer version's.

    A newer version only adds to the schema, so that the old one works until it is replaced.
    """
    return revision is not None and revision not in known() - {head()}


def revision_of(connection: Connection) -> str | None:
    """Return the revision; raise StorageError if the database is another program's or a newer version's."""
    _refuse_foreign(connection)
    is_migrated = inspect(connection).has_table(VERSION_TABLE)
    revision = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) if is_migrated else None  # noqa: S608 - a constant
    if revision is not None and revision not in known():
        raise StorageError(
            f"the schema is at {revision}, which this version does not know: "
            "it is newer (update Crossdrill) or another program's (choose another database)"
        )
    return revision


def _refuse_foreign(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        tables = inspect(connection).get_table_names()
        if tables and VERSION_TABLE not in tables:
            raise StorageError("the database holds another program's tables: choose another database, or a schema of its own")
        return
    owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if owner != APPLICATION_ID and (owner != 0 or inspect(connection).get_table_names()):
        raise StorageError("the SQLite file belongs to another program: choose another path")


@contextmanager
def connected(url: URL, purpose: Purpose) -> Iterator[Connection]:
    """Yield a connection in a transaction; raise StorageError where the database fails."""
    engine = make_engine(url, purpose)
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise StorageError(explained(error)) from error


def _run(step: Literal["upgrade", "downgrade"], url: URL, revision: str) -> None:
    """Migrate in one transaction; where a table is in use for long that is given up and tried again later."""
    from alembic import command  # noqa: PLC0415 - see above

    migrate: Callable[[Config, str], None] = getattr(command, step)
    for _ in range(TRIES):
        try:
            with _locked(url) as connection:
                migrate(_config(connection), revision)
        except StorageError as error:
            if _state_of(error) != _LOCK_NOT_AVAILABLE:
                raise
            sleep(PAUSE_SECONDS)
        else:
            return
    raise StorageError(
        "a transaction that does not end holds a table: end it (see pg_stat_activity), then run crossdrill migrate"
    )


def _state_of(error: StorageError) -> str | None:
    return getattr(getattr(error.__cause__, "orig", None), "sqlstate", None)


@contextmanager
def _locked(url: URL) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other migration shares: SQLite's own begins immediate.

    A statement that waits for a table makes everybody wait who comes after it, readers too, so on PostgreSQL none waits long.
    """
    with connected(url, Purpose.MIGRATE) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        revision_of(connection)
        yield connection


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config(Path(migrations.__path__[0]) / "alembic.ini")
    config.attributes["connection"] = connection
    return config
