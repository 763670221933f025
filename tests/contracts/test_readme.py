"""The README's console sessions, run as they are printed against a server of the test's own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
PRINTED_ADDRESS = "127.0.0.1:8000"
START_SECONDS = 60
MARK = "\x1e"

SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^\$ ", re.MULTILINE)
# What differs from run to run.
VARYING = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "<time>"),
)


@dataclass(frozen=True)
class Step:
    """A command and what it prints."""

    command: str
    output: str


def printed_steps(session: str) -> list[Step]:
    """Return the steps of a session: lines that start with `$ ` are commands, those below one are its output."""
    before, *blocks = PROMPT.split(session)
    assert not before, "a session starts with a command"
    return [Step(command, output.rstrip("\n")) for command, _, output in (block.partition("\n") for block in blocks)]


def run_steps(commands: list[str], address: str, folder: Path) -> list[Step]:
    """Run the commands in one shell, as someone who types them would, and return each with what it printed."""
    script = "\n".join(f"printf '{MARK}'\n{command}" for command in commands).replace(PRINTED_ADDRESS, address)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    outputs = done.stdout.replace(address, PRINTED_ADDRESS).split(MARK)[1:]
    return [Step(command, output.rstrip("\n")) for command, output in zip(commands, outputs, strict=True)]


def as_text(steps: list[Step]) -> str:
    text = "\n".join(f"$ {step.command}\n{step.output}" for step in steps)
    for pattern, placeholder in VARYING:
        text = pattern.sub(placeholder, text)
    return text


@pytest.fixture
def address(sqlite_url: str, tmp_path: Path) -> Iterator[str]:
    """Serve on a free port, with no settings but where the database is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("CROSSDRILL_")}
    program = Path(sys.executable).with_name("crossdrill")
    with (tmp_path / "log").open("wb") as log:
        environment = {**own, "CROSSDRILL_DATABASE_URL": sqlite_url}
        server = subprocess.Popen([program, "serve", "--port", str(port)], env=environment, stdout=log, stderr=log)
        try:
            wait_for_answer(server, port, tmp_path / "log")
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for_answer(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port)
        try:
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    pytest.fail(f"the server did not start:\n{log.read_text()}")


def test_the_sessions_print_what_the_readme_says(address: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.fail("The README's sessions need curl, which is missing. On Debian: apt-get install curl")
    sessions = [printed_steps(session) for session in SESSION.findall(README.read_text("utf-8"))]
    assert sessions, "the README has no console session"
    for steps in sessions:
        assert as_text(run_steps([step.command for step in steps], address, tmp_path)) == as_text(steps)
