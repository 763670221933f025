"""A new release's migrations run while the old one serves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import migrations
from app.errors import UnavailableError
from app.storage import migrate
from app.storage.database import Database
from app.storage.errors import StorageError
from app.storage.models import metadata
from tests.faults.crowd import Crowd
from tests.faults.findings import examine
from tests.faults.server import Server
from tests.storage.connected import connected
from tests.storage.everything import count, fill
from tests.storage.newer import REVISION, newer_release

EVERY_TABLE = tuple(metadata.tables)
REVISIONS = tuple(script.revision for script in reversed(list(ScriptDirectory(migrations.__path__[0]).walk_revisions())))
FROM_WHICH_THE_RULE_HOLDS = "0003"


def test_every_migration_goes_up_and_down_with_rows_in_every_table(empty_url: str) -> None:
    before: dict[str, int] = {}
    for earlier, revision in zip(("base", *REVISIONS), REVISIONS, strict=False):
        migrate.upgrade(empty_url, revision)
        with connected(empty_url) as connection:
            full = fill(connection, 5)
            assert set(inspect(connection).get_table_names()) == {*full, "alembic_version"}
        if before:
            migrate.downgrade(empty_url, earlier)
            with connected(empty_url) as connection:
                assert count(connection) == before
            migrate.upgrade(empty_url, revision)
            with connected(empty_url) as connection:
                full = fill(connection, 5)
        before = full
    migrate.downgrade(empty_url, "base")
    assert migrate.current(empty_url) is None


Shape = dict[str, dict[str, Any]]


def shape(connection: Connection) -> Shape:
    """Return by table what the statements of a release depend on: columns, and what rows must satisfy."""
    found = inspect(connection)
    return {
        table: {
            "columns": {each["name"]: (str(each["type"]), each["nullable"]) for each in found.get_columns(table)},
            "defaults": {each["name"] for each in found.get_columns(table) if each["default"] is not None},
            "key": found.get_pk_constraint(table)["constrained_columns"],
            "unique": {tuple(each["column_names"]) for each in found.get_unique_constraints(table)}
            | {tuple(each["column_names"]) for each in found.get_indexes(table) if each["unique"]},
            "checks": {each["sqltext"] for each in found.get_check_constraints(table)},
            "references": {tuple(each["constrained_columns"]) for each in found.get_foreign_keys(table)},
        }
        for table in found.get_table_names()
    }


def breaches(old: Shape, new: Shape) -> Iterator[str]:
    """Yield what of a migration would break the release before it."""
    for table, before in old.items():
        if table in new:
            yield from breaches_in_columns(table, before, new[table])
            yield from breaches_in_rules(table, before, new[table])
        else:
            yield f"{table} is removed"


def breaches_in_columns(table: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name, kind in before["columns"].items():
        if after["columns"].get(name) != kind:
            yield f"{table}.{name} is removed or of another kind"
    for name in after["columns"].keys() - before["columns"].keys() - after["defaults"]:
        if not after["columns"][name][1]:
            yield f"{table}.{name} is required and has no default"


def breaches_in_rules(table: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if after["key"] != before["key"]:
        yield f"the key of {table} is another"
    added = after["columns"].keys() - before["columns"].keys()
    for what in ("unique", "checks", "references"):
        for rule in after[what] - before[what]:
            if what != "references" or not added.issuperset(rule):
                yield f"{table} has a new constraint: {rule}"


def test_a_migration_only_adds_so_that_the_release_before_it_goes_on(empty_url: str) -> None:
    rolling = REVISIONS[REVISIONS.index(FROM_WHICH_THE_RULE_HOLDS) - 1 :]
    migrate.upgrade(empty_url, rolling[0])
    for _, revision in pairwise(rolling):
        with connected(empty_url) as connection:
            old = shape(connection)
        migrate.upgrade(empty_url, revision)
        with connected(empty_url) as connection:
            assert list(breaches(old, shape(connection))) == []


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ("DROP TABLE reviews", "reviews is removed"),
        ("ALTER TABLE drills RENAME COLUMN seed TO origin", "drills.seed is removed or of another kind"),
        ("ALTER TABLE rooms ADD COLUMN size INTEGER NOT NULL", "rooms.size is required and has no default"),
        ("CREATE UNIQUE INDEX one ON learners (name)", "learners has a new constraint: ('name',)"),
    ],
)
def test_a_change_that_breaks_the_release_before_is_noticed(postgres_url: str, change: str, breach: str) -> None:
    with connected(postgres_url) as connection:
        old = shape(connection)
        connection.execute(text(change))
        assert list(breaches(old, shape(connection))) == [breach]


def test_a_newer_release_migrates_under_load_and_no_request_fails(database_url: str, tmp_path: Path) -> None:
    with Server(database_url) as server, Crowd(server.port) as crowd:
        crowd.wait_for_more()
        with newer_release(tmp_path, EVERY_TABLE):
            migrate.upgrade(database_url)
            assert migrate.current(database_url) == REVISION
        crowd.wait_for_more(30)
        assert server.readiness() == 200
    assert (crowd.wrong, crowd.refusals) == ([], {})
    found = examine(database_url, crowd.acknowledged, crowd.problems)
    assert (found.lost, found.duplicated, found.faults) == (0, 0, [])


@pytest.mark.anyio
async def test_a_process_stays_ready_when_a_newer_release_migrates_and_a_new_one_is_refused(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with newer_release(tmp_path, ("learners",)):
        migrate.upgrade(database_url)
    await database.ready()
    with pytest.raises(StorageError, match=f"{REVISION}.*newer"):
        await Database(database_url).open()


@pytest.mark.anyio
async def test_a_process_is_not_ready_on_an_older_schema(database: Database, database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    with pytest.raises(UnavailableError):
        await database.ready()


@contextmanager
def long_read(url: str) -> Iterator[None]:
    """Hold a transaction open that has read a table."""
    with connected(url) as connection:
        connection.execute(text("SELECT * FROM learners")).all()
        yield


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a migration on PostgreSQL try more often, and not for long."""
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(migrate, "TRIES", 3)


@pytest.mark.usefixtures("hurried")
def test_a_migration_gives_up_where_a_transaction_does_not_end(postgres_url: str, tmp_path: Path) -> None:
    with newer_release(tmp_path, ("learners",)):
        with long_read(postgres_url), pytest.raises(StorageError, match="pg_stat_activity"):
            migrate.upgrade(postgres_url)
        assert migrate.current(postgres_url) != REVISION


def test_a_migration_waits_for_a_long_read_and_makes_nobody_wait_behind_it(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()

    def pause(seconds: float) -> None:
        tried.set()
        time.sleep(seconds / 10)

    monkeypatch.setattr(migrate, "sleep", pause)
    with newer_release(tmp_path, ("learners",)):
        migrating = threading.Thread(target=migrate.upgrade, args=(postgres_url,))
        with long_read(postgres_url):
            migrating.start()
            assert tried.wait(60)
            with connected(postgres_url) as connection:
                connection.execute(text("SELECT * FROM learners")).all()
        migrating.join()
        assert migrate.current(postgres_url) == REVISION
