"""The command that writes the files."""

from __future__ import annotations

import os
from pathlib import Path
from zipfile import is_zipfile

import pytest
from typer.testing import CliRunner

from app.commands.export import app
from app.errors import CrossdrillError, InvalidInputError, UnknownFamilyError
from tests.exports.reading import by_id


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    return CliRunner().invoke(app, arguments, catch_exceptions=False).output


def test_a_deck_is_written_where_the_command_runs(folder: Path) -> None:
    assert run("anki", "--family", "surprisal") == "Wrote crossdrill.apkg.\n"
    assert is_zipfile(folder / "crossdrill.apkg")


def test_a_question_file_is_written_where_it_is_wanted(folder: Path) -> None:
    said = run("moodle", "--family", "surprisal", "--family", "softmax", "--count", "1", "--language", "zh", "--out", "q.xml")
    assert said == "Wrote q.xml.\n"
    assert set(by_id((folder / "q.xml").read_bytes())) == {
        "crossdrill/zh/surprisal/panda",
        "crossdrill/zh/softmax/three-routes",
    }


@pytest.mark.parametrize("kind", ["anki", "moodle"])
def test_a_file_that_is_there_is_overwritten_only_by_force(folder: Path, kind: str) -> None:
    (folder / "file").write_text("mine")
    with pytest.raises(InvalidInputError) as caught:
        run(kind, "--family", "surprisal", "--out", "file")
    assert caught.value.errors[0].detail == "file is there already; --force overwrites it."
    assert (folder / "file").read_text() == "mine"
    run(kind, "--family", "surprisal", "--out", "file", "--force")
    assert os.stat("file").st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--family", "sofmax"], UnknownFamilyError),
        (["--topic", "no-such"], InvalidInputError),
        (["--level", "9"], InvalidInputError),
        (["--count", "0"], InvalidInputError),
    ],
)
def test_a_wish_that_nothing_can_meet_writes_nothing(folder: Path, arguments: list[str], error: type[CrossdrillError]) -> None:
    with pytest.raises(error):
        run("moodle", *arguments)
    assert list(folder.iterdir()) == []
