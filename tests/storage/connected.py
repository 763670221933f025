"""A connection for a test that works below the services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from app.storage.engines import Purpose, make_engine, parse_url


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Yield a connection inside a transaction."""
    with make_engine(parse_url(url), Purpose.WRITE).begin() as connection:
        yield connection
