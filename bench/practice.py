"""Coaching and progress over a file with 10⁶ attempts, through a real server: times against the ceiling, and memory."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex
from statistics import median
from time import perf_counter
from typing import Final
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import Connection

from app.services import accounts
from app.services.rollups import Rollup
from app.settings import RATES
from app.storage import drills, migrate, rollups
from app.storage.drills import DrillRow
from app.storage.engines import Purpose, make_engine, parse_url
from app.storage.ids import new_id
from app.storage.models import rooms
from bench.crowd import fill
from bench.http import SERVICE
from bench.report import Goal, goals, table
from bench.servers import Server, serving

UNLIMITED: Final = {f"CROSSDRILL_{name.upper()}": "" for name in RATES}  # one caller asks for more than any person would

ATTEMPTS: Final = 1_000_000
LEARNERS: Final = 2_000
COACHED: Final = 200
"""How many of the learners are in the coach's rooms."""
CALLS: Final = 20
CEILING_MS: Final = 200.0
REFUSED: Final = 300
"""Statuses from here on are no answers to be measured."""
ENOUGH_MB: Final = 4
"""By how much the memory of the process may grow while forty thousand rows are sent, which are many times as much."""
FAMILY: Final = "/v1/analytics/families/softmax"


@dataclass(frozen=True, slots=True)
class Cast:
    """The tokens of those who call."""

    admin: str
    coach: str
    learner: str
    persistent: str


@dataclass(frozen=True, slots=True)
class Timed:
    """The answers to one call, several times over: the worst status, the time of each, and the processor's time for one."""

    status: int
    milliseconds: list[float]
    cpu_ms: float


def run(scale: float) -> None:
    """Fill a file, count the figures, call what reads them, and print times and memory; exit where a call is refused."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "practice.sqlite3"
        url = f"sqlite:///{file}"
        started = perf_counter()
        cast = _filled(file, url, round(ATTEMPTS * scale))
        print(f"{file.stat().st_size / 1e6:.0f} MB written in {perf_counter() - started:.0f} s\n")
        _count_figures(url)
        with patch.dict(os.environ, {"CROSSDRILL_ACCESS": "tokens", **UNLIMITED}), serving(SERVICE, url) as server:
            refused = [*_time_calls(server, cast), *_measure_exports(server, cast)]
    if refused:
        sys.exit(f"not measured, for the service refused them: {', '.join(refused)}")


def _filled(file: Path, url: str, attempts: int) -> Cast:
    migrate.upgrade(url)
    now = datetime.now(UTC)
    with make_engine(parse_url(url), Purpose.WRITE).begin() as connection:
        (_, admin), (coach, coachs) = _enrol(connection, "admin", now), _enrol(connection, "coach", now)
        people = [_enrol(connection, "learner", now) for _ in range(LEARNERS)]
        _open_room(connection, coach, [learner for learner, _ in people[1 : COACHED + 1]], now)
    written = fill(file, [learner for learner, _ in people], attempts, now)
    print(", ".join(f"{count:,} {name}" for name, count in written.items()), f"of {LEARNERS:,} learners")
    return Cast(admin, coachs, people[1][1], people[0][1])


def _enrol(connection: Connection, role: str, now: datetime) -> tuple[UUID, str]:
    learner, token = accounts.enrol(connection, name=role.title(), role=role, language="en", secret=token_hex(), now=now)
    return learner.id, token.text


def _open_room(connection: Connection, coach: UUID, people: list[UUID], now: datetime) -> None:
    room = {"id": new_id(), "owner_id": coach, "code": "practice", "title": "Practice", "blueprint": "{}", "plan": "[]"}
    connection.execute(rooms.insert().values(**room, created_at=now))
    for learner in people:
        drill = (None, "{}", "[]", "en", "finished", 0, now, None, None, 0.0, now)
        drills.add(connection, DrillRow(new_id(), learner, UUID(str(room["id"])), *drill))


def _count_figures(url: str) -> None:
    """Count everybody's figures as the service does beside its other work, and print how long that takes."""
    rollup, seconds = Rollup(datetime.now(UTC)), []
    with make_engine(parse_url(url), Purpose.READ).connect() as reader:
        for step in rollup.steps():
            started = perf_counter()
            with reader.begin():
                step(reader)
            seconds.append(perf_counter() - started)
    started = perf_counter()
    with make_engine(parse_url(url), Purpose.WRITE).begin() as writer:
        rollup.store(writer)
        rows = len(rollups.read(writer))
    stored = (perf_counter() - started) * 1e3
    print(
        f"Figures of everybody: {sum(seconds):.1f} s in {len(seconds)} steps, the longest {max(seconds) * 1e3:.0f} ms;", end=" "
    )
    print(f"{rows} rows written in {stored:.0f} ms\n")


