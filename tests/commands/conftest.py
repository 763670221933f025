from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Protocol

import pytest

from app.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


class Run(Protocol):
    def __call__(self, *arguments: str) -> Ended: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the framework sets its own: put back afterwards

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["crossdrill", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Ended(end.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def on_sqlite(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the settings name a database at head, and return its URL."""
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", sqlite_url)
    return sqlite_url
