from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

import migrations
from app.storage import attempts, learners, migrate, problems
from app.storage.attempts import JudgementRow, NewAttempt
from app.storage.engines import APPLICATION_ID, parse_url
from app.storage.errors import StorageError
from app.storage.ids import LOCAL_LEARNER
from app.storage.models import metadata
from app.storage.problems import ProblemRow
from tests.storage.connected import connected


def test_a_new_database_has_no_revision_and_is_brought_to_head(empty_url: str) -> None:
    before = migrate.current(empty_url)
    migrate.upgrade(empty_url)
    assert (before, migrate.current(empty_url)) == (None, migrate.head())


def test_migrations_go_down_and_up_again_with_rows_in_every_table(
    empty_url: str,
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> None:
    migrate.upgrade(empty_url)
    with connected(empty_url) as connection:
        problem = make_problem()
        problems.add(connection, problem)
        attempts.add(connection, make_attempt(problem), make_judgement())
    migrate.downgrade(empty_url, "base")
    with connected(empty_url) as connection:
        left = inspect(connection).get_table_names()
    migrate.upgrade(empty_url)
    assert left == ["alembic_version"]
    assert migrate.current(empty_url) == migrate.head()


ADDED_REFERENCES = {("learners", "room_id"): "rooms", ("problems", "drill_id"): "drills"}


def test_the_models_say_what_the_migrations_make(database_url: str) -> None:
    with connected(database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
        if connection.dialect.name == "sqlite":  # what a reference does on delete is not read back where a column was added
            differences = [each for each in differences if not _is_added_reference(each)]
        assert differences == []


def _is_added_reference(difference: tuple[Any, ...]) -> bool:
    kind, constraint = difference[0], difference[1]
    named = kind in {"add_fk", "remove_fk"} and (constraint.parent.name, *constraint.column_keys)
    return named in ADDED_REFERENCES


@pytest.mark.parametrize(("place", "target"), ADDED_REFERENCES.items())
def test_a_reference_in_a_column_that_was_added_cascades_on_sqlite_too(
    sqlite_url: str, place: tuple[str, str], target: str
) -> None:
    table, column = place
    with connected(sqlite_url) as connection:
        listed = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").mappings().all()
    assert [(row["table"], row["on_delete"]) for row in listed if row["from"] == column] == [(target, "CASCADE")]


def test_the_local_learner_is_there_from_the_first_migration_on(database_url: str) -> None:
    with connected(database_url) as connection:
        local = learners.get(connection, LOCAL_LEARNER)
    assert local is not None
    assert (local.name, local.role) == ("local", "admin")


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    with connected(empty_url) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE idempotency (caller TEXT)"))  # in the way of the last table
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    with pytest.raises(StorageError):
        migrate.upgrade(empty_url)
    with connected(empty_url) as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version", "idempotency"}


def test_of_processes_that_migrate_at_once_one_does_it_and_all_succeed(empty_url: str) -> None:
    program = "import sys; from app.storage import migrate; migrate.upgrade(sys.argv[1]); print(migrate.current(sys.argv[1]))"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(migrate.__file__).parents[2],
        )
        for _ in range(3)
    ]
    said = [process.communicate() for process in processes]
    assert [out.strip() for out, _ in said] == [migrate.head()] * 3, said


def test_another_programs_sqlite_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    for action in (migrate.upgrade, migrate.require_head):
        with pytest.raises(StorageError, match="belongs to another program"):
            action(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to look at its header" * 10)
    with pytest.raises(StorageError, match="can't be used"):
        migrate.upgrade(f"sqlite:///{path}")


def test_a_newer_schema_is_refused_and_said_to_be_newer(database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for action in (migrate.upgrade, migrate.require_head):
        with pytest.raises(StorageError, match=r"9999.*newer"):
            action(database_url)


def test_an_older_schema_is_refused_with_the_command_that_mends_it(database_url: str) -> None:
    migrate.downgrade(database_url, "base")
    with pytest.raises(StorageError, match="run crossdrill migrate"):
        migrate.require_head(database_url)


def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="run crossdrill migrate"):
        migrate.require_head(f"sqlite:///{tmp_path / 'absent.db'}")
    assert list(tmp_path.iterdir()) == []


def test_migrating_makes_the_folder_of_the_file(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path / 'var' / 'crossdrill.db'}")
    assert (tmp_path / "var" / "crossdrill.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "no url"])
def test_a_url_that_can_not_be_served_is_refused(url: str) -> None:
    with pytest.raises(StorageError):
        parse_url(url)


@pytest.mark.parametrize("table", ["attempts", "judgements"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_remove_what_was_answered(
    database_url: str,
    table: str,
    change: str,
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> None:
    with connected(database_url) as connection:
        problem = make_problem()
        problems.add(connection, problem)
        attempts.add(connection, make_attempt(problem), make_judgement())
    with pytest.raises(DBAPIError, match="append-only"), connected(database_url) as connection:
        connection.execute(text(change.format(table)))


def test_a_problem_that_was_answered_can_not_be_removed_alone(
    database_url: str,
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> None:
    with connected(database_url) as connection:
        problem = make_problem()
        problems.add(connection, problem)
        attempts.add(connection, make_attempt(problem), make_judgement())
    with pytest.raises(DBAPIError, match="append-only"), connected(database_url) as connection:
        connection.execute(text("DELETE FROM problems"))


def test_sqlite_can_not_replace_an_attempt(
    sqlite_url: str,
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> None:
    with connected(sqlite_url) as connection:
        problem = make_problem()
        problems.add(connection, problem)
        attempts.add(connection, make_attempt(problem), make_judgement())
    with pytest.raises(DBAPIError, match="append-only"), connected(sqlite_url) as connection:
        connection.execute(text("INSERT OR REPLACE INTO attempts SELECT * FROM attempts"))


def test_postgresql_can_not_truncate_the_attempts(postgres_url: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), connected(postgres_url) as connection:
        connection.execute(text("TRUNCATE attempts, judgements"))


def test_erasing_a_learner_erases_everything_of_theirs_and_nothing_of_others(
    database_url: str,
    now: object,
    make_learner: Callable[..., learners.LearnerRow],
    make_problem: Callable[..., ProblemRow],
    make_attempt: Callable[..., NewAttempt],
    make_judgement: Callable[..., JudgementRow],
) -> None:
    with connected(database_url) as connection:
        ada = make_learner()
        learners.add(connection, ada)
        for problem in (make_problem(ada.id), make_problem()):
            problems.add(connection, problem)
            attempts.add(connection, make_attempt(problem), make_judgement())
    with connected(database_url) as connection:
        erased = learners.erase(connection, ada.id), learners.erase(connection, ada.id)
        counts = [
            connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - the names stand in the line below
            for table in ("learners", "problems", "attempts", "judgements")
        ]
    assert erased == (True, False)
    assert counts == [1, 1, 1, 1]


def test_the_revisions_that_files_are_named_by_are_those_that_alembic_finds() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__path__[0])))
    assert migrate.head() == scripts.get_current_head()
    assert migrate.known() == {script.revision for script in scripts.walk_revisions()}