def _time_calls(server: Server, cast: Cast) -> list[str]:
    """Print how long each call takes, and return those that were refused."""
    calls = {
        "family, everyone": (cast.admin, "GET", FAMILY),
        "family, everyone, by a coach": (cast.coach, "GET", FAMILY),
        f"family, {COACHED} people of rooms": (cast.coach, "GET", f"{FAMILY}?scope=rooms"),
        "families, everyone": (cast.admin, "GET", "/v1/analytics/families"),
        "families, everyone, by a coach": (cast.coach, "GET", "/v1/analytics/families"),
        f"families, {COACHED} people of rooms": (cast.coach, "GET", "/v1/analytics/families?scope=rooms"),
        "people": (cast.admin, "GET", "/v1/analytics/people?limit=100"),
        "progress": (cast.learner, "GET", "/v1/progress"),
        "progress, persistent": (cast.persistent, "GET", "/v1/progress"),
        "calibration": (cast.learner, "GET", "/v1/progress/calibration"),
        "calibration, persistent": (cast.persistent, "GET", "/v1/progress/calibration"),
        "reviews": (cast.learner, "GET", "/v1/reviews"),
        "reviews, persistent": (cast.persistent, "GET", "/v1/reviews"),
        "next problem": (cast.learner, "POST", "/v1/problems"),
        "next problem, persistent, nothing due": (cast.persistent, "POST", "/v1/problems"),
    }
    timed = {name: _timed(server, *call) for name, call in calls.items()}
    print(f"{CALLS} calls each, one after the other; the persistent learner has a 25th of all attempts, 450 a day\n")
    answered = {name: each for name, each in timed.items() if each.status < REFUSED}
    table(("", "status", "median ms", "worst ms", "CPU ms"), (_row(name, each) for name, each in timed.items()))
    goals(Goal(f"{name}, median ms", median(each.milliseconds), CEILING_MS) for name, each in answered.items())
    return [f"{name} ({each.status})" for name, each in timed.items() if name not in answered]


def _row(name: str, timed: Timed) -> tuple[str, ...]:
    if timed.status >= REFUSED:
        return (name, f"{timed.status}: refused", "–", "–", "–")
    times = (median(timed.milliseconds), max(timed.milliseconds), timed.cpu_ms)
    return (name, str(timed.status), *(f"{milliseconds:.1f}" for milliseconds in times))


def _timed(server: Server, token: str, method: str, path: str) -> Timed:
    connection, status, milliseconds = HTTPConnection("127.0.0.1", server.port), 0, []
    before = server.cpu_seconds()
    for _ in range(CALLS):
        started = perf_counter()
        connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        answer.read()
        milliseconds.append((perf_counter() - started) * 1e3)
        status = max(status, answer.status)
    connection.close()
    return Timed(status, milliseconds, (server.cpu_seconds() - before) * 1e3 / CALLS)


def _measure_exports(server: Server, cast: Cast) -> list[str]:
    """Print how large the files are and by how much the server grew, and return those that were refused."""
    print("Download of all attempts of the persistent learner\n")
    rows, grown, refused = [], [], []
    for form in ("csv", "jsonl"):
        before = _forget_peak(server)
        started = perf_counter()
        status, lines, megabytes = _download(server, cast.persistent, f"/v1/attempts/export?format={form}")
        seconds = perf_counter() - started
        if status >= REFUSED:
            refused.append(f"export as {form} ({status})")
            continue
        rows.append((form, str(status), f"{lines:,}", f"{megabytes:.1f}", f"{seconds:.1f}"))
        grown.append(Goal(f"{form}, memory grown by, MB", _peak_mb(server) - before, ENOUGH_MB))
    table(("", "status", "lines", "MB", "s"), rows)
    goals(grown)
    return refused


def _download(server: Server, token: str, path: str) -> tuple[int, int, float]:
    """Read an answer as it comes, and return its status, its lines and its size in MB."""
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    lines = size = 0
    while chunk := answer.read(1 << 16):
        lines += chunk.count(b"\n")
        size += len(chunk)
    connection.close()
    return answer.status, lines, size / 1e6


def _forget_peak(server: Server) -> float:
    """Let the kernel measure the peak of the memory anew, and return what is resident now, in MB."""
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")
    return server.resident_mb()


def _peak_mb(server: Server) -> float:
    status = Path(f"/proc/{server.pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) * 1024 / 1e6
