"""What both replicas do beside requests, at once: each thing happens once, and neither fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app import chores
from app.commands.regrade import carry_out
from app.edge.context import Context
from app.services.blueprints import Blueprint
from app.storage.models import drills, family_rollups, review_log, truth_corrections
from tests.api.contract import attempted, posed, storage_of
from tests.api.drilling import MOCK_ITEM, Clock, handed_out, planted
from tests.api.people import Person
from tests.replicas.conftest import Replicas, at_once
from tests.services.mending import IN_BITS, IN_NATS, SLUG, Bank

MANY = 4
WEEK = timedelta(days=7)

Chore = Callable[[Context], Awaitable[None]]


def do(client: TestClient, chore: Chore) -> None:
    """Do a chore of a replica now; what is wrong is raised."""
    assert isinstance(client.app, FastAPI)
    assert client.portal is not None
    client.portal.call(chore, client.app.state.context)


def at_both(replicas: Replicas, chore: Chore) -> None:
    at_once(*(partial(do, client, chore) for client in replicas.both * 2))


@pytest.fixture
def clock(replicas: Replicas) -> Clock:
    """Return the clock of both, which only the test moves."""
    clock = Clock()
    for client in replicas.both:
        assert isinstance(client.app, FastAPI)
        client.app.state.context = replace(client.app.state.context, clock=clock)
    return clock


def test_problems_that_were_left_are_rated_once(replicas: Replicas, ada: Person, clock: Clock) -> None:
    for _ in range(MANY):
        attempted(replicas.here, posed(replicas.here, headers=ada.headers), IN_BITS, headers=ada.headers)
    clock.now += timedelta(days=2)
    at_both(replicas, chores.rate_left)
    assert replicas.read(lambda connection: connection.scalar(select(func.count()).select_from(review_log))) == MANY
    [review] = replicas.there.get("/v1/reviews", headers=ada.headers).json()["items"]
    assert review["times"] == MANY


def test_drills_that_were_left_are_ended_once(replicas: Replicas, ada: Person, clock: Clock) -> None:
    for _ in range(MANY):
        drill = planted(replicas.here, ada.id, Blueprint(length=1), (MOCK_ITEM,), clock.now)
        handed_out(replicas.here, drill, headers=ada.headers)
    clock.now += WEEK + timedelta(hours=1)
    at_both(replicas, chores.end_abandoned)
    states = replicas.read(lambda connection: set(connection.scalars(select(drills.c.state))))
    assert states == {"finished"}


@pytest.mark.parametrize("chore", [chores.purge, chores.note_uses, chores.roll_up], ids=lambda chore: chore.__name__)
def test_nothing_goes_wrong_where_both_tidy_up_or_count(replicas: Replicas, ada: Person, clock: Clock, chore: Chore) -> None:
    problem = posed(replicas.here, headers=ada.with_key("long ago"))
    for client in replicas.both:
        attempted(client, problem, IN_BITS, headers=ada.headers)
    clock.now += timedelta(days=2)
    at_both(replicas, chore)
    assert replicas.there.get("/v1/me", headers=ada.headers).status_code == 200


def test_figures_that_both_count_at_once_are_kept_once(replicas: Replicas, ada: Person, clock: Clock) -> None:
    attempted(replicas.here, posed(replicas.here, headers=ada.headers), IN_BITS, headers=ada.headers)
    clock.now += timedelta(days=1)
    at_both(replicas, chores.roll_up)
    kept = select(family_rollups.c.attempts).where(family_rollups.c.family == SLUG)  # of its level, and of all its levels
    assert replicas.read(lambda connection: connection.scalars(kept).all()) == [1, 1]


def test_a_key_that_is_corrected_at_one_is_what_the_other_judges_by(
    replicas: Replicas, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(monkeypatch)
    bank.breaks()
    problem = posed(replicas.there, headers=ada.headers)
    assert attempted(replicas.there, problem, IN_NATS, headers=ada.headers)["verdict"] == "wrong"
    bank.mends()

    async def mend() -> None:
        await carry_out(storage_of(replicas.here), SLUG, lambda _: None, limit=2)

    assert replicas.here.portal is not None
    replicas.here.portal.call(mend)
    assert replicas.read(lambda connection: connection.scalar(select(func.count()).select_from(truth_corrections))) == 1
    [first] = replicas.there.get(f"/v1/problems/{problem['id']}/attempts", headers=ada.headers).json()["items"]
    assert first["verdict"] == "right"
    assert attempted(replicas.there, problem, IN_NATS, headers=ada.headers)["verdict"] == "right"
