"""Drills end by themselves, wherever they were left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, update
from starlette.testclient import TestClient

from app import chores
from app.main import create_app
from app.services.blueprints import Blueprint
from app.settings import Settings
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from app.storage.models import drills
from tests.api.contract import rows_of, storage_of
from tests.api.drilling import MOCK_ITEM, handed_out, planted

LONGEST_WAIT = 60
MINUTE = Blueprint(length=1, minutes=1, feedback="at-end")
UNTIMED = Blueprint(length=1)


@pytest.fixture
def client(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Give a client of a service that looks after its drills all the time."""
    monkeypatch.setattr(chores, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(chores, "TIDY_SECONDS", 0.05)
    with TestClient(create_app(Settings(), Database(database_url)), base_url="http://localhost:8000") as client:
        yield client


def ago(**how_long: float) -> datetime:
    return datetime.now(UTC) - timedelta(**how_long)


def begun(client: TestClient, blueprint: Blueprint, when: datetime) -> str:
    return planted(client, str(LOCAL_LEARNER), blueprint, (MOCK_ITEM,), when)


def changed(client: TestClient, drill_id: str, **values: object) -> None:
    """Store something of a drill past all rules."""

    def change(connection: Connection) -> None:
        connection.execute(update(drills).where(drills.c.id == UUID(drill_id)).values(values))

    assert client.portal is not None
    client.portal.call(storage_of(client).write, change)


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait until something holds; False if it doesn't for a minute."""
    end = time.monotonic() + LONGEST_WAIT
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def ended(client: TestClient, drill_id: str) -> bool:
    """Return whether a drill is stored as ended; reading it over REST would end it."""
    return any(drill_id in row and "'finished'" in row for row in rows_of(client, "drills"))


def test_a_drill_whose_time_is_over_ends_though_nobody_asks_for_it(client: TestClient) -> None:
    running = begun(client, MINUTE, datetime.now(UTC))
    problem = handed_out(client, running)
    changed(client, running, ends_at=ago(seconds=1))
    assert eventually(lambda: ended(client, running))
    assert client.get(f"/v1/problems/{problem['id']}").json()["state"] == "expired"


def test_a_drill_that_has_time_left_runs_on(client: TestClient) -> None:
    running, over = begun(client, MINUTE, datetime.now(UTC)), begun(client, MINUTE, ago(minutes=2))
    assert eventually(lambda: ended(client, over))
    assert not ended(client, running)


def test_a_drill_that_was_left_for_a_week_ends(client: TestClient) -> None:
    left, untimed = begun(client, UNTIMED, ago(days=8)), begun(client, UNTIMED, ago(days=6))
    assert eventually(lambda: ended(client, left))
    assert not ended(client, untimed)


def test_a_drill_that_can_not_be_ended_keeps_up_no_other(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    broken = begun(client, MINUTE, datetime.now(UTC))
    handed_out(client, broken)
    changed(client, broken, ends_at=ago(hours=1), blueprint="{")
    sound = begun(client, MINUTE, ago(minutes=2))
    assert eventually(lambda: ended(client, sound))
    assert not ended(client, broken)
    logged = capsys.readouterr().out.splitlines()
    assert any("chore_failed" in line and broken in line for line in logged)
