from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from app.errors import IdempotencyKeyReusedError
from app.storage import learners
from app.storage.database import Database
from app.storage.idempotency import KEPT_FOR, StoredResponse, claim, complete, purge
from app.storage.learners import LearnerRow

pytestmark = pytest.mark.anyio

RESPONSE = StoredResponse(201, '{"location": "/v1/problems/1"}', '{"id": 1}')


def answer(now: datetime, fingerprint: str = "same") -> Callable[[Connection], StoredResponse | None]:
    """Return work that claims the key and, if it is new, stores the response."""

    def run(connection: Connection) -> StoredResponse | None:
        kept = claim(connection, "ada", "key", fingerprint, now)
        if kept is None:
            complete(connection, "ada", "key", RESPONSE)
        return kept

    return run


async def test_a_request_that_comes_again_gets_the_first_response(database: Database, now: datetime) -> None:
    assert await database.write(answer(now)) is None
    assert await database.write(answer(now + timedelta(hours=1))) == RESPONSE


async def test_a_key_with_another_request_is_refused(database: Database, now: datetime) -> None:
    await database.write(answer(now))
    with pytest.raises(IdempotencyKeyReusedError):
        await database.write(answer(now, "different"))


async def test_a_key_belongs_to_its_caller(database: Database, now: datetime) -> None:
    await database.write(answer(now))
    assert await database.write(lambda connection: claim(connection, "bob", "key", "different", now)) is None


async def test_after_its_time_a_key_is_free_for_any_request(database: Database, now: datetime) -> None:
    await database.write(answer(now))
    assert await database.write(answer(now + KEPT_FOR, "same")) == RESPONSE
    late = now + KEPT_FOR + timedelta(microseconds=1)
    assert await database.write(answer(late, "different")) is None
    assert await database.write(answer(late, "different")) == RESPONSE


async def test_a_claim_that_was_never_completed_counts_for_nothing(database: Database, now: datetime) -> None:
    await database.write(lambda connection: claim(connection, "ada", "key", "abandoned", now))
    assert await database.write(answer(now)) is None


async def test_of_two_processes_at_once_the_second_waits_and_gets_the_response_of_the_first(
    database: Database, database_url: str, now: datetime
) -> None:
    claimed, go_on = threading.Event(), threading.Event()

    def first(connection: Connection) -> StoredResponse | None:
        kept = claim(connection, "ada", "key", "same", now)
        claimed.set()
        go_on.wait()
        complete(connection, "ada", "key", RESPONSE)
        return kept

    replica = Database(database_url)
    await replica.open()
    one = asyncio.create_task(database.write(first))
    await asyncio.to_thread(claimed.wait)
    two = asyncio.create_task(replica.write(answer(now)))
    await asyncio.wait([two], timeout=0.2)
    waited = not two.done()
    go_on.set()
    assert [await one, await two] == [None, RESPONSE]
    assert waited
    await replica.close()


async def test_purging_removes_what_is_older_and_nothing_else(database: Database, now: datetime) -> None:
    await database.write(answer(now))
    assert await database.write(lambda connection: purge(connection, now)) == 0
    assert await database.write(lambda connection: purge(connection, now + timedelta(seconds=1))) == 1
    assert await database.write(answer(now, "different")) is None


async def test_erasing_a_learner_erases_their_responses(
    database: Database, now: datetime, make_learner: Callable[..., LearnerRow]
) -> None:
    ada = make_learner()

    def run(connection: Connection) -> None:
        learners.add(connection, ada)
        claim(connection, str(ada.id), "key", "same", now, learner_id=ada.id)
        learners.erase(connection, ada.id)

    await database.write(run)
    assert await database.write(lambda connection: purge(connection, now + timedelta(days=9))) == 0


async def test_a_response_is_erased_with_the_learner_whom_it_speaks_of(
    database: Database, now: datetime, make_learner: Callable[..., LearnerRow]
) -> None:
    ada = make_learner()

    def run(connection: Connection) -> None:
        claim(connection, "nobody", "key", "same", now)
        learners.add(connection, ada)
        complete(connection, "nobody", "key", RESPONSE, learner_id=ada.id)
        learners.erase(connection, ada.id)

    await database.write(run)
    assert await database.write(lambda connection: claim(connection, "nobody", "key", "different", now)) is None
