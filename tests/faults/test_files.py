"""What is no sound database of this service, at its version, is refused in a sentence and left as it is."""

from __future__ import annotations

import random
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.commands.conftest import Run, run
from tests.faults.spoiled import WAYS, Spoil, bytes_below, spoiled
from tests.postgres_databases import PostgresDatabases

__all__ = ["run"]  # a fixture


@pytest.mark.parametrize("spoil", WAYS, ids=lambda spoil: spoil.__name__)
def test_the_service_refuses_to_start_says_why_and_touches_nothing(
    spoil: Spoil, migrated_sqlite_file: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = spoiled(migrated_sqlite_file, tmp_path, spoil, random.Random(0))  # noqa: S311 - noise, not secrets
    before = bytes_below(tmp_path)
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", f"sqlite:///{file}")
    ended = run("serve")
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert WAYS[spoil] in ended.err
    assert bytes_below(tmp_path) == before


def test_another_programs_postgresql_database_is_left_alone(
    postgres: PostgresDatabases, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.empty()
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as other:
        other.execute("CREATE TABLE recipes (id INTEGER)")
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", url)
    for command in ("serve", "migrate"):
        ended = run(command)
        assert (ended.status, ended.out) == (1, "")
        assert "holds another program's tables: choose another database" in ended.err
