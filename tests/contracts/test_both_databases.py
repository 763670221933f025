"""Whatever stores something is tested on SQLite and on PostgreSQL; what is not is listed here, with its reason."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
OF_STORAGE = ("storage", "services", "api")
ONE_ALONE = re.compile(r"\b(sqlite_url|on_sqlite_alone|postgres_url)\b|sqlite:///")

REASONS = {
    "api/test_access.py": "one world is shared by hundreds of calls on SQLite; on PostgreSQL one test makes them all",
    "api/test_admin.py": "how long a setting lets tokens live; the rest is on both",
    "api/test_attempts_refused.py": "bodies that are refused before any SQL; the rest is on both",
    "api/test_families.py": "the catalogue is no part of the database",
    "api/test_head.py": "the middleware answers HEAD by GET, whatever stores",
    "api/test_logs.py": "what is logged, whatever stores",
    "api/test_metrics.py": "what is counted beside the database",
    "api/test_middleware.py": "the log of a request, whatever stores",
    "api/test_problems.py": "the same statements for every family; one of each kind is on both",
    "api/test_problems_refused.py": "bodies that are refused before any SQL; the rest is on both",
    "api/test_problems_secrecy.py": "the same statements for every family; the rest is on both",
    "api/test_room_events.py": "a server process with an open stream; the replicas' tests have two of them on PostgreSQL",
    "api/test_settings.py": "the text of a refused URL",
    "api/test_topics.py": "the primers are no part of the database",
    "api/test_tracing.py": "what is traced, whatever stores",
    "services/test_dailies.py": "each of the two by a fixture of its own",
    "services/test_progress_simulated.py": "ninety days of practice, which take minutes: the figures, not the SQL",
    "services/test_regrade.py": "a busy file is SQLite's alone, a locked row PostgreSQL's",
    "services/test_reviews.py": "statements are counted by SQLite's trace; a locked row is PostgreSQL's",
    "services/test_reviews_simulated.py": "ninety days of practice, which take minutes: the schedule, not the SQL",
    "storage/test_checkpoints.py": "the log of SQLite's file",
    "storage/test_conflicts.py": "locks that several processes take, which SQLite has not",
    "storage/test_database.py": "the file, its log and its pragmas; a connection that the server ended",
    "storage/test_lane.py": "SQLite has one writer, PostgreSQL several; what holds for any number is on both",
    "storage/test_migrate.py": "foreign files, and what each database refuses in its own way",
    "storage/test_migrate_rolling.py": "locks of tables, and a release that serves meanwhile; the migrations are on both",
    "storage/test_wire.py": "the pipeline of PostgreSQL's driver",
}


def test_every_module_that_knows_one_database_alone_says_why() -> None:
    modules = (path for folder in OF_STORAGE for path in (TESTS / folder).glob("*.py"))
    alone = {str(path.relative_to(TESTS)) for path in modules if ONE_ALONE.search(path.read_text(encoding="utf-8"))}
    assert alone == REASONS.keys()
