"""The hot path through real servers: one worker on one core, the load from another process on another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from unittest.mock import patch

from app.storage import migrate
from bench.report import Goal, goals, table
from bench.servers import LOAD_CORE, Server, serving
from quiz_bank.registry import FAMILIES
from tests import postgres

SECONDS = 3.0
ROUNDS = 5
WARM_UP_SECONDS = 1.0
CONNECTIONS = (16, 64)
PROBLEMS = 256
"""Many more than connections: no two answers to one problem are under way at once."""
REQUESTS = 20_000
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
SERVICE = "app.main:create_app_from_env"

Rounds = dict[tuple[str, int], list["Round"]]


@dataclass(frozen=True, slots=True)
class Round:
    """What one server did under load: requests a second, failures, the slowest per cent, and its processor time."""

    rate: float
    failed: int
    p99_ms: float
    cpu_us: float


def run(scale: float) -> None:
    """Measure both calls and print rates, tails and processor time."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = dict(_servers(stack, folder))
        answers = {name: _answers(server, folder / f"{name}.requests") for name, server in servers.items()}
        attempts = _interleaved(servers, answers, SECONDS * scale)
        _print("POST attempt", attempts)
        goals(_attempt_goals(attempts))
        drawings = dict.fromkeys(("floor", "service", "naive"), _wishes(folder / "wishes"))
        problems = _interleaved(servers, drawings, SECONDS * scale)
        _print("POST problems", problems)
        goals(Goal(f"service, {n} connections, × floor", _ratio(problems, n), 0.70, at_least=True) for n in CONNECTIONS)


def _servers(stack: ExitStack, folder: Path) -> Iterator[tuple[str, Server]]:
    for name, factory in (("floor", "bench.floor:create"), ("service", SERVICE), ("naive", "bench.naive:create")):
        url = f"sqlite:///{folder / name}.sqlite3"
        migrate.upgrade(url)
        yield name, stack.enter_context(serving(factory, url))
    stack.enter_context(patch.dict(postgres.SETTINGS, DURABLE))
    url = stack.enter_context(postgres.running_postgres())
    migrate.upgrade(url)
    yield "postgres", stack.enter_context(serving(SERVICE, url))
    yield "postgres, 2 workers", stack.enter_context(serving(SERVICE, url, workers=2))


def _answers(server: Server, file: Path) -> Path:
    """Write wrong answers, each another, to problems that stay open for it."""
    wish = json.dumps({"family": "cross-entropy-one-hot", "level": 2})
    ids = [json.loads(server.post("/v1/problems", wish))["id"] for _ in range(PROBLEMS)]
    bodies = (json.dumps({"answers": {"loss": f"{50 + n * 0.00137:.5f}"}}) for n in range(REQUESTS))
    lines = [f"/v1/problems/{problem}/attempts\t{body}" for problem, body in zip(cycle(ids), bodies, strict=False)]
    file.write_text("\n".join(lines))
    return file


def _wishes(file: Path) -> Path:
    """Write wishes for a drawing of every family at each of its levels."""
    wishes = [{"family": slug, "level": level} for slug, family in FAMILIES.items() for level in family.levels]
    file.write_text("\n".join(f"/v1/problems\t{json.dumps(wish)}" for wish in wishes))
    return file


def _interleaved(servers: Mapping[str, Server], requests: Mapping[str, Path], seconds: float) -> Rounds:
    """Take the servers in turn, several times over, so that what disturbs the machine disturbs them alike."""
    turns = [(name, connections) for connections in CONNECTIONS for name in requests]
    for name, file in requests.items():
        _load(servers[name], file, CONNECTIONS[0], WARM_UP_SECONDS)  # fills caches
    rounds: Rounds = {turn: [] for turn in turns}
    for name, connections in islice(cycle(turns), len(turns) * ROUNDS):
        rounds[name, connections].append(_load(servers[name], requests[name], connections, seconds))
    return rounds


def _load(server: Server, file: Path, connections: int, seconds: float) -> Round:
    wrk = shutil.which("wrk")
    command = _wrk(wrk, server, file, connections, seconds) if wrk else _own(server, file, connections, seconds)
    before = server.cpu_seconds()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(process.pid, {LOAD_CORE})
    output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed")
    result = json.loads(output.splitlines()[-1])
    cpu = (server.cpu_seconds() - before) / result["requests"]
    return Round(result["rate"], result["failed"], result["p99_ms"], cpu * 1e6)


def _wrk(wrk: str, server: Server, file: Path, connections: int, seconds: float) -> list[str]:
    script, address = Path(__file__).with_name("wrk.lua"), f"http://127.0.0.1:{server.port}"
    duration = f"-d{max(1, round(seconds))}s"  # it knows whole seconds only
    return [wrk, "-t1", f"-c{connections}", duration, "-s", str(script), address, "--", str(file)]


def _own(server: Server, file: Path, connections: int, seconds: float) -> list[str]:
    return [sys.executable, "-m", "bench.load", str(server.port), str(file), str(connections), str(seconds)]


def _ratio(rounds: Rounds, connections: int, name: str = "service", to: str = "floor", of: str = "rate") -> float:
    """Return the median over rounds of one server's figure as a multiple of another's in the same round."""
    pairs = zip(rounds[name, connections], rounds[to, connections], strict=True)
    ratio: float = median(getattr(one, of) / getattr(other, of) for one, other in pairs)
    return ratio


def _attempt_goals(rounds: Rounds) -> Iterator[Goal]:
    for connections, share, on_postgres in ((16, 0.55, 0.50), (64, 0.70, 0.60)):
        at = f"{connections} connections"
        yield Goal(f"service, {at}, × floor", _ratio(rounds, connections), share, at_least=True)
        yield Goal(f"service, {at}, × naive", _ratio(rounds, connections, to="naive"), 6, at_least=True)
        yield Goal(f"service, {at}, p99 × floor's", _ratio(rounds, connections, of="p99_ms"), 2.5)
        yield Goal(f"postgres, {at}, × floor", _ratio(rounds, connections, "postgres"), on_postgres, at_least=True)


def _print(title: str, rounds: Rounds) -> None:
    print(f"{title}, medians of {ROUNDS} interleaved rounds, load by {'wrk' if shutil.which('wrk') else 'bench.load'}\n")
    headers = ("", "connections", "requests/s", "× floor", "p99 ms", "× floor's", "CPU µs/request", "failed")
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
        str(sum(one.failed for one in own)),
    )
