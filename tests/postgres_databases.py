"""Databases on a PostgreSQL server for the tests: to make one takes a third of a second, to empty one a few milliseconds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import psycopg
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, make_url, select, text

from app.storage import migrate
from app.storage.models import metadata

# What is in the catalogue of a migrated database: whatever a test does to it, it is not lent again unless this is as before.
_SHAPE: Final = text("""
SELECT format('%s %s %s', relname, relkind, relnatts) FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT format('%s %s', tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT conname::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
ORDER BY 1""")
_SEND_OTHERS_AWAY: Final = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True)
class _First:
    """What a database holds when the migrations have run."""

    shape: tuple[str, ...]
    rows: dict[str, list[dict[str, Any]]]


class PostgresDatabases:
    """Makes databases on a running server: empty ones, and copies of one that was migrated once, which can be given back."""

    def __init__(self, admin_url: str) -> None:
        self._url = make_url(admin_url)
        self._names = (f"crossdrill_test_{os.getpid()}_{number}" for number in count(1))
        self._made: list[str] = []
        self._template: str | None = None
        self._first: _First | None = None
        self._free: list[str] = []

    def empty(self) -> str:
        """Return the URL of a database without a schema."""
        return self._create("template0")

    def migrated(self) -> str:
        """Return the URL of a database at head: one that was given back, else a new one."""
        if self._free:
            return self._free.pop()
        if self._template is None:
            url = self.empty()
            migrate.upgrade(url)
            self._template = str(make_url(url).database)
        return self._create(self._template)

    def give_back(self, url: str) -> None:
        """Take a database of `migrated` back as it was; one of which more than the rows was changed is not lent again."""
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(_SEND_OTHERS_AWAY)
            if _shape(connection) == self._as_migrated().shape and _revision(connection) == migrate.head():
                _empty(connection, self._as_migrated().rows)
                self._free.append(url)

    def drop_all(self) -> None:
        """Remove every database that was made."""
        with psycopg.connect(self._server(), autocommit=True) as connection:
            for name in self._made:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def _as_migrated(self) -> _First:
        if self._first is None:
            engine = create_engine(self._url.set(database=self._template), poolclass=NullPool)
            with engine.begin() as connection:
                self._first = _First(_shape(connection), _rows(connection))
        return self._first

    def _create(self, template: str) -> str:
        name = next(self._names)
        with psycopg.connect(self._server(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _server(self) -> str:
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)


def _shape(connection: Connection) -> tuple[str, ...]:
    return tuple(connection.scalars(_SHAPE))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    tables = {name: list(connection.execute(select(table)).mappings()) for name, table in metadata.tables.items()}
    return {name: [dict(row) for row in rows] for name, rows in tables.items() if rows}


def _empty(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Remove every row but those that a new database holds: with its learner goes what may not be removed by itself."""
    for name in ("learners", *(name for name in metadata.tables if name not in {"learners", "attempts", "judgements"})):
        connection.execute(metadata.tables[name].delete())
    for name, first in rows.items():
        connection.execute(metadata.tables[name].insert(), first)
