"""What an expected failure looks like on the command line, and that a bug keeps its traceback."""

from __future__ import annotations

import subprocess
import sys
from errno import ENOSPC
from os import environ, strerror
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import OperationalError

from app import cli
from app.commands.failures import sentence
from app.errors import FieldError, InvalidInputError, OverloadedError, UnavailableError, UnknownFamilyError
from app.settings import Settings
from tests.commands.conftest import Run


def test_a_database_without_a_schema_is_one_sentence(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    ended = run("token", "create")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "crossdrill: the database holds no schema yet: run crossdrill migrate\n"


def test_a_database_that_is_not_there_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver's own message has a line for each address that it tried."""
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", "postgresql://ada:hunter2@localhost:1/drill")
    ended = run("migrate")
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert "refused" in ended.err
    assert "hunter2" not in ended.err


def test_wrong_settings_are_named_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSDRILL_PORT", "http")
    monkeypatch.setenv("CROSSDRILL_WORKERS", "0")
    ended = run("settings")
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert "CROSSDRILL_PORT: Input should be a valid integer" in ended.err
    assert "CROSSDRILL_WORKERS: Input should be greater than or equal to 1" in ended.err


def test_a_setting_that_the_product_refuses_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSDRILL_HOST", "192.168.1.5")
    assert run("settings").err.startswith("crossdrill: CROSSDRILL_ACCESS=local gives every caller every role")


def test_a_folder_that_may_not_be_written_is_one_sentence(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'crossdrill.db'}")
    ended = run("migrate")
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    assert str(tmp_path / "file") in ended.err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OverloadedError(retry_after=2), "More work is queued than the server takes on. Try again in 2 seconds."),
        (
            UnknownFamilyError(slug="sofmax", near=("softmax",)),
            "There is no such problem family. “sofmax” is near to: softmax.",
        ),
        (InvalidInputError(errors=(FieldError("/level", "Give 1, 2 or 3."),)), "/level Give 1, 2 or 3."),
        (OSError(ENOSPC, strerror(ENOSPC), "deck.apkg"), "deck.apkg: No space left on device"),
        (OSError("broken"), "broken"),
    ],
)
def test_an_expected_failure_is_said_in_words(error: Exception, said: str) -> None:
    assert sentence(error) == said


def test_the_databases_own_words_are_passed_on() -> None:
    with pytest.raises(UnavailableError) as caught:
        raise UnavailableError from OperationalError("INSERT", {}, Exception("database or disk is full"))
    assert sentence(caught.value) == "the database can't be used: database or disk is full"


def test_a_bug_has_no_sentence() -> None:
    assert sentence(KeyError("loss")) is None


def test_a_value_that_is_no_setting_is_a_bug() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(int).validate_python("x")
    assert caught.value.title != Settings.__name__
    assert sentence(caught.value) is None


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "program", lambda: broken)
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_ctrl_c_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "program", lambda: interrupted)
    ended = run("bank", "check")
    assert (ended.status, ended.err) == (130, "")


@pytest.mark.parametrize(
    ("offer", "fault"),
    [("nowhere.family:FAMILY", "No module named 'nowhere'"), ("json:dumps", "is no Family")],
)
def test_a_broken_family_of_another_package_is_one_sentence(tmp_path: Path, offer: str, fault: str) -> None:
    package = tmp_path / "strangers-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: strangers\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(f"[crossdrill.families]\nstrange = {offer}\n")
    program = Path(sys.executable).with_name("crossdrill")
    ended = subprocess.run(
        [program, "settings"], env={**environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert ended.stderr.startswith(f"crossdrill: {offer} ")
    assert fault in ended.stderr
