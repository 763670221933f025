"""Drills of one seed, and the lists of those that go on and those that have ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from app.services import drills
from app.services.blueprints import Blueprint
from app.services.plans import planned
from app.services.reports.comparison import pasts
from app.storage import drills as stored_drills
from app.storage.drills import DrillRow
from app.storage.ids import LOCAL_LEARNER
from tests.storage.connected import connected

START = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with connected(database_url) as connection:
        yield connection


def begun(connection: Connection, seed: str, blueprint: Blueprint) -> DrillRow:
    plan = planned(connection, LOCAL_LEARNER, blueprint, seed)
    terms = (connection, LOCAL_LEARNER, blueprint, plan)
    return drills.start(*terms, preset=None, room_id=None, language="en", now=START, seed=seed)


def test_a_drill_keeps_the_seed_that_plans_the_same_again(connection: Connection) -> None:
    blueprint = Blueprint(length=3)
    drill = begun(connection, "shared", blueprint)
    assert stored_drills.get(connection, LOCAL_LEARNER, drill.id) == drill
    assert drill.plan == begun(connection, drill.seed or "", blueprint).plan


def test_a_drill_that_tells_at_once_what_another_withholds_is_known_to_ask_the_same(connection: Connection) -> None:
    exam = begun(connection, "shared", Blueprint(length=3, feedback="at-end"))
    same = planned(connection, LOCAL_LEARNER, Blueprint(length=5), "shared")
    other = planned(connection, LOCAL_LEARNER, Blueprint(length=3), "another")
    assert drills.under_way(connection, LOCAL_LEARNER, same) == exam
    assert drills.under_way(connection, LOCAL_LEARNER, other) is None
    drills.finish(connection, exam, START)
    assert drills.under_way(connection, LOCAL_LEARNER, same) is None


def test_what_goes_on_and_what_has_ended_are_listed_the_newest_first(connection: Connection) -> None:
    first, second, third = (begun(connection, seed, Blueprint(length=1)) for seed in "abc")
    ended = [drills.finish(connection, drill, START + timedelta(minutes=1)) for drill in (second, first)]
    assert stored_drills.unfinished(connection, LOCAL_LEARNER) == [third]
    assert stored_drills.finished(connection, LOCAL_LEARNER, limit=2) == ended
    assert stored_drills.finished(connection, LOCAL_LEARNER, before=second.id, limit=2) == ended[1:]


def test_of_each_drill_that_has_ended_its_score_is_known(connection: Connection) -> None:
    drill = drills.finish(connection, begun(connection, "a", Blueprint(length=2)), START)
    [past] = pasts(connection, [drill])
    assert (past.drill_id, past.share, past.pace) == (drill.id, 0.0, None)
