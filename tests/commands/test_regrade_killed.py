"""A regrade whose process is killed: what was done is stored, and the next one comes to what one in one go would have."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.commands.regrade import carry_out
from app.services.regrade import Tally
from app.services.shelf import Shelf
from app.storage.database import Database
from app.storage.models import attempts, judgements, outcomes, problems, regrades, truth_corrections
from tests.conftest import ENGINES
from tests.postgres_databases import PostgresDatabases
from tests.services.mending import IN_BITS, IN_NATS, SLUG, Bank, Practice

ROOT = Path(__file__).parents[2]
PROBLEMS, A_BATCH, BATCHES_BEFORE = 12, 3, 2

REGRADING = f"""
import asyncio
import sys
import time

import pytest

from app.storage import regrades
from tests.commands.test_regrade_killed import regraded
from tests.services.mending import Bank

saved = []

def save(connection, regrade):
    saved.append(regrade)
    if len(saved) > {BATCHES_BEFORE}:  # all of another batch is written, and nothing of it committed
        print("written", flush=True)
        time.sleep(600)
    store(connection, regrade)

store = regrades.save
with pytest.MonkeyPatch.context() as patch:
    patch.setattr(regrades, "save", save)
    Bank(patch).mends()
    asyncio.run(regraded(sys.argv[1]))
"""


async def regraded(url: str) -> Tally:
    database = Database(url)
    await database.open()
    try:
        return await carry_out(database, SLUG, lambda _: None, limit=A_BATCH)
    finally:
        await database.close()


@pytest.fixture(params=ENGINES)
def urls(request: pytest.FixtureRequest, migrated_sqlite_file: Path, tmp_path: Path) -> tuple[str, str]:
    """Return the URLs of two databases at head, of either engine."""
    if request.param == "sqlite":
        one, other = (shutil.copy(migrated_sqlite_file, tmp_path / name) for name in ("one", "other"))
        return f"sqlite:///{one}", f"sqlite:///{other}"
    postgres: PostgresDatabases = request.getfixturevalue("postgres")
    return postgres.migrated(), postgres.migrated()


async def _done(url: str, work: Callable[[Connection], Any]) -> Any:  # noqa: ANN401 - whatever work returns
    database = Database(url)
    await database.open()
    try:
        return await database.write(work)
    finally:
        await database.close()


def practise(connection: Connection) -> None:
    """Answer problems by a wrong key: rightly, wrongly, and not at all."""
    learner = Practice(connection, Shelf())
    for number in range(PROBLEMS):
        learner.answer(learner.problem(), *((), (IN_NATS,), (IN_BITS,), ("7", IN_NATS))[number % 4])


def kill_in_the_middle(url: str) -> None:
    """Regrade in another process, and kill it after some batches in the middle of writing the next one."""
    process = subprocess.Popen([sys.executable, "-c", REGRADING, url], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def all_told(connection: Connection) -> dict[str, list[Any]]:
    """Return all that a regrade may write, by problem and attempt in their order, without ids and times."""
    of_problem = select(
        problems.c.state, problems.c.truth, problems.c.closed_at.is_not(None), problems.c.corrected_at.is_not(None)
    )
    judged = (judgements.c.verdict, judgements.c.credit, judgements.c.misconception, judgements.c.family_version)
    came = (outcomes.c.first_verdict, outcomes.c.misconception, outcomes.c.tries, outcomes.c.solved, outcomes.c.credit)
    corrected = (truth_corrections.c.truth_before, truth_corrections.c.truth_after, truth_corrections.c.family_version)
    counted = (
        regrades.c.problems,
        regrades.c.attempts,
        regrades.c.corrected,
        regrades.c.changed,
        regrades.c.finished_at.is_not(None),
    )
    queries = {
        "problems": of_problem.order_by(problems.c.id),
        "judgements": select(attempts.c.number, *judged)
        .join_from(judgements, attempts)
        .order_by(attempts.c.problem_id, attempts.c.number, judgements.c.id),
        "outcomes": select(*came).order_by(outcomes.c.problem_id),
        "corrections": select(*corrected).order_by(truth_corrections.c.problem_id),
        "regrades": select(*counted),
    }
    return {name: [tuple(row) for row in connection.execute(query)] for name, query in queries.items()}


def test_one_that_is_killed_and_goes_on_comes_to_what_one_in_one_go_does(
    urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(monkeypatch)
    bank.breaks()
    for url in urls:
        asyncio.run(_done(url, practise))
    killed, whole = urls
    kill_in_the_middle(killed)
    left = asyncio.run(_done(killed, lambda connection: connection.execute(select(regrades)).one()))
    assert (left.problems, left.finished_at) == (A_BATCH * BATCHES_BEFORE, None)
    bank.mends()
    rest, once = (asyncio.run(regraded(url)) for url in urls)
    assert (left.problems + rest.problems, once.problems) == (PROBLEMS, PROBLEMS)
    assert asyncio.run(_done(killed, all_told)) == asyncio.run(_done(whole, all_told))
