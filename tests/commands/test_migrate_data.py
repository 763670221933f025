"""Everything moves from either database into the other, is proved to be there, and goes on where it was stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app.storage import copying, learners, migrate
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from tests.commands.conftest import Run
from tests.postgres_databases import PostgresDatabases
from tests.storage.connected import connected
from tests.storage.everything import FIRST, count, fill, make_guests

ROOT = Path(__file__).parents[2]
ROWS, A_BATCH = 9, 4
Urls = tuple[str, str]

COPYING = """
import sys
import time

from sqlalchemy import Engine, event

from app.storage import copying

commits = []

@event.listens_for(Engine, "commit")
def commit(connection):
    commits.append(connection)
    if len(commits) > int(sys.argv[3]):  # a batch is written, and not committed
        print("written", flush=True)
        time.sleep(600)

copying.copy(sys.argv[1], sys.argv[2], lambda _: None, batch=int(sys.argv[4]))
"""


@pytest.fixture(params=["to-postgresql", "to-sqlite"])
def urls(request: pytest.FixtureRequest, sqlite_url: str, postgres: PostgresDatabases, tmp_path: Path) -> Urls:
    """Return the URLs of a database with rows in every table, and of an empty one of the other engine."""
    if request.param == "to-postgresql":
        source, target = sqlite_url, postgres.empty()
    else:
        source, target = postgres.migrated(), f"sqlite:///{tmp_path / 'target.db'}"
    with connected(source) as connection:
        fill(connection, ROWS)
        make_guests(connection, ROWS)
    return source, target


def held(url: str) -> dict[str, int]:
    with connected(url) as connection:
        return count(connection)


def test_everything_is_copied_compared_and_listed_and_found_there_by_a_second_run(urls: Urls, run: Run) -> None:
    ended = run("migrate-data", *urls)
    assert (ended.status, ended.err) == (0, "")
    assert "differs" not in ended.out
    assert ended.out.count("same") == len(held(urls[0]))
    assert held(urls[1]) == held(urls[0])
    assert run("migrate-data", *urls).status == 0


def test_a_learner_who_owns_the_room_that_another_joined_is_copied_with_both(urls: Urls, run: Run) -> None:
    run("migrate-data", *urls)
    guests = "SELECT name FROM learners WHERE room_id IS NOT NULL ORDER BY name"
    found = []
    for url in urls:
        with connected(url) as connection:
            found.append(connection.execute(text(guests)).scalars().all())
    assert found[0]
    assert found[0] == found[1]


@pytest.mark.parametrize("commits", [3, 40])
def test_a_copy_that_is_killed_goes_on_and_comes_to_the_same(urls: Urls, run: Run, commits: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", COPYING, *urls, str(commits), str(A_BATCH)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert sum(held(urls[1]).values()) < sum(held(urls[0]).values())
    assert run("migrate-data", "--verify", *urls).status == 1
    assert run("migrate-data", *urls).status == 0


CHANGED = {
    "problems": "UPDATE problems SET truth = '{}' WHERE tries = 4",
    "drills": "UPDATE drills SET started_at = '2026-11-20 21:16:00.123457+00:00' WHERE shown = 0",  # by a microsecond
    "tokens": "DELETE FROM tokens WHERE name LIKE '% 8'",
    "learners": "UPDATE learners SET room_id = NULL",
}


def test_what_is_not_the_same_is_named(urls: Urls, run: Run) -> None:
    run("migrate-data", *urls)
    for table, change in CHANGED.items():
        with connected(urls[1]) as connection:
            in_its_form = change.replace("+00:00", "") if connection.dialect.name == "sqlite" else change
            assert connection.execute(text(in_its_form)).rowcount > 0
        ended = run("migrate-data", "--verify", *urls)
        assert ended.status == 1
        assert f"{table} from " in ended.err


def test_what_the_source_does_not_have_is_refused_and_left_alone(urls: Urls, run: Run) -> None:
    migrate.upgrade(urls[1])
    with connected(urls[1]) as connection:
        learners.add(connection, LearnerRow(new_id(), "Ada", "learner", "en", FIRST))
    before = held(urls[1])
    ended = run("migrate-data", *urls)
    assert ended.status == 1
    assert "the target has learners" in ended.err
    assert held(urls[1]) == before


def test_a_database_that_is_not_at_this_version_is_refused(urls: Urls, run: Run) -> None:
    migrate.upgrade(urls[1], "0003")
    assert "run crossdrill migrate" in run("migrate-data", *urls).err
    migrate.downgrade(urls[0], "0003")
    assert "run crossdrill migrate" in run("migrate-data", *urls).err


def test_the_same_database_twice_is_refused(run: Run, on_sqlite: str) -> None:
    assert "the same database" in run("migrate-data", on_sqlite, on_sqlite).err


def test_a_file_by_two_names_is_refused_and_keeps_its_local_learner(run: Run, on_sqlite: str, tmp_path: Path) -> None:
    (tmp_path / "other.db").symlink_to(on_sqlite.removeprefix("sqlite:///"))
    before = held(on_sqlite)
    assert "the same database" in run("migrate-data", on_sqlite, f"sqlite:///{tmp_path / 'other.db'}").err
    assert held(on_sqlite) == before


def test_what_the_target_can_not_hold_is_told_with_its_table(run: Run, on_sqlite: str, postgres: PostgresDatabases) -> None:
    with connected(on_sqlite) as connection:
        connection.execute(text("UPDATE learners SET name = 'A' || char(0) || 'da'"))
    ended = run("migrate-data", on_sqlite, postgres.empty())
    assert ended.status == 1
    assert ended.err.startswith("crossdrill: a row of learners can't be written: ")
    assert "NUL" in ended.err


def test_passwords_are_not_shown(run: Run, on_sqlite: str) -> None:
    ended = run("migrate-data", on_sqlite, "postgresql://ada:hunter2@localhost:1/drill")
    assert ended.status == 1
    assert "hunter2" not in ended.out + ended.err


def test_a_file_that_is_served_is_refused(run: Run, on_sqlite: str, tmp_path: Path) -> None:
    """What is answered while it is copied would be left behind."""
    holding = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM learners').fetchall(); input(1)"
    path = on_sqlite.removeprefix("sqlite:///")
    process = subprocess.Popen([sys.executable, "-c", holding, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read(1)
    ended = run("migrate-data", on_sqlite, f"sqlite:///{tmp_path / 'target.db'}")
    process.communicate(b"\n")
    assert ended.status == 1
    assert "stop the service first" in ended.err
    assert not (tmp_path / "target.db").exists()


def test_progress_counts_every_row_copied_and_every_row_compared(urls: Urls) -> None:
    told: list[int] = []
    copying.copy(*urls, told.append)
    rows = copying.size(urls[0])
    assert sum(told) == rows
    copying.compare(*urls, told.append)
    assert sum(told) == 2 * rows
