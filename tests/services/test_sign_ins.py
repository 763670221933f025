"""Who comes in through a provider, on both databases; what is asked of the provider itself is tested with the pages."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import Connection

from app.edge.context import Context
from app.services import accounts
from app.services.sign_ins import NotEnrolledError, Person, signed_in
from app.settings import Settings
from app.storage import audit, learners
from app.storage.database import Database
from app.web.openid import session_of

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA = Person("https://login.example.org", "ada", "Ada", email="ada@example.org")


async def test_who_comes_in_for_the_first_time_twice_at_once_on_two_replicas_is_one(database_url: str) -> None:
    replicas = [Database(database_url), Database(database_url)]
    for replica in replicas:
        await replica.open()
    for number in range(5):
        person = replace(ADA, subject=f"ada-{number}", name=f"Ada {number}")
        calls = [session_of(Context(Settings(), replica, lambda: NOW), person) for replica in replicas]
        first, second = await asyncio.gather(*calls)
        assert first != second
        found = await replicas[0].read(partial(learners.page, text=person.name, limit=10))
        assert len(found) == 1
    for replica in replicas:
        await replica.close()


async def test_whom_nobody_knows_is_not_made_where_registration_is_closed(database: Database) -> None:
    with pytest.raises(NotEnrolledError):
        await database.write(partial(signed_in, person=ADA, now=NOW, closed=True))
    made = await database.write(partial(signed_in, person=ADA, now=NOW, closed=False))
    assert await database.write(partial(signed_in, person=ADA, now=NOW, closed=True)) == made


async def test_a_time_zone_that_there_is_not_is_as_none(database: Database) -> None:
    person = replace(ADA, time_zone="Mars/Olympus", language="zh")
    made = await database.write(partial(signed_in, person=person, now=NOW, closed=False))
    assert (made.time_zone, made.language) == ("UTC", "zh")


async def test_a_role_that_the_provider_gives_is_noted_as_its_act(database: Database) -> None:
    coach = await database.write(partial(signed_in, person=replace(ADA, role="coach"), now=NOW, closed=False))
    [act] = await database.read(partial(audit.page, limit=10))
    assert (act.actor_id, act.actor_role, act.action, act.subject_id) == (None, "provider", "role.changed", coach.id)


async def test_who_was_erased_comes_in_as_somebody_new(database: Database) -> None:
    def work(connection: Connection) -> tuple[bool, int]:
        first = signed_in(connection, ADA, NOW, closed=False)
        accounts.erase(connection, first.id, NOW)
        second = signed_in(connection, ADA, NOW, closed=False)
        return first.id != second.id, len(learners.page(connection, text="Ada", limit=10))

    assert await database.write(work) == (True, 1)
