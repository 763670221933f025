"""Statements in PostgreSQL's own words, and where a connection keeps what says them; without the driver, slow to import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

if TYPE_CHECKING:
    from app.storage.wire import Wire

WIRE: Final = "wire"
_NAMED: Final = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """A statement with its parameters as `$1`, `$2` …; a type that is 0 the server finds out. It equals itself alone."""

    sql: bytes
    types: tuple[int, ...] = ()


def numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """Return SQL with `%(name)s` as PostgreSQL itself wants it, `$1`, and the names in that order."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    return _NAMED.sub(number, sql).encode(), tuple(names)


def wire_of(connection: Connection) -> Wire | None:
    """Return the wire of a connection, None where it has none."""
    wire: Wire | None = connection.info.get(WIRE)
    return wire
