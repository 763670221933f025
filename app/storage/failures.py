"""What it means when a statement fails: that the database can't work now, or that the statement was wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from sqlalchemy.exc import DBAPIError

from app.errors import StorageFullError, UnavailableError

NAMES: Final = frozenset({"OperationalError", "InterfaceError"})
"""What every driver calls errors that are not the statement's fault (PEP 249), and SQLAlchemy too."""

DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, "XX001", "XX002"})
READ_ONLY: Final = frozenset({"25006"})
"""A PostgreSQL that follows another one, as all do for a moment when one takes over; SQLite's is an OperationalError."""

TOO_SLOW: Final = frozenset({"25P03"})
"""A transaction in which nothing happened for so long that PostgreSQL ended it, to free what it had locked."""

FULL: Final = frozenset({sqlite3.SQLITE_FULL, "53100"})

MEANING: Final = {
    sqlite3.SQLITE_NOTADB: "the file is not a database: choose another path, or restore a backup",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore a backup",
    sqlite3.SQLITE_CANTOPEN: "the file can't be opened: it must be a file, in a folder that this user may write to",
    sqlite3.SQLITE_READONLY: "the file is read-only: let this user write to it and to its folder",
    sqlite3.SQLITE_FULL: "the disk is full: make room on it",
}
"""What the driver's own words leave to guess, and what to do."""


def explained(error: DBAPIError) -> str:
    """Return what the database says, in words that help who runs the service."""
    code = _code(error)
    meaning = MEANING.get(code) if isinstance(code, int) else None
    return f"the database can't be used: {meaning or error.orig}"


def unavailable(cause: BaseException) -> UnavailableError:
    """Return the error that callers see, with what the database said as its cause."""
    error = StorageFullError() if any(_code(each) in FULL for each in _chain(cause)) else UnavailableError()
    error.__cause__ = cause
    return error


def is_the_databases(error: BaseException) -> bool:
    """Whether the database failed, rather than what was asked of it; for errors of a driver and of SQLAlchemy."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(NAMES & names) or _code(error) in DAMAGED | READ_ONLY | TOO_SLOW


def _code(error: BaseException) -> int | str | None:
    """Return SQLite's primary error code or PostgreSQL's SQLSTATE."""
    raised = getattr(error, "orig", error)
    extended: int | None = getattr(raised, "sqlite_errorcode", None)
    return getattr(raised, "sqlstate", None) if extended is None else extended & 0xFF


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it: on a full disk going back to a savepoint fails as well."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
