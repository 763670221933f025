"""Kill the server in the middle of its work, again and again, and look for what is lost.

`python -m tests.services.kill_server --times 100` prints a table and fails if anything is lost, doubled or damaged.

Clients post attempts to a real server on a SQLite file, each request with a key and a serial number of its own. The
server is killed with SIGKILL at a random moment and started again on the same file; the clients then send again what
was never answered. Every attempt that was acknowledged must be in the file, and no request in it twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table

from app.storage import migrate

CLIENTS = 6
PROBLEMS = 3
START_SECONDS = 60
KILL_AFTER_SECONDS = (0.02, 0.6)
WISH = {"family": "cross-entropy-one-hot", "preset": "mock-question"}
WRONG = "0.3"  # the problems stay open, so that every attempt counts


@dataclass(slots=True)
class Client:
    """Posts attempts one after the other until the server is gone; the one that was not answered is sent again."""

    serials: Iterator[int]
    problems: list[str]
    requests: int = 0
    replayed: int = 0
    pending: tuple[int, str] | None = None
    acknowledged: dict[int, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def work(self, port: int, *, fresh: bool) -> None:
        """Send what is pending, then, if wanted, new attempts on one problem after the other."""
        with closing(HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)) as connection:
            while self.pending is not None or fresh:
                if self.pending is None:
                    serial = next(self.serials)
                    self.pending = (serial, self.problems[serial % len(self.problems)])
                if not self._answered(connection, *self.pending):
                    return
                self.pending = None

    def _answered(self, connection: HTTPConnection, serial: int, problem: str) -> bool:
        body = {"answers": {"loss": WRONG}, "duration_ms": serial}
        self.requests += 1
        try:
            status, replayed, content = _post(connection, f"/v1/problems/{problem}/attempts", body, f"attempt-{serial}")
        except (OSError, HTTPException):
            return False
        if status == 201:
            self.acknowledged[serial] = UUID(json.loads(content)["id"]).hex
            self.replayed += replayed
        else:
            self.refused.append(f"{status} {content.decode()}")
        return True


def _post(connection: HTTPConnection, path: str, body: object, key: str) -> tuple[int, bool, bytes]:
    headers = {"content-type": "application/json", "idempotency-key": key}
    connection.request("POST", path, json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, "idempotency-replayed" in response.headers, response.read()


class Server:
    """The real server, as `crossdrill serve` starts it, on one file and one port."""

    def __init__(self, file: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        settings = {"DATABASE_URL": f"sqlite:///{file}", "ACCESS": "local", "LOG_LEVEL": "error"}
        self._environment = os.environ | {f"CROSSDRILL_{name}": value for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        command = [str(Path(sys.executable).with_name("crossdrill")), "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError("the server did not start")
            time.sleep(0.02)

    def _ready(self) -> bool:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
            except (OSError, HTTPException):
                return False

    def kill(self) -> None:
        """End the process without a last word. Harmless where nothing runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True, slots=True)
class Findings:
    """What is in the file, and what of it is wrong."""

    stored: int
    lost: int
    duplicated: int
    faults: list[str]


def examine(file: Path, acknowledged: dict[int, str]) -> Findings:
    """Compare the file with the attempts that were acknowledged, by serial number."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT id, duration_ms, problem_id, number FROM attempts").fetchall()
        judged = connection.execute("SELECT attempt_id, count(*) FROM judgements GROUP BY attempt_id").fetchall()
        integrity = connection.execute("PRAGMA integrity_check").fetchall()
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    stored = {(serial, attempt) for attempt, serial, _, _ in rows}
    faults = [f"integrity: {integrity}"] if integrity != [("ok",)] else []
    faults += [f"orphans: {orphans}"] if orphans else []
    faults += _gaps([(problem, number) for _, _, problem, number in rows])
    if sorted(judged) != sorted((attempt, 1) for attempt, *_ in rows):
        faults.append("not every attempt is judged once")
    return Findings(
        stored=len(rows),
        lost=len(set(acknowledged.items()) - stored),
        duplicated=len(rows) - len({serial for serial, _ in stored}),
        faults=faults,
    )


def _gaps(numbers: list[tuple[str, int]]) -> list[str]:
    found: dict[str, list[int]] = {}
    for problem, number in numbers:
        found.setdefault(problem, []).append(number)
    return [f"numbers of {problem}" for problem, given in found.items() if sorted(given) != list(range(1, len(given) + 1))]


@dataclass(frozen=True, slots=True)
class Report:
    """What came of all kills together."""

    kills: int
    requests: int
    acknowledged: int
    replayed: int
    findings: Findings
    faults: list[str]

    @property
    def sound(self) -> bool:
        """Whether nothing is lost, doubled or otherwise wrong."""
        return not (self.findings.lost or self.findings.duplicated or self.faults)


def run(times: int, folder: Path, seed: int = 0) -> Report:
    """Kill the server `times` times on one file in `folder`, examine it after each, and say what came of it."""
    file, chance = folder / "killed.sqlite3", random.Random(seed)  # noqa: S311 — moments, not secrets
    migrate.upgrade(f"sqlite:///{file}")
    server, serials, faults = Server(file), count(1), list[str]()
    try:
        server.start()
        problems = _posed(server.port)
        clients = [Client(serials, problems) for _ in range(CLIENTS)]
        for _ in range(times):
            _kill_at_work(server, clients, chance.uniform(*KILL_AFTER_SECONDS))
            server.start()
            faults += _complaints(examine(file, _acknowledged(clients)))
        for client in clients:
            client.work(server.port, fresh=False)
    finally:
        server.kill()
    findings = examine(file, _acknowledged(clients))
    faults += [*findings.faults, *(f"refused: {text}" for client in clients for text in client.refused)]
    if findings.stored != len(_acknowledged(clients)):
        faults.append("after all was sent again, what is stored is not what was acknowledged")
    return Report(
        kills=times,
        requests=sum(client.requests for client in clients),
        acknowledged=len(_acknowledged(clients)),
        replayed=sum(client.replayed for client in clients),
        findings=findings,
        faults=faults,
    )


def _posed(port: int) -> list[str]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)) as connection:
        return [json.loads(_post(connection, "/v1/problems", WISH, f"problem-{n}")[2])["id"] for n in range(PROBLEMS)]


def _kill_at_work(server: Server, clients: list[Client], seconds: float) -> None:
    threads = [threading.Thread(target=client.work, args=(server.port,), kwargs={"fresh": True}) for client in clients]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    server.kill()
    for thread in threads:
        thread.join()


def _acknowledged(clients: list[Client]) -> dict[int, str]:
    return {serial: attempt for client in clients for serial, attempt in client.acknowledged.items()}


def _complaints(findings: Findings) -> list[str]:
    lost = [f"{findings.lost} lost"] if findings.lost else []
    return [*findings.faults, *lost, *([f"{findings.duplicated} duplicated"] if findings.duplicated else [])]


def main() -> None:
    """Print what came of it as a table; fail if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100, help="how often the server is killed")
    parser.add_argument("--seed", type=int, default=0, help="chooses the moments")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(given.times, Path(folder), given.seed)
    table = Table("kills", "requests", "acknowledged", "answered again", "stored", "lost", "duplicated")
    found = report.findings
    row = (report.kills, report.requests, report.acknowledged, report.replayed, found.stored, found.lost, found.duplicated)
    table.add_row(*map(str, row))
    console = Console()
    console.print(table)
    for fault in report.faults:
        console.print(fault, style="red", markup=False)
    raise SystemExit(not report.sound)


if __name__ == "__main__":
    main()
