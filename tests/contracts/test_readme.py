"""The README's console sessions, run as they are printed against a server of the test's own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.contracts.sessions import as_text, run_steps, sessions

START_SECONDS = 60


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
    for steps in sessions():
        assert as_text(run_steps([step.command for step in steps], address, tmp_path)) == as_text(steps)
