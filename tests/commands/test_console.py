from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.commands.console import read_only, stop, written
from app.errors import NotFoundError, UnavailableError
from app.settings import Settings

RENAME = text("UPDATE learners SET name = :name")
NAMES = text("SELECT name FROM learners")


def test_a_command_gives_up_in_one_line_whatever_it_was_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        stop("connection failed:\n\tis the server [red]up[/red]?")
    assert end.value.code == 1
    assert capsys.readouterr() == ("", "crossdrill: connection failed: is the server [red]up[/red]?\n")


def test_what_is_written_is_committed(database_url: str) -> None:
    settings = Settings(database_url=database_url)
    written(settings, lambda connection: connection.execute(RENAME, {"name": "Ada"}).rowcount)
    assert "Ada" in read_only(settings, lambda connection: connection.scalars(NAMES).all())


def test_work_that_fails_leaves_no_trace_and_its_error_passes_through(database_url: str) -> None:
    def work(connection: Connection) -> None:
        connection.execute(RENAME, {"name": "Ada"})
        raise NotFoundError

    settings = Settings(database_url=database_url)
    with pytest.raises(NotFoundError):
        written(settings, work)
    assert "Ada" not in read_only(settings, lambda connection: connection.scalars(NAMES).all())


def test_what_only_reads_may_not_write(database_url: str) -> None:
    with pytest.raises((UnavailableError, DBAPIError)):
        read_only(Settings(database_url=database_url), lambda connection: connection.execute(RENAME, {"name": "Ada"}).rowcount)
