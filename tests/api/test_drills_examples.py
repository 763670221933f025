"""The examples that the document gives of drills are what the service really takes and answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.services.blueprints import Blueprint
from app.storage.database import Database
from app.storage.ids import LOCAL_LEARNER
from tests.api.conftest import Serve
from tests.api.contract import attempted, held
from tests.api.drilling import MOCK_ITEM, Clock, handed_out, on_a_clock_of_its_own, planted, started
from tests.contracts.test_examples import agree, examples


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def clock(client: TestClient) -> Clock:
    clock = on_a_clock_of_its_own(client)
    clock.now = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
    return clock


@pytest.mark.parametrize("example", examples("DrillIn"))
def test_every_example_of_a_wish_starts_a_drill(client: TestClient, example: dict[str, Any]) -> None:
    started(client, example)


@pytest.mark.parametrize("example", examples("BlueprintIn"))
def test_every_example_of_a_blueprint_starts_a_drill_of_that_kind(client: TestClient, example: dict[str, Any]) -> None:
    assert example.items() <= started(client, {"blueprint": example})["blueprint"].items()


def test_the_examples_of_a_drill_are_a_new_warm_up(client: TestClient, clock: Clock) -> None:
    [example], [listed] = examples("DrillOut"), examples("DrillsOut")
    assert agree(example, started(client, {"preset": "warm-up"}))
    assert agree(listed, client.get("/v1/drills").json())


def test_the_example_of_a_preset_is_one_of_them(client: TestClient) -> None:
    [example] = examples("PresetsOut")
    assert any(agree(example, {"items": [preset]}) for preset in client.get("/v1/drills/presets").json()["items"])


def test_the_examples_of_a_follow_up_are_the_mock_questions(client: TestClient, clock: Clock) -> None:
    [given], [example] = examples("FollowUpIn"), examples("FollowUpOut")
    drill = planted(client, str(LOCAL_LEARNER), Blueprint(length=1, interview=True), (MOCK_ITEM,), clock.now)
    problem = handed_out(client, drill)
    attempted(client, problem, "0.357")
    clock.advance(60)
    assert agree(example, client.post(f"/v1/problems/{problem['id']}/follow-up", json=given).json())
