"""Drills of a test, on a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.services import drills
from app.services.blueprints import Blueprint
from app.services.plans import PlanItem
from tests.api.contract import Json, storage_of

MOCK_ITEM = PlanItem("cross-entropy-one-hot", 1, None, "mock-question")
"""The loss of [0.7, 0.2, 0.1] against [1, 0, 0], which is 0.356675."""


class Clock:
    """The time of a test; far ahead, so that nothing that goes by the real clock is due."""

    def __init__(self) -> None:
        self.now = datetime(2100, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def on_a_clock_of_its_own(client: TestClient) -> Clock:
    """Let requests go by a clock that only the test moves."""
    assert isinstance(client.app, FastAPI)
    clock = Clock()
    client.app.state.context = replace(client.app.state.context, clock=clock)
    return clock


def started(client: TestClient, wish: Mapping[str, object], *, headers: Mapping[str, str] | None = None) -> Json:
    """Return a new drill."""
    response = client.post("/v1/drills", json=wish, headers=headers)
    assert response.status_code == 201, response.text
    drill: Json = response.json()
    return drill


def planted(client: TestClient, learner_id: str, blueprint: Blueprint, plan: tuple[PlanItem, ...], now: datetime) -> str:
    """Return the id of a new drill whose problems are known beforehand."""

    def start(connection: Connection) -> str:
        learner = UUID(learner_id)
        row = drills.start(connection, learner, blueprint, plan, preset=None, room_id=None, language="en", now=now)
        return str(row.id)

    assert client.portal is not None
    return client.portal.call(storage_of(client).write, start)


def handed_out(client: TestClient, drill_id: str, *, headers: Mapping[str, str] | None = None) -> Json:
    """Return the next problem of a drill."""
    response = client.post(f"/v1/drills/{drill_id}/next", headers=headers)
    assert response.status_code == 201, response.text
    problem: Json = response.json()
    return problem


def moved(client: TestClient, drill_id: str, step: str, *, headers: Mapping[str, str] | None = None) -> Json:
    """Return a drill after `pause`, `resume` or `finish`."""
    response = client.post(f"/v1/drills/{drill_id}/{step}", headers=headers)
    assert response.status_code == 200, response.text
    drill: Json = response.json()
    return drill
