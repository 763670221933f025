"""A real Redis for tests. `python -m tests.redis_server` says whether there is one, and what to install if not."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = "redis-server"
MISSING = (
    "The tests of shared rate limits need Redis: no redis-server was found. On Debian: apt-get install redis-server "
    "(as root, or with sudo). On macOS: brew install redis."
)


class Redis:
    """A Redis on a port of its own, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        program = shutil.which(PROGRAM)
        assert program is not None, MISSING
        command = [program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not self._answers():
            assert self._server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash would."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=5) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def running_redis(folder: Path) -> Iterator[Redis]:
    """Run a Redis as long as the context lasts."""
    redis = Redis(folder)
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__" and shutil.which(PROGRAM) is None:
    sys.exit(MISSING)
