from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import IntegrityError, InternalError

from app.errors import NotFoundError, OverloadedError, UnavailableError
from app.storage import engines, learners, migrate
from app.storage.database import Database
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.errors import StorageError
from app.storage.learners import LearnerRow

pytestmark = pytest.mark.anyio

T = TypeVar("T")
Make = Callable[..., LearnerRow]


def adding(learner: LearnerRow) -> Callable[[Connection], None]:
    return lambda connection: learners.add(connection, learner)


def names(connection: Connection) -> set[str]:
    return set(connection.scalars(text("SELECT name FROM learners WHERE name <> 'local'")))


def names_seen_from_outside(database_url: str) -> set[str]:
    with make_engine(parse_url(database_url), Purpose.READ).begin() as connection:
        return names(connection)


class HeldWriter:
    """Keeps the writer busy with a piece of work until it is let go, so that what comes next forms one batch."""

    def __init__(self, database: Database) -> None:
        self._running = threading.Event()
        self._let_go = threading.Event()
        self._task = asyncio.ensure_future(database.write(self._wait))

    def _wait(self, _connection: Connection) -> None:
        self._running.set()
        self._let_go.wait()

    async def is_busy(self) -> None:
        await asyncio.sleep(0)
        await asyncio.to_thread(self._running.wait)

    async def let_go(self) -> None:
        self._let_go.set()
        await self._task


async def queued(*calls: Coroutine[None, None, T]) -> list[asyncio.Task[T]]:
    """Start each call, so that all are in the queue."""
    tasks = [asyncio.create_task(call) for call in calls]
    await asyncio.sleep(0)
    return tasks


async def test_what_was_written_is_committed_when_write_returns(
    database: Database, database_url: str, make_learner: Make
) -> None:
    await database.write(adding(make_learner("Ada")))
    assert names_seen_from_outside(database_url) == {"Ada"}


async def test_write_and_read_return_what_the_work_returns(database: Database) -> None:
    assert await database.write(lambda connection: connection.scalar(text("SELECT 40 + 2"))) == 42
    assert await database.read(lambda connection: connection.scalar(text("SELECT 40 + 2"))) == 42


async def test_an_error_takes_back_the_work_and_passes_through_unchanged(database: Database, make_learner: Make) -> None:
    error = NotFoundError()

    def add_and_fail(connection: Connection) -> None:
        learners.add(connection, make_learner())
        raise error

    with pytest.raises(NotFoundError) as caught:
        await database.write(add_and_fail)
    assert caught.value is error
    assert await database.read(names) == set()


async def test_one_that_fails_among_many_fails_alone(database: Database, make_learner: Make) -> None:
    def add_and_fail(connection: Connection) -> None:
        learners.add(connection, make_learner("half done"))
        raise NotFoundError

    def break_a_constraint(connection: Connection) -> None:
        learners.add(connection, make_learner("half done"))
        learners.add(connection, replace(make_learner(), role="king"))

    held = HeldWriter(database)
    await held.is_busy()
    good = [make_learner(f"good {number}") for number in range(6)]
    works = [adding(learner) for learner in good]
    works[1:1] = [add_and_fail]
    works[4:4] = [break_a_constraint]
    tasks = await queued(*(database.write(work) for work in works))
    await held.let_go()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    failures = [type(outcome) for outcome in outcomes if outcome is not None]
    assert failures == [NotFoundError, IntegrityError]
    assert await database.read(names) == {learner.name for learner in good}


async def test_work_that_swallows_an_error_of_the_database_harms_no_other(
    database: Database, database_url: str, make_learner: Make
) -> None:
    """On PostgreSQL the transaction is broken then, and only going back to the savepoint mends it."""
    first = make_learner("first")

    def add_twice(connection: Connection) -> None:
        with pytest.raises(IntegrityError):
            learners.add(connection, first)

    held = HeldWriter(database)
    await held.is_busy()
    works = (adding(first), add_twice, adding(make_learner("last")))
    tasks = await queued(*(database.write(work) for work in works))
    await held.let_go()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await database.read(names) == {"first", "last"}


async def test_works_that_wait_together_share_one_commit(sqlite_url: str, make_learner: Make) -> None:
    database = Database(sqlite_url)
    await database.open()
    held = HeldWriter(database)
    await held.is_busy()
    seen: list[set[str]] = []
    works = (adding(make_learner("first")), lambda _connection: seen.append(names_seen_from_outside(sqlite_url)))
    tasks = await queued(*(database.write(work) for work in works))
    await held.let_go()
    await asyncio.gather(*tasks)
    await database.close()
    assert seen == [set()]


