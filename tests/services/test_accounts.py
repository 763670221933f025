"""Accounts below the edge: two replicas at once, ends of tokens, sessions."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from app.errors import LastAdminError
from app.services import accounts
from app.storage import learners, tokens
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from app.storage.learners import LearnerRow

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def made(database: Database, name: str, role: str = "learner") -> LearnerRow:
    return await database.write(partial(accounts.make, name=name, role=role, language="en", now=NOW))


async def roles(database: Database) -> list[str]:
    found = await database.read(partial(learners.page, limit=100))
    return [each.row.role for each in found if each.row.id != LOCAL_LEARNER]


@pytest.mark.parametrize("way", ["role", "erase"])
async def test_of_two_admins_who_step_back_at_once_on_two_replicas_one_stays(database_url: str, way: str) -> None:
    replicas = [Database(database_url), Database(database_url)]
    for replica in replicas:
        await replica.open()
    for _ in range(5):
        both = [await made(replicas[0], name, "admin") for name in ("Ada", "Bo")]
        calls = [
            replica.write(partial(step_back, learner=learner, way=way)) for replica, learner in zip(replicas, both, strict=True)
        ]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes].count(LastAdminError) == 1
        assert (await roles(replicas[0])).count("admin") == 1
        await replicas[0].write(clear)
    for replica in replicas:
        await replica.close()


def step_back(connection: Connection, learner: LearnerRow, way: str) -> None:
    if way == "role":
        accounts.give_role(connection, learner.id, "learner", NOW, by=learner.id)
    else:
        accounts.erase(connection, learner.id, NOW)


def clear(connection: Connection) -> None:
    for each in learners.page(connection, limit=100):
        if each.row.id != LOCAL_LEARNER:
            learners.erase(connection, each.row.id)


async def test_a_role_that_somebody_has_already_changes_nothing_and_is_not_noted(database: Database) -> None:
    ada = await made(database, "Ada", "admin")
    same = partial(accounts.give_role, learner_id=ada.id, role="admin", now=NOW, by=None)
    assert await database.write(same) == ada


@pytest.mark.parametrize(
    ("asked", "longest", "ends"),
    [(None, None, None), (3, None, 3), (None, 7, 7), (3, 7, 3), (300, 7, 7)],
)
def test_a_token_ends_as_asked_and_no_later_than_is_allowed(asked: int | None, longest: int | None, ends: int | None) -> None:
    def after(days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    life = None if longest is None else timedelta(days=longest)
    assert accounts.end_of(NOW, after(asked), life) == after(ends)


async def test_ending_sessions_leaves_tokens_and_other_people_alone(database: Database) -> None:
    ada, bo = await made(database, "Ada"), await made(database, "Bo")

    def work(connection: Connection) -> list[list[bool]]:
        for number, each in enumerate((ada, bo)):
            accounts.add_token(connection, each.id, name="t", secret=f"{number:043d}", now=NOW)
            accounts.begin_session(connection, each.id, f"{number + 5:043d}", NOW, None)
        assert accounts.end_sessions(connection, ada.id, NOW) == 1
        return [[token.revoked_at is None for token in tokens.all_of(connection, each.id)] for each in (ada, bo)]

    assert await database.write(work) == [[False, True], [True, True]]


async def test_tokens_that_ended_long_ago_are_forgotten(database: Database) -> None:
    ada = await made(database, "Ada")

    def work(connection: Connection) -> list[str]:
        old, new = NOW - timedelta(days=100), NOW - timedelta(days=10)
        for number, (name, ends) in enumerate((("expired", old), ("brief", new), ("lasting", None))):
            accounts.add_token(connection, ada.id, name=name, secret=f"{number:043d}", now=old, expires_at=ends)
        gone = accounts.add_token(connection, ada.id, name="revoked", secret="r" * 43, now=old)
        tokens.revoke(connection, ada.id, gone.row.id, old)
        tokens.purge(connection, NOW - timedelta(days=90))
        return sorted(token.name for token in tokens.all_of(connection, ada.id))

    assert await database.write(work) == ["brief", "lasting"]
