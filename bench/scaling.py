"""What an attempt takes of the disk in either database, and how long a backup and the way from one to the other take."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

from sqlalchemy import text

from app.services import accounts
from app.storage import copying, migrate
from app.storage.backup import back_up
from app.storage.engines import Purpose, parse_url
from app.storage.migrate import connected
from bench.crowd import fill
from bench.report import table
from tests.postgres import running_postgres

ATTEMPTS: Final = 100_000
LEARNERS: Final = 2_000
SIZES = text("""
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC LIMIT 5""")


def run(scale: float) -> None:
    """Fill a file, back it up, move it to PostgreSQL, and print bytes per attempt and times."""
    attempts = round(ATTEMPTS * scale)
    with tempfile.TemporaryDirectory() as folder, running_postgres() as postgres:
        file = Path(folder) / "scaling.sqlite3"
        url = f"sqlite:///{file}"
        _fill(file, url, attempts)
        rows = copying.size(url)
        works: dict[str, Callable[[], object]] = {
            "backup, checked": lambda: back_up(file, Path(folder) / "saved", lambda _, __: None),
            "copy to PostgreSQL": lambda: copying.copy(url, postgres, lambda _: None),
            "compare both": lambda: copying.compare(url, postgres, lambda _: None),
        }
        print(f"{attempts:,} attempts of {LEARNERS:,} learners, {rows:,} rows")
        table(("", "seconds", "of the processor", "µs a row"), [_timed(name, work, rows) for name, work in works.items()])
        _print_sizes(file, postgres, attempts)


def _fill(file: Path, url: str, attempts: int) -> None:
    migrate.upgrade(url)
    now = datetime.now(UTC)
    with connected(parse_url(url), Purpose.WRITE) as connection:
        people = [
            accounts.enrol(connection, name="Learner", role="learner", language="en", secret=f"{n}", now=now)[0].id
            for n in range(LEARNERS)
        ]
    fill(file, people, attempts, now)


def _timed(name: str, work: Callable[[], object], rows: int) -> tuple[str, ...]:
    started, cpu = perf_counter(), process_time()
    work()
    seconds, used = perf_counter() - started, process_time() - cpu
    return (name, f"{seconds:.1f}", f"{used:.1f}", f"{seconds / rows * 1e6:.0f}")


def _print_sizes(file: Path, postgres: str, attempts: int) -> None:
    with connected(parse_url(postgres), Purpose.READ) as connection:
        whole = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        largest = connection.execute(SIZES).all()
    rows = [("SQLite", file.stat().st_size, 0), ("PostgreSQL", whole, 0), *(tuple(row) for row in largest)]
    table(
        ("", "bytes per attempt", "indexes"), [(n, f"{size / attempts:.0f}", f"{idx / attempts:.0f}") for n, size, idx in rows]
    )
