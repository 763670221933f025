from __future__ import annotations

import io
import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os import environ
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import httpx2
import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.cli import program
from app.main import create_app
from app.settings import Settings
from app.terminal.asking import LeftError
from app.terminal.client import Client
from app.terminal.leaving import status_of
from app.terminal.screen import Screen
from app.terminal.session import Session, Wish
from tests.terminal.pseudo import CROSSDRILL, Terminal

Line = str | Callable[[], str]


class Typist:
    """Types what a test says, line by line, then leaves; remembers what was asked and what stood there to be edited."""

    def __init__(self, lines: Sequence[Line], *, interactive: bool) -> None:
        self.interactive = interactive
        self.asked: list[tuple[str, str]] = []
        self._lines = list(lines)

    async def ask(self, question: str, default: str = "") -> str:
        self.asked.append((question, default))
        if not self._lines:
            raise LeftError(0)
        line = self._lines.pop(0)
        return line if isinstance(line, str) else line()


@dataclass(frozen=True)
class Played:
    """What a drill looked like."""

    text: str
    status: int
    asked: list[tuple[str, str]]
    session: Session


class Play(Protocol):
    def __call__(self, *lines: Line, interactive: bool = True, columns: int = 100, **wish: object) -> Played: ...


@dataclass(frozen=True)
class Stored:
    """What is in the database file."""

    path: str

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.path)
        try:
            with connection:
                return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def truth(self) -> dict[str, Any]:
        """Return the answers to the problem that was set last."""
        ((truth,),) = self.rows("SELECT truth FROM problems ORDER BY id DESC LIMIT 1")
        found: dict[str, Any] = json.loads(truth)
        return found

    def right(self) -> str:
        """Return the answer to the problem that was set last, which has one number."""
        (number,) = self.truth().values()
        return repr(number)

    def wrong(self) -> str:
        """Return an answer that is wrong, and no known mistake."""
        (number,) = self.truth().values()
        return repr(number + 1234.5)

    def verdicts(self) -> list[str]:
        return [verdict for (verdict,) in self.rows("SELECT verdict FROM judgements ORDER BY id")]

    def end_time(self) -> None:
        """Let the time of every drill be over."""
        self.rows("UPDATE drills SET ends_at = started_at WHERE state = 'running'")


@pytest.fixture
def stored(sqlite_url: str) -> Stored:
    return Stored(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def play(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Play against the real service on a file of the test's own, without a terminal; the same drill has the same numbers."""
    monkeypatch.setattr("app.api.drills.secrets", SimpleNamespace(token_hex=str))

    def play(*lines: Line, interactive: bool = True, columns: int = 100, **wish: Any) -> Played:  # noqa: ANN401 - of Wish
        out = io.StringIO()
        screen = Screen(Console(file=out, width=columns, highlight=False), wish.get("language") or "en")
        typist = Typist(lines, interactive=interactive)
        sessions: list[Session] = []

        async def work() -> None:
            server = create_app(Settings(database_url=sqlite_url))
            transport = httpx2.ASGITransport(server)
            async with (
                server.router.lifespan_context(server),
                httpx2.AsyncClient(transport=transport, base_url="http://localhost/v1/") as http,
            ):
                sessions.append(Session(Client(http, name="The service"), screen, lambda _: typist, Wish(**wish)))
                await sessions[0].play()

        status = status_of(work())
        return Played(out.getvalue(), status, typist.asked, sessions[0])

    return play


class Open(Protocol):
    def __call__(self, *arguments: str, columns: int = 100, **settings: str) -> Terminal: ...


@pytest.fixture
def environment(sqlite_url: str) -> dict[str, str]:
    """Return the variables of a program that finds the test's own database."""
    own = {name: value for name, value in environ.items() if not name.startswith(("CROSSDRILL_", "COLUMNS", "NO_COLOR"))}
    return {**own, "CROSSDRILL_DATABASE_URL": sqlite_url}


@pytest.fixture
def open_terminal(environment: dict[str, str], tmp_path: Path) -> Iterator[Open]:
    """Start `crossdrill` with these arguments at a terminal of its own."""
    terminals: list[Terminal] = []

    def open_one(*arguments: str, columns: int = 100, **settings: str) -> Terminal:
        terminal = Terminal(*arguments, environment={**environment, **settings}, columns=columns, folder=tmp_path)
        terminals.append(terminal)
        return terminal

    yield open_one
    for terminal in terminals:
        terminal.close()


@dataclass
class Server:
    """A server that runs by itself and can be stopped and started again at the same address."""

    environment: dict[str, str]
    port: int = 0
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(CROSSDRILL), "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        greeting = self._process.stdout.readline()
        self.port = int(greeting.partition(",")[0].rpartition(":")[2])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=60)
            self._process = None


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[Server]:
    """Start a server on the test's own database, which takes callers with a token only."""
    server = Server({**environment, "CROSSDRILL_ACCESS": "tokens"})
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def token_of(environment: dict[str, str]) -> Callable[[str], str]:
    """Return a new token of a role."""

    def create(role: str) -> str:
        return CliRunner().invoke(program(), ["token", "create", "--role", role], env=environment).stdout.strip()

    return create
