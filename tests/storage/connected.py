"""A connection for a test that works below the services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from app.storage.engines import Purpose, make_engine, parse_url, sqlite_path


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Yield a connection inside a transaction; an SQLite file that isn't there is made, empty."""
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    if path is not None:
        path.touch()
    with make_engine(parsed, Purpose.WRITE).begin() as connection:
        yield connection
