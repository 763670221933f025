"""Databases for every test that wants one: real ones, with the real migrations, SQLite and PostgreSQL alike."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from app.storage import migrate
from app.storage.database import Database
from tests.postgres import running_postgres

ENGINES = ("sqlite", "postgresql")

# Laws are tested without a clock: on a busy machine a slow example is no failure.
settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


class PostgresDatabases:
    """Makes databases on a running server: empty ones, and copies of one that was migrated once."""

    def __init__(self, admin_url: str) -> None:
        self._url = make_url(admin_url)
        self._numbers = count(1)
        self._migrated: str | None = None

    def empty(self) -> str:
        return self._create("template0")

    def migrated(self) -> str:
        if self._migrated is None:
            url = self.empty()
            migrate.upgrade(url)
            self._migrated = make_url(url).database
        return self._create(str(self._migrated))

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        server = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self._url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    """Start PostgreSQL once; where it can't start the tests fail, for half of what they promise would go untested."""
    with running_postgres() as url:
        yield PostgresDatabases(url)


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "crossdrill.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """Return the URL of a SQLite database at head."""
    return f"sqlite:///{shutil.copy(migrated_sqlite_file, tmp_path / 'crossdrill.db')}"


@pytest.fixture
def postgres_url(postgres: PostgresDatabases) -> str:
    """Return the URL of a PostgreSQL database at head."""
    return postgres.migrated()


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without a schema, on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    postgres: PostgresDatabases = request.getfixturevalue("postgres")
    return postgres.empty()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a database at head, on either engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def database(anyio_backend: str, database_url: str) -> AsyncIterator[Database]:
    """Give an open database, on either engine, to a test that is marked anyio."""
    opened = Database(database_url)
    await opened.open()
    yield opened
    await opened.close()
