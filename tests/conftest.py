"""Databases for every test that wants one: real ones, with the real migrations, SQLite and PostgreSQL alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from app.storage import migrate
from app.storage.database import Database
from tests.postgres import running_postgres
from tests.postgres_databases import PostgresDatabases

ENGINES = ("sqlite", "postgresql")

on_sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test of which the other database would prove nothing more: many cases of one statement, or of none."""

# Laws are tested without a clock: on a busy machine a slow example is no failure.
settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    """Start PostgreSQL once, or use the server that is named; without any the tests fail, for half would go untested."""
    named = os.environ.get("CROSSDRILL_TEST_POSTGRES")
    if named:
        databases = PostgresDatabases(named)
        yield databases
        databases.drop_all()
    else:
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
def postgres_url(postgres: PostgresDatabases) -> Iterator[str]:
    """Give the URL of a PostgreSQL database at head."""
    url = postgres.migrated()
    yield url
    postgres.give_back(url)


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
