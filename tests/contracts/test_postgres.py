"""The PostgreSQL of the tests: it needs no hand, leaves nothing behind, and what is lent twice is as new."""

from __future__ import annotations

import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.storage.ids import LOCAL_LEARNER
from tests import postgres as server
from tests.postgres_databases import PostgresDatabases
from tests.storage.connected import connected

ROOT = Path(__file__).parents[2]
HOLDING = """
import time
from tests.postgres import running_postgres

with running_postgres() as url:
    print(url, flush=True)
    time.sleep(600)
"""
GONE_AFTER = 30
ELSEWHERE = {Path("/tmp").resolve(), Path("/var/tmp").resolve()}  # noqa: S108 - nothing is written there


def test_a_killed_test_run_leaves_no_server_and_no_folder() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDING], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        folder = Path(str(make_url(run.stdout.readline().strip()).query["host"]))
        run.kill()
    # The guard removes the folder once the server has removed its own mark in it.
    assert run.returncode == -signal.SIGKILL
    deadline = time.monotonic() + GONE_AFTER
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()


def test_a_database_that_is_lent_again_is_as_new_and_nobody_is_left_in_it(postgres: PostgresDatabases) -> None:
    url = postgres.migrated()
    left_open = connected(url)
    connection = left_open.__enter__()
    connection.execute(text("UPDATE learners SET name = 'Ada', role = 'learner'"))
    connection.execute(
        text(
            "INSERT INTO audit (id, happened_at, actor_role, action, details)"
            " VALUES ('01990b7e-3c00-7000-8000-000000000001', now(), 'admin', 'nothing', '{}')"
        )
    )
    connection.commit()
    postgres.give_back(url)
    assert postgres.migrated() == url
    with connected(url) as again:
        assert again.execute(text("SELECT id, name, role FROM learners")).all() == [(LOCAL_LEARNER, "local", "admin")]
        assert again.scalar(text("SELECT count(*) FROM audit")) == 0
    postgres.give_back(url)


@pytest.mark.parametrize(
    "change", ["ALTER TABLE attempts DISABLE TRIGGER USER", "DROP TABLE audit", "UPDATE alembic_version SET version_num = '1'"]
)
def test_a_database_whose_schema_was_changed_is_not_lent_again(postgres: PostgresDatabases, change: str) -> None:
    url = postgres.migrated()
    with connected(url) as connection:
        connection.execute(text(change))
    postgres.give_back(url)
    assert postgres.migrated() != url


def test_as_root_the_server_runs_as_another_user_who_need_not_be_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [user for user in pwd.getpwall() if user.pw_name != "nobody" and user.pw_uid != 0]
    given: list[tuple[int, int]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.chown", lambda _path, uid, gid: given.append((uid, gid)))
    monkeypatch.setattr("pwd.getpwall", lambda: others)
    account = server._account_for(tmp_path)
    assert [(account.uid, account.gid)] == given == [(others[0].pw_uid, others[0].pw_gid)]


def test_where_the_temporary_folder_is_closed_to_others_or_too_deep_another_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for place in (closed, tmp_path / ("deep" * 20)):
        monkeypatch.setattr("tempfile.gettempdir", lambda place=place: str(place))
        assert server._place() in ELSEWHERE
