"""The examples of rooms in the OpenAPI document are what the service really takes and answers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.room_result_documents import WATCHED_EXAMPLE, Watched
from app.storage.database import Database
from tests.api.conftest import Serve
from tests.api.contract import MOCK, Json, document, held
from tests.contracts.test_examples import agree, examples

CODES_AND_TIMES = {"code", "room", "created_at", "closed_at", "expires_at", "started_at", "ends_at", "marked_at", "drill_id"}


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


@pytest.fixture
def room(client: TestClient) -> Json:
    terms = {"minutes": 20, "feedback": "at-end", "hints": False, "pause": False, "interview": True}
    body = {"title": "Data scientist, first round", "blueprint": terms, "problems": [MOCK]}
    found: Json = client.post("/v1/rooms", json=body).json()
    return found


def stripped(content: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a document without what is made at random or from the clock."""
    if isinstance(content, dict):
        return {name: stripped(value) for name, value in content.items() if name not in CODES_AND_TIMES}
    return [stripped(value) for value in content] if isinstance(content, list) else content


@pytest.mark.parametrize("example", examples("RoomIn"))
def test_every_example_of_a_wish_opens_a_room(client: TestClient, example: Json) -> None:
    assert client.post("/v1/rooms", json=example).status_code == 201


def test_the_example_of_a_room_is_one_of_the_mock_question(client: TestClient, room: Json) -> None:
    [one], [page] = examples("RoomOut"), examples("RoomsOut")
    assert agree(stripped(one), stripped(room))
    assert agree(stripped(page), stripped(client.get("/v1/rooms").json()))


def test_every_example_of_joining_joins(client: TestClient, room: Json) -> None:
    for example in examples("JoinIn"):
        joined = client.post(f"/v1/rooms/{room['code']}/drills", json=example)
        assert joined.status_code == 201
        assert joined.json().keys() == examples("JoinOut")[0].keys()


def test_the_examples_of_results_and_marks_are_of_bob_who_answers_in_bits(client: TestClient, room: Json) -> None:
    path = f"/v1/rooms/{room['code']}"
    joined = client.post(f"{path}/drills", json={"name": "Bob"}).json()
    bob = {"authorization": f"Bearer {joined['token']}"}
    problem = client.post(f"/v1/drills/{joined['drill']['id']}/next", headers=bob).json()["id"]
    answer = {"answers": {"loss": "0.5146"}, "duration_ms": 41000}
    client.post(f"/v1/problems/{problem}/attempts", json=answer, headers=bob)
    [results] = examples("ResultsOut")
    assert agree(stripped(results), stripped(client.get(f"{path}/results").json()))
    [given], [mark] = examples("MarkIn"), examples("MarkOut")
    answered = client.post(f"{path}/marks", json={**given, "problem_id": problem})
    assert agree(stripped(mark), stripped(answered.json()))


def test_the_example_of_an_event_has_every_field_that_is_sent() -> None:
    assert Watched.model_validate(WATCHED_EXAMPLE).model_dump(mode="json") == WATCHED_EXAMPLE
    content = document()["paths"]["/v1/rooms/{code}/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]
    [data] = re.findall(r"^data: (.*)$", content["example"], re.MULTILINE)
    assert json.loads(data) == WATCHED_EXAMPLE