async def test_a_waiter_that_leaves_does_not_take_its_work_along(database: Database, make_learner: Make) -> None:
    held = HeldWriter(database)
    await held.is_busy()
    [task] = await queued(database.write(adding(make_learner("Ada"))))
    task.cancel()
    await held.let_go()
    await database.write(lambda _connection: None)
    assert await database.read(names) == {"Ada"}


async def test_a_full_queue_refuses_more_and_says_when_to_come_again(database_url: str) -> None:
    database = Database(database_url, writers=1, queue_limit=2)
    await database.open()
    held = HeldWriter(database)
    await held.is_busy()
    tasks = await queued(*(database.write(lambda _connection: None) for _ in range(2)))
    with pytest.raises(OverloadedError) as caught:
        await database.write(lambda _connection: None)
    await held.let_go()
    await asyncio.gather(*tasks)
    await database.write(lambda _connection: None)
    await database.close()
    assert caught.value.values == {"retry_after": 1}


async def test_closing_finishes_what_is_queued_and_takes_no_more(database_url: str, make_learner: Make) -> None:
    database = Database(database_url, writers=1, batch_limit=4)
    await database.open()
    held = HeldWriter(database)
    await held.is_busy()
    expected = {f"learner {number}" for number in range(10)}
    tasks = await queued(*(database.write(adding(make_learner(name))) for name in sorted(expected)))
    [closing_down] = await queued(database.close())
    with pytest.raises(UnavailableError):
        await database.write(lambda _connection: None)
    await held.let_go()
    await asyncio.gather(closing_down, *tasks)
    assert names_seen_from_outside(database_url) == expected


async def test_a_closed_database_is_unavailable(database_url: str) -> None:
    database = Database(database_url)
    await database.open()
    await database.close()
    await database.close()
    for call in (database.ready(), database.read(names), database.write(names)):
        with pytest.raises(UnavailableError):
            await call


async def test_a_read_can_not_write(database: Database, make_learner: Make) -> None:
    with pytest.raises((UnavailableError, InternalError)):
        await database.read(adding(make_learner()))
    assert await database.read(names) == set()


async def test_a_read_sees_one_snapshot_while_others_write(database: Database, make_learner: Make) -> None:
    read_once, written = threading.Event(), threading.Event()

    def read_twice(connection: Connection) -> tuple[set[str], set[str]]:
        before = names(connection)
        read_once.set()
        written.wait()
        return before, names(connection)

    [reading] = await queued(database.read(read_twice))
    await asyncio.to_thread(read_once.wait)
    await database.write(adding(make_learner("Ada")))
    written.set()
    assert await reading == (set(), set())
    assert await database.read(names) == {"Ada"}


