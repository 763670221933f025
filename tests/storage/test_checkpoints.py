"""Who moves SQLite's log into the file: the service, or another program that copies the log beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.storage import learners
from app.storage.database import Database
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from tests.storage.everything import FIRST

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("checkpoints", "left_in_the_log"), [(True, False), (False, True)])
async def test_what_is_written_stays_in_the_log_where_another_program_is_to_move_it(
    anyio_backend: str, sqlite_url: str, checkpoints: bool, left_in_the_log: bool
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as beside:
        beside.execute("SELECT count(*) FROM learners").fetchone()
        database = Database(sqlite_url, checkpoints=checkpoints)
        await database.open()
        await database.write(lambda connection: learners.add(connection, LearnerRow(new_id(), "Ada", "learner", "en", FIRST)))
        await database.close()
        log = path.with_name(f"{path.name}-wal")
        assert (log.stat().st_size > 0) == left_in_the_log
        assert beside.execute("SELECT count(*) FROM learners WHERE name = 'Ada'").fetchone() == (1,)
