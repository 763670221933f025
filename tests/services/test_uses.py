"""When a token was used last: noted in memory, written down from time to time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import Connection

from app.services.accounts import digest
from app.services.uses import Uses
from app.storage import learners, tokens
from app.storage.database import Database
from app.storage.ids import new_id
from app.storage.learners import LearnerRow

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def test_the_last_use_counts_and_is_taken_once() -> None:
    uses = Uses()
    uses.note("a", NOW)
    uses.note("a", NOW + timedelta(seconds=1))
    uses.note("b", NOW)
    assert sorted(uses.take(1) + uses.take(5)) == [("a", NOW + timedelta(seconds=1)), ("b", NOW)]
    assert uses.take(5) == []


async def test_nothing_is_lost_that_is_noted_while_something_is_taken() -> None:
    uses = Uses()

    def note() -> None:
        for number in range(20_000):
            uses.note(str(number), NOW)

    noting = Thread(target=note)
    noting.start()
    taken: list[str] = []
    while noting.is_alive():
        taken += [name for name, _ in uses.take(100)]
    noting.join()
    taken += [name for name, _ in uses.take(20_000)]
    assert sorted(taken, key=int) == [str(number) for number in range(20_000)]


async def test_what_is_written_down_only_moves_forward(database: Database) -> None:
    learner, mine = new_id(), digest("crossdrill_a")

    def last_used(connection: Connection) -> list[datetime | None]:
        learners.add(connection, LearnerRow(learner, "Ada", "learner", "en", NOW))
        tokens.add(connection, learner, name="t", prefix="crossdrill_a", digest=mine, now=NOW)
        found = []
        for hours in (0, -1, 1):
            tokens.note_uses(connection, [(mine, NOW + timedelta(hours=hours)), ("of nobody", NOW)])
            found.append(learners.last_used(connection, learner))
        return found

    assert await database.write(last_used) == [NOW, NOW, NOW + timedelta(hours=1)]
