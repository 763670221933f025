"""How long a fresh process takes to its first answer, and how much memory it then holds."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from app.storage import migrate
from bench.report import Goal, goals
from bench.servers import running

STARTS = 10


def run(scale: float) -> None:
    """Start `crossdrill serve` several times and print medians."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/cold.sqlite3"
        migrate.upgrade(url)
        starts = [_start(url) for _ in range(max(1, round(STARTS * scale)))]
    seconds, megabytes = (median(figures) for figures in zip(*starts, strict=True))
    print(f"Start of one worker on SQLite, median of {len(starts)}\n")
    goals([Goal("to the first answer, s", seconds, 2), Goal("resident memory at rest, MB", megabytes, 150)])


def _start(url: str) -> tuple[float, float]:
    started = perf_counter()
    with running([str(Path(sys.executable).with_name("crossdrill")), "serve"], {"CROSSDRILL_DATABASE_URL": url}) as server:
        return perf_counter() - started, server.resident_mb()
