"""Who moves SQLite's log into the file: the service, or another program that copies the log beside it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.storage import checkpoint, learners
from app.storage.database import Database
from app.storage.engines import parse_url
from app.storage.ids import new_id
from app.storage.learners import LearnerRow
from tests.storage.everything import FIRST


@pytest.mark.anyio
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


def test_a_long_read_locks_no_writer_out_while_the_log_outgrows_its_bounds(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets nobody write while a restart of the log waits for its readers."""
    monkeypatch.setattr(checkpoint, "PAGES_THAT_MUST_GO", 0)
    path = sqlite_url.removeprefix("sqlite:///")
    keeper = checkpoint.Checkpointer(parse_url(sqlite_url), interval=0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader, closing(sqlite3.connect(path, timeout=4)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM learners").fetchone()
        for number in range(6):
            with writer:
                writer.execute("UPDATE learners SET name = ?", (str(number),))
            keeper.notice_commit()
            time.sleep(0.1)
    keeper.close()
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT name FROM learners").fetchone() == ("5",)
