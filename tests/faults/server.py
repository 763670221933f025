"""The real service, as `crossdrill serve` starts it, in a process that can be stopped, killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

START_SECONDS = 60
STOP_SECONDS = 30
PAUSE_SECONDS = 0.02
PROGRAM = (str(Path(sys.executable).with_name("crossdrill")),)


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def environment(**settings: object) -> dict[str, str]:
    """Return the environment of a process that has these settings and no others."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CROSSDRILL_")}
    return own | {f"CROSSDRILL_{name.upper()}": str(value) for name, value in settings.items()}


class Server:
    """A server on one database and one port; leaving the context ends it in any case."""

    def __init__(self, url: str, *, program: Sequence[str] = PROGRAM, log: Path | None = None, **settings: object) -> None:
        self.port = free_port()
        self._log = log
        self._command = [*program, "serve", "--port", str(self.port)]
        self._environment = environment(**{"database_url": url, "log_level": "error", **settings})
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Return the id of the process that was started last."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with nullcontext() if self._log is None else self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return once /readyz is green; RuntimeError if the process ends before that, or takes too long."""
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while self.readiness() != 200:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server is not ready; exit status {self._process.returncode}")
            time.sleep(PAUSE_SECONDS)

    def readiness(self) -> int | None:
        """Return the status of /readyz, None where nobody answers."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)) as connection:
            try:
                connection.request("GET", "/readyz")
                return connection.getresponse().status
            except (OSError, HTTPException):
                return None

    def stop(self) -> int:
        """Ask the process to end, as an operator does, and return its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Return the exit status of the process, once it has ended."""
        assert self._process is not None
        return self._process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End the process and its workers without a last word. Harmless where nothing runs."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def workers(self) -> list[int]:
        """Return the ids of the processes that the process has started and that run Python code of the service."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
