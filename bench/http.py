"""The hot path through real servers: one worker on one core, the load from another process on another.

The load comes from wrk where it is installed, which leaves its core almost idle, else from `bench.load`. wrk starts its clock
before the server has accepted all connections, so a round has a tail of some ms that isn't the service's; all have it.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from shutil import which
from statistics import median
from unittest.mock import patch

from app.storage import migrate
from bench.report import Goal, goals, table
from bench.servers import LOAD_CORE, Server, serving
from quiz_bank.registry import FAMILIES
from tests import postgres

SECONDS = 3.0
ROUNDS = 5
SHORTEST_SECONDS = 1.0
FEWEST_ROUNDS = 3
WARM_UP_SECONDS = 1.0
CONNECTIONS = (16, 64)
PROBLEMS = 256
"""Many more than connections: no two answers to one problem are under way at once."""
REQUESTS = 20_000
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
SERVICE = "app.main:create_app_from_env"

Rounds = dict[tuple[str, int], list["Round"]]
Subject = tuple[Server, Path]
"""A server, and the file of the requests that are meant for it."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one server did under load: requests a second, failures, the slowest per cent, and its processor time."""

    rate: float
    failed: int
    p99_ms: float
    cpu_us: float


def run(scale: float) -> None:
    """Measure both calls and print rates, tails and processor time."""
    seconds, rounds = max(SHORTEST_SECONDS, SECONDS * scale), max(FEWEST_ROUNDS, round(ROUNDS * scale))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        subjects = dict(_subjects(stack, folder))
        attempts = _interleaved(subjects, seconds, rounds)
        _print("POST attempt", attempts)
        goals(_attempt_goals(attempts))
        wishes = _wishes(folder / "wishes")
        problems = _interleaved({name: (subjects[name][0], wishes) for name in ("floor", "service")}, seconds, rounds)
        _print("POST problems", problems)
        goals(Goal(f"POST problems, {n} connections, × floor", _ratio(problems, n), 0.70, at_least=True) for n in CONNECTIONS)


def _subjects(stack: ExitStack, folder: Path) -> Iterator[tuple[str, Subject]]:
    for name, factory in (("floor", "bench.floor:create"), ("service", SERVICE)):
        yield name, _with_answers(stack.enter_context(serving(factory, _sqlite(folder / name))), folder / f"{name}.requests")
    url, requests = _sqlite(folder / "naive"), folder / "naive.requests"
    with serving(SERVICE, url) as service:
        _with_answers(service, requests)  # the naive variant can only answer problems, so the service sets them
    yield "naive", (stack.enter_context(serving("bench.naive:create", url)), requests)
    stack.enter_context(patch.dict(postgres.SETTINGS, DURABLE))
    url = stack.enter_context(postgres.running_postgres())
    migrate.upgrade(url)
    for name, workers in (("postgres", 1), ("postgres, 2 workers", 2)):
        server = stack.enter_context(serving(SERVICE, url, workers))
        yield name, _with_answers(server, folder / f"{name}.requests")


def _sqlite(path: Path) -> str:
    url = f"sqlite:///{path}.sqlite3"
    migrate.upgrade(url)
    return url


def _with_answers(server: Server, file: Path) -> Subject:
    """Write wrong answers, each another, to problems that stay open for it."""
    wish = json.dumps({"family": "cross-entropy-one-hot", "level": 2})
    ids = [json.loads(server.post("/v1/problems", wish))["id"] for _ in range(PROBLEMS)]
    bodies = (json.dumps({"answers": {"loss": f"{50 + n * 0.00137:.5f}"}}) for n in range(REQUESTS))
    lines = [f"/v1/problems/{problem}/attempts\t{body}" for problem, body in zip(cycle(ids), bodies, strict=False)]
    file.write_text("\n".join(lines))
    return server, file


