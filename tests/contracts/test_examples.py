"""The examples of the OpenAPI document are what the service really takes and answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import served
from tests.api.contract import MOCK, answer, document, held, posed

VARYING = frozenset({"id", "problem_id", "seed", "created_at", "submitted_at"})


@pytest.fixture
def client(sqlite_url: str) -> Iterator[TestClient]:
    with served(storage=Database(sqlite_url)) as client:
        yield held(client)


def examples(name: str) -> list[Any]:
    found: list[Any] = document()["components"]["schemas"][name]["examples"]
    return found


def agree(example: Any, real: Any) -> bool:  # noqa: ANN401 — whatever JSON holds
    """Whether an example says what is so: texts may end early in an ellipsis, and ids and times are others."""
    if isinstance(example, dict):
        return example.keys() == real.keys() and all(name in VARYING or agree(example[name], real[name]) for name in example)
    if isinstance(example, list):
        return len(example) == len(real) and all(map(agree, example, real))
    if isinstance(example, str) and "…" in example:
        return bool(real.startswith(example.partition("…")[0].rstrip()))
    return bool(example == real)


@pytest.mark.parametrize("example", examples("ProblemIn"))
def test_every_example_of_a_wish_makes_a_problem(client: TestClient, example: dict[str, Any]) -> None:
    assert client.post("/v1/problems", json=example).status_code == 201


@pytest.mark.parametrize(("name", "path"), [("LearnerIn", "/v1/learners"), ("TokenIn", "/v1/me/tokens")])
def test_every_example_of_a_learner_or_token_makes_one(client: TestClient, name: str, path: str) -> None:
    for example in examples(name):
        assert client.post(path, json=example).status_code == 201


def test_every_example_of_a_change_changes(client: TestClient) -> None:
    for example in examples("LearnerChange"):
        assert example.items() <= client.patch("/v1/me", json=example).json().items()


def test_every_example_of_what_admins_do_is_done(client: TestClient) -> None:
    somebody = f"/v1/learners/{client.post('/v1/learners', json={'name': 'Ada'}).json()['id']}"
    for example in examples("LearnerEdit"):
        assert example.items() <= client.patch(somebody, json=example).json().items()
    for example in examples("ReplacementIn"):
        assert client.post(f"{somebody}/tokens", json=example).status_code == 201


@pytest.mark.parametrize("example", examples("AttemptIn"))
def test_every_example_of_an_answer_is_right(client: TestClient, example: dict[str, Any]) -> None:
    vector = {"family": "gradient-logits", "parameters": {"logits": ["2", "1", "0.1"], "target": 0}}
    problem = posed(client, vector if "gradient" in example["answers"] else MOCK)
    response = client.post(f"/v1/problems/{problem['id']}/attempts", json=example)
    assert response.json()["verdict"] == "right"


def test_the_example_of_a_problem_is_the_mock_question(client: TestClient) -> None:
    [example] = examples("ProblemOut")
    assert agree(example, posed(client))


def test_the_example_of_an_attempt_is_the_one_in_bits(client: TestClient) -> None:
    [example] = examples("AttemptOut")
    assert agree(example, answer(client, posed(client), "0.5146").json())


def test_the_examples_of_a_hint_and_a_solution_are_the_mock_questions(client: TestClient) -> None:
    path = f"/v1/problems/{posed(client)['id']}"
    [hint], [solution] = examples("HintOut"), examples("SolutionOut")
    assert agree(hint, client.post(f"{path}/hints").json())
    assert agree(solution, client.post(f"{path}/solution").json())


def test_the_examples_of_a_day_are_what_that_day_has(client: TestClient) -> None:
    [daily], [days] = examples("DailyOut"), examples("DaysOut")
    assert agree(daily, client.get(f"/v1/daily/{daily['date']}").json())
    assert agree(days, client.get("/v1/daily?before=2026-11-22&limit=1").json())
