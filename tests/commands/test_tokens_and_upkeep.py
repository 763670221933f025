from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.commands.console import read_only
from app.services.accounts import TOKEN_MARK, digest
from app.settings import Settings
from tests.commands.conftest import Run

NEWCOMER = text(
    "SELECT role, learners.name, language FROM learners JOIN tokens ON learner_id = learners.id WHERE digest = :digest"
)


def test_a_token_is_printed_once_and_belongs_to_a_new_learner(run: Run, on_sqlite: str) -> None:
    ended = run("token", "create", "--role", "coach", "--name", "Ada", "--language", "zh")
    token = ended.out.strip()
    assert token.startswith(TOKEN_MARK)
    found = read_only(Settings(), lambda connection: connection.execute(NEWCOMER, {"digest": digest(token)}).one())
    assert tuple(found) == ("coach", "Ada", "zh")


def test_migrate_makes_the_database_and_says_when_there_is_nothing_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "var" / "crossdrill.db"
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", f"sqlite:///{file}")
    assert f"{file} is now at " in run("migrate").out
    assert f"{file} is at " in run("migrate").out


def test_settings_lists_each_by_its_variable_without_secrets(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", "postgresql://ada:hunter2@db/drill")
    ended = run("settings")
    assert ended.status == 0
    assert "hunter2" not in ended.out
    assert all(f"CROSSDRILL_{name.upper()}" in ended.out for name in Settings.model_fields)
