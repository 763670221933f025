"""How long a fresh process takes to its first answer, and how much memory it then holds."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from app.storage import migrate
from bench.report import Goal, goals
from bench.servers import running

STARTS = 10
FEWEST = 3


def run(scale: float) -> None:
    """Start `crossdrill serve` several times, compiled as in the container, and print medians."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/cold.sqlite3"
        migrate.upgrade(url)
        environment = {"CROSSDRILL_DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}
        _start(environment)  # compiles
        starts = [_start(environment) for _ in range(max(FEWEST, round(STARTS * scale)))]
    seconds, megabytes = (median(figures) for figures in zip(*starts, strict=True))
    print(f"Start of one worker on SQLite, median of {len(starts)}\n")
    goals([Goal("to the first answer, s", seconds, 2), Goal("resident memory at rest, MB", megabytes, 150)])


def _start(environment: Mapping[str, str]) -> tuple[float, float]:
    started = perf_counter()
    with running([str(Path(sys.executable).with_name("crossdrill")), "serve"], environment) as server:
        return perf_counter() - started, server.resident_mb()
