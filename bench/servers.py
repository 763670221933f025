"""Real servers in processes of their own, and what they use of the machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))
LOAD_CORE = CORES[-1]
"""Where the load comes from; a single worker has the first core to itself."""
START_SECONDS = 30
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Return the processor time of the process and its children so far."""
        return sum(_cpu_seconds(pid) for pid in (self.pid, *_children(self.pid)))

    def resident_mb(self) -> float:
        """Return the resident memory of the process in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) * 1024 / 1e6

    def post(self, path: str, body: str) -> str:
        """Send one request and return the body of its answer, which must be 201."""
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status != 201:
            raise RuntimeError(f"POST {path} answered {answer.status}: {text}")
        return text


@contextmanager
def serving(factory: str, database_url: str, workers: int = 1) -> Iterator[Server]:
    """Serve an application that `factory` names, with uvicorn's own choice of loop and parser, as `crossdrill serve` does."""
    command = ("uvicorn", factory, "--factory", "--no-access-log", "--no-server-header", "--workers", str(workers))
    environment = {"CROSSDRILL_DATABASE_URL": database_url, "CROSSDRILL_LOG_FORMAT": "json"}  # as the container does
    with running([sys.executable, "-m", *command], environment) as server:
        if workers == 1:
            os.sched_setaffinity(server.pid, {CORES[0]})
            for thread in Path(f"/proc/{server.pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), {CORES[0]})
        yield server


@contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[Server]:
    """Start a command with `--port`, and yield as soon as it answers; what it logs is thrown away."""
    port = free_port()
    process = subprocess.Popen(
        [*command, "--port", str(port)], env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port)
        try:
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.005)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"{process.args!r} did not answer")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_seconds(pid: int) -> float:
    # The second field is the program's name in parentheses and may hold anything; user and system time are 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