async def test_a_commit_that_fails_fails_for_all_who_wait_and_the_next_one_works(
    database: Database, database_url: str, make_learner: Make
) -> None:
    """A constraint that is looked at when the transaction ends is the simplest commit that can't succeed."""

    def leave_an_orphan(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.exec_driver_sql("ALTER TABLE tokens ALTER CONSTRAINT fk_tokens_learner_id DEFERRABLE")
            connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
        orphan = "'00000000000070008000000000000009'"
        row = f"({orphan}, {orphan}, 'n', 'p', 'd', '2026-11-20 00:00:00.000000')"
        columns = "(id, learner_id, name, prefix, digest, created_at)"
        connection.exec_driver_sql(f"INSERT INTO tokens {columns} VALUES {row}")  # noqa: S608 - constants alone

    held = HeldWriter(database)
    await held.is_busy()
    works = (adding(make_learner("lost")), leave_an_orphan)
    tasks = await queued(*(database.write(work) for work in works))
    await held.let_go()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await database.write(adding(make_learner("kept")))
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 2
    assert names_seen_from_outside(database_url) == {"kept"}


async def test_a_locked_file_makes_writes_unavailable_and_reads_go_on(
    sqlite_url: str, make_learner: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(engines.BUSY_SECONDS, "write", 0)
    database = Database(sqlite_url)
    await database.open()
    with closing(sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError):
            await database.write(adding(make_learner("lost")))
        assert await database.read(names) == set()
        other.execute("ROLLBACK")
    await database.write(adding(make_learner("kept")))
    assert await database.read(names) == {"kept"}
    await database.close()


async def test_on_a_full_disk_exactly_what_was_reported_as_stored_is_stored(sqlite_url: str, make_learner: Make) -> None:
    database = Database(sqlite_url)
    await database.open()
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1").close())
    held = HeldWriter(database)
    await held.is_busy()
    rows = [make_learner(name) for name in ("small", "large" * 100_000, "small too")]
    tasks = await queued(*(database.write(adding(row)) for row in rows))
    await held.let_go()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    stored = {row.name for row, outcome in zip(rows, outcomes, strict=True) if outcome is None}
    assert isinstance(outcomes[1], UnavailableError)
    assert names_seen_from_outside(sqlite_url) == stored
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 100000").close())
    await database.write(adding(rows[1]))
    await database.close()


async def test_the_log_is_moved_into_the_file_while_the_database_is_in_use(sqlite_url: str, make_learner: Make) -> None:
    database = Database(sqlite_url)
    await database.open()
    await database.write(adding(make_learner("Ada Lovelace")))
    path = Path(str(make_url(sqlite_url).database))
    async with asyncio.timeout(60):
        while b"Ada Lovelace" not in path.read_bytes():
            await asyncio.sleep(0.05)
    await database.write(adding(make_learner("Emmy Noether")))
    assert names_seen_from_outside(sqlite_url) == {"Ada Lovelace", "Emmy Noether"}
    await database.close()


async def test_a_connection_that_is_lost_is_replaced(postgres_url: str, make_learner: Make) -> None:
    database = Database(postgres_url)
    await database.open()
    await database.write(adding(make_learner("before")))
    with make_engine(parse_url(postgres_url), Purpose.WRITE).begin() as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(UnavailableError):
        await database.write(adding(make_learner("lost")))
    await database.write(adding(make_learner("after")))
    await database.close()
    assert names_seen_from_outside(postgres_url) == {"before", "after"}


async def test_what_was_prepared_is_there_after_a_rollback(database: Database, make_learner: Make) -> None:
    """The driver prepares what it is asked often, and after a rollback it would forget all that is prepared, its own or not."""
    ada = make_learner("Ada")

    def fail(connection: Connection) -> None:
        names(connection)
        raise NotFoundError

    for _ in range(10):
        await database.write(names)
    await database.write(adding(ada))
    with pytest.raises(NotFoundError):
        await database.write(fail)
    assert await database.write(lambda connection: learners.get(connection, ada.id)) == ada
    await database.write(adding(make_learner("Emmy")))


async def test_a_read_does_not_notice_that_its_connection_was_lost(postgres_url: str) -> None:
    database = Database(postgres_url, readers=1)
    await database.open()
    await database.read(names)
    with make_engine(parse_url(postgres_url), Purpose.WRITE).begin() as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await database.read(names) == set()
    await database.close()


async def test_a_database_that_is_not_at_head_is_neither_opened_nor_ready(database: Database, database_url: str) -> None:
    await database.ready()
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '0003'")))
    with pytest.raises(UnavailableError):
        await database.ready()
    with pytest.raises(StorageError):
        await Database(database_url).open()


async def test_a_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="can't be used"):
        await Database(f"postgresql://nobody@/none?host={tmp_path}").open()


async def test_sqlite_is_set_up_to_keep_what_it_was_given(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.open()

    def settings(connection: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "wal_autocheckpoint")
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}

    found = await database.write(settings)
    await database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "wal_autocheckpoint": 0,
    }


async def test_closing_empties_the_log_even_if_another_program_has_the_file_open(sqlite_url: str, make_learner: Make) -> None:
    database = Database(sqlite_url)
    await database.open()
    await database.write(adding(make_learner("Ada")))
    path = Path(str(make_url(sqlite_url).database))
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT count(*) FROM learners").fetchall()
        before = path.with_name(f"{path.name}-wal").stat().st_size
        await database.close()
        after = path.with_name(f"{path.name}-wal").stat().st_size
    assert before > after == 0


async def test_closing_leaves_one_file_with_everything_in_it(sqlite_url: str, make_learner: Make) -> None:
    database = Database(sqlite_url)
    await database.open()
    await database.write(adding(make_learner("Ada")))
    await database.close()
    path = Path(str(make_url(sqlite_url).database))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert migrate.current(sqlite_url) == migrate.head()
