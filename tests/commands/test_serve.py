"""The server as it is started from a shell."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.commands.conftest import Run

GREETING = re.compile(r"Crossdrill on http://(\S+):(\d+), stored in (\S+)\n")

Server = subprocess.Popen[str]
Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers with these options and settings, and end them afterwards."""
    servers: list[Server] = []

    def start(*options: str, **settings: str) -> Server:
        own = {name: value for name, value in os.environ.items() if not name.startswith("CROSSDRILL_")}
        environment = {**own, **{f"CROSSDRILL_{name.upper()}": value for name, value in settings.items()}}
        program = Path(sys.executable).with_name("crossdrill")
        with (tmp_path / "log").open("w") as log:
            server = subprocess.Popen(
                [program, "serve", *options], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.terminate()
        server.communicate(timeout=60)


def greeted(server: Server) -> tuple[str, int]:
    """Return the host and the port that the first line names."""
    assert server.stdout is not None
    found = GREETING.fullmatch(server.stdout.readline())
    assert found is not None
    return found[1], int(found[2])


def status_of(host: str, port: int) -> int:
    connection = HTTPConnection(host, port, timeout=60)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only 127.0.0.1 can be bound without more ado")
def test_another_loopback_address_is_served_on_the_port_that_the_greeting_names(start: Start, sqlite_url: str) -> None:
    host, port = greeted(start("--host", "127.0.0.2", "--port", "0", database_url=sqlite_url))
    assert host == "127.0.0.2"
    assert status_of(host, port) == 200


@pytest.mark.parametrize(("access", "token"), [("local", ""), ("tokens", " -H 'Authorization: Bearer TOKEN'")])
def test_it_says_where_to_practise_and_a_call_to_try(start: Start, sqlite_url: str, access: str, token: str) -> None:
    server = start("--port", "0", database_url=sqlite_url, access=access)
    host, port = greeted(server)
    assert server.stdout is not None
    url = f"http://{host}:{port}"
    assert server.stdout.readline() == f"Practise at {url} in a browser, read about the calls at {url}/docs, or try:\n"
    assert server.stdout.readline().startswith(f"  curl -s {url}/v1/problems{token} -H 'Content-Type")


def test_ctrl_c_ends_the_server_with_130_and_no_traceback(start: Start, sqlite_url: str, tmp_path: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what it runs in the background ignore it
    server = start("--port", "0", database_url=sqlite_url)
    assert status_of(*greeted(server)) == 200
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 130
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_several_processes_share_the_port_that_the_greeting_names_and_end_alike(
    start: Start, postgres_url: str, tmp_path: Path
) -> None:
    server = start("--port", "0", "--workers", "2", database_url=postgres_url)
    assert status_of(*greeted(server)) == 200
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 130
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_port_in_use_is_one_sentence(start: Start, run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, port = greeted(start("--port", "0", database_url=sqlite_url))
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CROSSDRILL_PORT", str(port))
    ended = run("serve")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == f"crossdrill: can't listen on 127.0.0.1 at port {port}: Address already in use\n"


def test_it_migrates_first_where_it_is_told_to(start: Start, tmp_path: Path) -> None:
    server = start("--port", "0", "--migrate", database_url=f"sqlite:///{tmp_path / 'new.db'}")
    assert status_of(*greeted(server)) == 200


def test_a_database_without_a_schema_is_refused_before_anything_listens(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSDRILL_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    ended = run("serve")
    assert (ended.status, ended.out) == (1, "")
    assert "run crossdrill migrate" in ended.err