def _wishes(file: Path) -> Path:
    """Write wishes for a drawing of every family at each of its levels."""
    wishes = [{"family": slug, "level": level} for slug, family in FAMILIES.items() for level in family.levels]
    file.write_text("\n".join(f"/v1/problems\t{json.dumps(wish)}" for wish in wishes))
    return file


def _interleaved(subjects: Mapping[str, Subject], seconds: float, times: int) -> Rounds:
    """Take the servers in turn, several times over, so that what disturbs the machine disturbs them alike."""
    for subject in subjects.values():
        _load(*subject, CONNECTIONS[0], WARM_UP_SECONDS)  # fills caches
    turns = [(name, connections) for connections in CONNECTIONS for name in subjects]
    rounds: Rounds = {turn: [] for turn in turns}
    for name, connections in turns * times:
        rounds[name, connections].append(_load(*subjects[name], connections, seconds))
    return rounds


def _load(server: Server, file: Path, connections: int, seconds: float) -> Round:
    command = _generator(server.port, file, connections, seconds)
    before = server.cpu_seconds()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(process.pid, {LOAD_CORE})
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError("the load generator failed")
    result = json.loads(output.splitlines()[-1])
    if not result["answered"]:
        raise RuntimeError(f"the server at port {server.port} answered nothing")
    cpu = (server.cpu_seconds() - before) / result["answered"]
    return Round(result["rate"], result["failed"], result["p99_ms"], cpu * 1e6)


def _generator(port: int, file: Path, connections: int, seconds: float) -> list[str]:
    """Return the command of a load generator, whose last line is what came of it as JSON."""
    if (wrk := which("wrk")) is None:
        return [sys.executable, "-m", "bench.load", str(port), str(file), str(connections), str(seconds)]
    script = str(Path(__file__).with_name("wrk.lua"))
    load = ["-t1", f"-c{connections}", f"-d{math.ceil(seconds)}s", "--timeout=10s", "-s", script]
    return [wrk, *load, f"http://127.0.0.1:{port}", str(file)]


def _ratio(rounds: Rounds, connections: int, name: str = "service", to: str = "floor", of: str = "rate") -> float:
    """Return the median over rounds of one server's figure as a multiple of another's in the same round."""
    pairs = zip(rounds[name, connections], rounds[to, connections], strict=True)
    ratio: float = median(getattr(one, of) / getattr(other, of) for one, other in pairs)
    return ratio


def _attempt_goals(rounds: Rounds) -> Iterator[Goal]:
    for connections, share, on_postgres in ((16, 0.55, 0.50), (64, 0.70, 0.60)):
        at = f"{connections} connections"
        yield Goal(f"POST attempt, {at}, × floor", _ratio(rounds, connections), share, at_least=True)
        yield Goal(f"the same, {at}, × naive", _ratio(rounds, connections, to="naive"), 6, at_least=True)
        yield Goal(f"the same, {at}, p99 × floor's", _ratio(rounds, connections, of="p99_ms"), 2.5)
        yield Goal(
            f"the same on PostgreSQL, {at}, × floor", _ratio(rounds, connections, "postgres"), on_postgres, at_least=True
        )


def _print(title: str, rounds: Rounds) -> None:
    print(f"{title}, medians of {len(next(iter(rounds.values())))} interleaved rounds\n")
    headers = ("", "connections", "requests/s", "× floor", "p99 ms", "× floor's", "CPU µs/request", "× floor's", "failed")
    table(headers, (_row(rounds, name, connections) for name, connections in rounds))


def _row(rounds: Rounds, name: str, connections: int) -> tuple[str, ...]:
    own = rounds[name, connections]
    return (
        name,
        str(connections),
        f"{median(one.rate for one in own):.0f}",
        f"{_ratio(rounds, connections, name):.2f}",
        f"{median(one.p99_ms for one in own):.1f}",
        f"{_ratio(rounds, connections, name, of='p99_ms'):.1f}",
        f"{median(one.cpu_us for one in own):.0f}",
        f"{_ratio(rounds, connections, name, of='cpu_us'):.2f}",
        str(sum(one.failed for one in own)),
    )
