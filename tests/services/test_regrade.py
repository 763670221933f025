"""Judging again after a key was mended; on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from threading import Event
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from app.commands.regrade import PATIENCE, carry_out
from app.errors import UnavailableError
from app.services import practice
from app.services.regrade import Step, Tally, begin, carry_on, look
from app.services.shelf import Shelf
from app.storage import attempts, learners, outcomes, problems, regrades
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from app.storage.models import judgements, truth_corrections
from app.storage.models import regrades as regrade_table
from app.storage.outcomes import OutcomeRow
from app.storage.problems import ProblemRow
from tests.services.mending import IN_BITS, IN_NATS, NOW, SLUG, Bank, Practice

pytestmark = pytest.mark.anyio

T = TypeVar("T")


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """Return the registry of this test, whose family has a wrong key."""
    bank = Bank(monkeypatch)
    bank.breaks()
    return bank


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def regrade(database: Database, limit: int = 2) -> Tally:
    return await carry_out(database, SLUG, lambda _: None, limit=limit)


async def answered(database: Database, shelf: Shelf, *values: str) -> UUID:
    """Return a problem that was answered so."""

    def work(connection: Connection) -> UUID:
        learner = Practice(connection, shelf)
        problem_id = learner.problem()
        learner.answer(problem_id, *values)
        return problem_id

    return await database.write(work)


async def stored(database: Database, problem_id: UUID) -> ProblemRow:
    row = await database.read(lambda connection: problems.get(connection, LOCAL_LEARNER, problem_id))
    assert row is not None
    return row


async def outcome(database: Database, problem_id: UUID) -> OutcomeRow | None:
    return await database.read(lambda connection: outcomes.get(connection, problem_id))


async def verdicts(database: Database, problem_id: UUID) -> list[str]:
    """Return the verdicts that count, by number."""
    rows = await database.read(lambda connection: attempts.page_of_problem(connection, LOCAL_LEARNER, problem_id, limit=100))
    return [row.judgement.verdict for row in rows]


async def test_a_wrong_key_is_corrected_and_the_one_before_is_kept(database: Database, bank: Bank, shelf: Shelf) -> None:
    problem_id = await answered(database, shelf)
    before = await stored(database, problem_id)
    bank.mends()
    assert (await regrade(database)).corrected == 1
    after = await stored(database, problem_id)
    assert json.loads(after.truth) == {"loss": pytest.approx(0.356675, abs=1e-6)}
    assert after.corrected_at is not None
    [kept] = await database.read(lambda connection: connection.execute(select(truth_corrections)).all())
    assert (kept.truth_before, kept.truth_after, kept.family_version) == (before.truth, after.truth, 2)


async def test_what_was_right_all_along_is_judged_right_and_the_first_judgement_stays(
    database: Database, bank: Bank, shelf: Shelf
) -> None:
    problem_id = await answered(database, shelf, IN_NATS)
    assert await verdicts(database, problem_id) == ["wrong"]
    bank.mends()
    done = await regrade(database)
    assert await verdicts(database, problem_id) == ["right"]
    query = select(judgements.c.verdict, judgements.c.family_version).order_by(judgements.c.id)
    told = await database.read(lambda connection: [tuple(row) for row in connection.execute(query)])
    assert told == [("wrong", 1), ("right", 2)]
    assert dict(done.verdicts) == {("wrong", "right"): 1}


@pytest.mark.parametrize("given", [(IN_NATS,), (IN_NATS, "7"), ("7", IN_NATS)])
async def test_a_problem_that_was_answered_right_all_along_becomes_solved(
    database: Database, bank: Bank, shelf: Shelf, given: tuple[str, ...]
) -> None:
    problem_id = await answered(database, shelf, *given)
    bank.mends()
    assert (await regrade(database)).solved == 1
    row = await stored(database, problem_id)
    assert row.state == "solved"
    assert row.closed_at is not None


async def test_the_outcome_is_that_of_the_new_judgement(database: Database, bank: Bank, shelf: Shelf) -> None:
    problem_id = await answered(database, shelf, IN_NATS)
    bank.mends()
    await regrade(database)
    found = await outcome(database, problem_id)
    assert found is not None
    assert (found.first_verdict, found.solved, found.credit, found.misconception) == ("right", True, 1.0, None)


async def test_who_matched_the_wrong_key_keeps_the_problem_solved_and_the_outcome_says_what_is_so(
    database: Database, bank: Bank, shelf: Shelf
) -> None:
    problem_id = await answered(database, shelf, IN_BITS)
    bank.mends()
    assert dict((await regrade(database)).verdicts) == {("right", "wrong"): 1}
    assert (await stored(database, problem_id)).state == "solved"
    found = await outcome(database, problem_id)
    assert found is not None
    assert (found.first_verdict, found.solved, found.misconception) == ("wrong", False, "wrong-log-base-2")


async def test_what_did_not_count_still_does_not_and_solves_nothing(database: Database, bank: Bank, shelf: Shelf) -> None:
    bank.publish(truth=lambda _: {"loss": 0.3625})
    problem_id = await answered(database, shelf, "0.36", "7")
    assert await verdicts(database, problem_id) == ["too_coarse", "wrong"]
    bank.publish(truth=lambda _: {"loss": 0.36})
    await regrade(database)
    assert await verdicts(database, problem_id) == ["right", "wrong"]
    assert (await stored(database, problem_id)).state == "open"


async def test_a_revealed_problem_that_was_answered_right_before_becomes_solved_and_keeps_its_end(
    database: Database, bank: Bank, shelf: Shelf
) -> None:
    problem_id = await answered(database, shelf, IN_NATS)
    await database.write(lambda connection: practice.reveal(connection, shelf, LOCAL_LEARNER, problem_id, NOW))
    bank.mends()
    await regrade(database)
    row = await stored(database, problem_id)
    assert (row.state, row.closed_at) == ("solved", NOW)


async def test_a_second_regrade_changes_nothing(database: Database, bank: Bank, shelf: Shelf) -> None:
    await answered(database, shelf, IN_NATS, IN_BITS, "7")
    bank.mends()
    assert (await regrade(database)).changed == 2
    again = await regrade(database)
    assert (again.problems, again.attempts, again.corrected, again.changed) == (1, 3, 0, 0)


async def test_a_regrade_that_was_stopped_goes_on_where_it_was_and_comes_to_the_same(
    database: Database, bank: Bank, shelf: Shelf
) -> None:
    every = [await answered(database, shelf, IN_NATS, IN_BITS) for _ in range(5)]
    bank.mends()

    def one_batch(connection: Connection) -> UUID:
        begun = begin(connection, SLUG, NOW)
        return carry_on(connection, begun, look(connection, SLUG, begun.cursor, NOW, 2), NOW).regrade.id

    stopped = await database.write(one_batch)
    assert (await regrade(database)).problems == 3
    row = await database.write(lambda connection: regrades.lock(connection, stopped))
    assert (row.problems, row.attempts, row.corrected, row.changed) == (5, 10, 5, 10)
    assert (row.cursor, row.finished_at is None) == (every[-1], False)
    assert [await verdicts(database, problem_id) for problem_id in every] == [["right", "wrong"]] * 5
    assert await database.read(lambda connection: len(connection.execute(select(truth_corrections)).all())) == 5


async def test_a_batch_that_fails_is_taken_back_as_a_whole(database: Database, bank: Bank, shelf: Shelf) -> None:
    problem_id = await answered(database, shelf, IN_NATS)
    bank.mends()

    def failing(connection: Connection) -> None:
        begun = begin(connection, SLUG, NOW)
        carry_on(connection, begun, look(connection, SLUG, None, NOW), NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(failing)
    assert await verdicts(database, problem_id) == ["wrong"]
    assert (await regrade(database)).corrected == 1


async def test_two_processes_at_once_share_the_work(database: Database, database_url: str, bank: Bank, shelf: Shelf) -> None:
    every = [await answered(database, shelf, IN_NATS) for _ in range(6)]
    bank.mends()
    other = Database(database_url)
    await other.open()
    done = await asyncio.gather(regrade(database, limit=1), regrade(other, limit=1))
    await other.close()
    assert sum(each.problems for each in done) == 6
    assert await database.read(lambda connection: len(connection.execute(select(judgements)).all())) == 12
    assert await database.read(lambda connection: len(connection.execute(select(regrade_table)).all())) == 1
    assert [await verdicts(database, problem_id) for problem_id in every] == [["right"]] * 6


async def test_a_serving_process_takes_the_corrected_key_at_once(
    database: Database, database_url: str, bank: Bank, shelf: Shelf
) -> None:
    problem_id = await answered(database, shelf)  # the shelf remembers the problem with its wrong key
    bank.mends()
    other = Database(database_url)
    await other.open()
    await regrade(other)
    await other.close()
    [attempt] = await database.write(lambda connection: Practice(connection, shelf).answer(problem_id, IN_NATS))
    assert attempt.row.judgement.verdict == "right"


async def test_nothing_that_is_answered_meanwhile_is_lost_or_left_with_the_wrong_key(
    database: Database, database_url: str, bank: Bank, shelf: Shelf
) -> None:
    every = [await answered(database, shelf) for _ in range(4)]
    bank.mends()
    serving = Database(database_url)
    await serving.open()

    async def serve(problem_id: UUID) -> None:
        for _ in range(10):
            await serving.write(lambda connection: Practice(connection, shelf).answer(problem_id, IN_NATS))

    await asyncio.gather(regrade(database, limit=1), *map(serve, every))
    await serving.close()
    assert [await verdicts(database, problem_id) for problem_id in every] == [["right"] * 10] * 4


async def test_a_problem_that_somebody_has_in_hand_is_waited_for(postgres_url: str, bank: Bank, shelf: Shelf) -> None:
    regrading, serving = Database(postgres_url), Database(postgres_url)
    await asyncio.gather(regrading.open(), serving.open())
    first, second = [await answered(serving, shelf, IN_NATS) for _ in range(2)]
    bank.mends()
    held, let_go = Event(), Event()

    def hold(connection: Connection) -> None:
        problems.lock(connection, LOCAL_LEARNER, second)
        held.set()
        let_go.wait(30)

    holding = asyncio.create_task(serving.write(hold))
    await asyncio.to_thread(held.wait, 30)

    def go_on(connection: Connection) -> Step:
        begun = begin(connection, SLUG, NOW)
        return carry_on(connection, begun, look(connection, SLUG, begun.cursor, NOW), NOW)

    assert (await regrading.write(go_on)).regrade.cursor == first
    assert (await regrading.write(go_on)).done.problems == 0
    let_go.set()
    await holding
    assert (await regrading.write(go_on)).regrade.cursor == second
    await asyncio.gather(regrading.close(), serving.close())


async def test_who_is_erased_meanwhile_is_passed_over(database: Database, bank: Bank, shelf: Shelf) -> None:
    await answered(database, shelf, IN_NATS)
    bank.mends()

    def work(connection: Connection) -> Step:
        begun, found = begin(connection, SLUG, NOW), look(connection, SLUG, None, NOW)
        learners.erase(connection, LOCAL_LEARNER)
        return carry_on(connection, begun, found, NOW)

    step = await database.write(work)
    assert step.done.problems == 0
    assert step.regrade.cursor is not None


class Busy(Database):
    """A database that can't be written to a few times."""

    failures = 0

    async def write(self, work: Callable[[Connection], T]) -> T:
        if self.failures:
            self.failures -= 1
            raise UnavailableError
        return await super().write(work)


async def test_a_database_that_is_busy_for_a_moment_is_asked_again(sqlite_url: str, bank: Bank, shelf: Shelf) -> None:
    database = Busy(sqlite_url)
    await database.open()
    problem_id = await answered(database, shelf, IN_NATS)
    bank.mends()
    database.failures = PATIENCE
    assert (await regrade(database)).corrected == 1
    assert await verdicts(database, problem_id) == ["right"]
    database.failures = PATIENCE + 1
    with pytest.raises(UnavailableError):
        await regrade(database)
    await database.close()
