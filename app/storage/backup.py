"""An SQLite database as one file, taken while it is served and checked by opening it; and the way back."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection

from app.storage.engines import Purpose, sqlite_path
from app.storage.errors import StorageError
from app.storage.migrate import connected, revision_of, upgrade

Notice = Callable[[int, int], None]
"""Is told how many pages are copied, of how many."""

PAGES_AT_ONCE: Final = 2000
# Where every program that has a file open in this journal mode holds a lock: see SQLite's lock-byte page.
SHARED_LOCK: Final = (510, 0x40000002)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a checked file holds."""

    revision: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a restore: what the backup held, and where what was there before is kept, None if nothing was."""

    contents: Contents
    kept: Path | None


def check(path: Path, *, called: Path | None = None) -> Contents:
    """Open a file and return what it holds; what is wrong with it is said of what it is `called`.

    Raises
    ------
    StorageError
        It is absent, damaged, another program's or a newer version's.
    """
    if not path.is_file():
        raise StorageError(f"{path}: there is no such file")
    try:
        with connected(_url(path), Purpose.READ) as connection:
            return _contents(connection)
    except StorageError as error:
        raise StorageError(f"{called or path}: {error}") from error


def _contents(connection: Connection) -> Contents:
    revision = revision_of(connection)
    if revision is None:
        raise StorageError("it holds no schema of Crossdrill")
    found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if found != "ok":
        raise StorageError(f"it is damaged: {found}")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StorageError("it is damaged: a row refers to one that is not there")
    return Contents(revision, connection.exec_driver_sql("SELECT count(*) FROM attempts").scalar_one())


def back_up(database: Path, target: Path, notice: Notice) -> Contents:
    """Copy the database, as it is at this moment, into a file that appears under its name once it is checked and on the disk.

    Raises
    ------
    StorageError
        The database or its copy is damaged or is not Crossdrill's, or the copy can't be written.
    """
    partial = target.with_name(f"{target.name}.partial")
    with _left_clean(partial):
        _make(partial, database)
        _copy(database, partial, notice)
        contents = check(partial, called=database)
        _flush(partial)
        partial.replace(target)
    _flush(target.parent)
    return contents


def restore(backup: Path, database: Path, now: datetime, notice: Notice) -> Restored:
    """Put a checked copy of `backup`, migrated to this version, in the place of the database, which is kept beside.

    Raises
    ------
    StorageError
        The backup is damaged, another program's or a newer version's, or the database is being served.
    """
    contents = check(backup)
    database.parent.mkdir(parents=True, exist_ok=True)
    staged = database.with_name(f"{database.name}.restoring")
    with _unserved(database), _left_clean(staged):
        _make(staged, database if database.exists() else backup)
        _copy(backup, staged, notice)
        upgrade(_url(staged).render_as_string(hide_password=False))
        if database.exists():
            _belong_alike(staged, database)
        _flush(staged)
        kept = _put_aside(database, now)
        staged.replace(database)
    _flush(database.parent)
    return Restored(contents, kept)


def require_unserved(url: URL) -> None:
    """Raise a StorageError if another process has an SQLite database open; nothing is known of PostgreSQL."""
    path = sqlite_path(url)
    if path is not None:
        with _unserved(path):
            return


def _make(path: Path, like: Path) -> None:
    """Make an empty file that is as private as another one before anything is in it, and that can be written."""
    path.touch(0o600)
    path.chmod(stat.S_IMODE(like.stat().st_mode) | stat.S_IRUSR | stat.S_IWUSR)


def _copy(source: Path, target: Path, notice: Notice) -> None:
    """Copy page by page from one snapshot, which makes no writer wait, into a file that needs no log beside it."""
    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as one, closing(sqlite3.connect(target)) as other:
            one.execute("PRAGMA query_only = ON")
            one.execute("BEGIN")
            one.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on the snapshot is held
            one.backup(other, pages=PAGES_AT_ONCE, progress=lambda _, left, of: notice(of - left, of))
            other.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StorageError(f"{source} can't be copied to {target}: {error}") from error


@contextmanager
def _unserved(path: Path) -> Iterator[None]:
    """Keep every other program from opening the file; raise StorageError where one has it open."""
    if sys.platform == "win32" or not path.exists():  # on Windows a file that is open can't be replaced
        yield
        return
    import fcntl  # noqa: PLC0415 - not there on Windows

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *SHARED_LOCK)
        except OSError as error:
            raise StorageError(f"{path} is being served: stop the service first") from error
        yield


@contextmanager
def _left_clean(path: Path) -> Iterator[None]:
    """Remove the file that is worked on, and what SQLite may have put beside it, before and after."""
    beside = [path.with_name(f"{path.name}{ending}") for ending in ("", "-wal", "-shm", "-journal")]
    try:
        for each in beside:
            each.unlink(missing_ok=True)
        yield
    finally:
        for each in beside:
            each.unlink(missing_ok=True)


def _belong_alike(path: Path, other: Path) -> None:
    """Give a file the owner of another, so that whoever could serve the one can serve it."""
    of = other.stat()
    if sys.platform != "win32" and (of.st_uid, of.st_gid) != (path.stat().st_uid, path.stat().st_gid):
        os.chown(path, of.st_uid, of.st_gid)


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Give the database a second name, and its log that name too: SQLite would read it into whatever lies there next."""
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    os.link(database, kept)
    log = database.with_name(f"{database.name}-wal")
    if log.exists():
        log.replace(kept.with_name(f"{kept.name}-wal"))
    database.with_name(f"{database.name}-shm").unlink(missing_ok=True)
    return kept


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _url(path: Path) -> URL:
    return URL.create("sqlite+pysqlite", database=str(path))
