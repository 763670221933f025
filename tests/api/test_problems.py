"""Asking for problems, and reading them again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.storage.database import Database
from quiz_bank.registry import FAMILIES
from tests.api.conftest import Refused, Serve
from tests.api.contract import MOCK, answer, counted_rows, held, posed
from tests.conftest import on_sqlite_alone

ONE_HOT = "cross-entropy-one-hot"
SOLVING = "-ln(0.7)"


@pytest.fixture
def client(serve: Serve, database_url: str) -> TestClient:
    return held(serve(storage=Database(database_url)))


def what_is_asked(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name not in {"id", "created_at"}}


def test_a_preset_is_the_named_problem(client: TestClient) -> None:
    problem = posed(client)
    assert problem["parameters"] == {"prediction": ["0.7", "0.2", "0.1"], "target": ["1", "0", "0"], "log_base": "e"}
    assert (problem["preset"], problem["seed"], problem["state"], problem["tries"]) == ("mock-question", None, "open", 0)
    assert problem["parts"] == [
        {
            "name": "loss",
            "label": "Cross-entropy loss",
            "kind": "number",
            "shape": [],
            "unit": "nats",
            "significant_digits": 3,
        }
    ]


def test_a_new_problem_says_where_it_is(client: TestClient) -> None:
    response = client.post("/v1/problems", json=MOCK)
    assert response.headers["location"] == f"/v1/problems/{response.json()['id']}"
    assert client.get(response.headers["location"]).json() == response.json()


def test_ids_are_uuids_of_version_7(client: TestClient) -> None:
    assert UUID(posed(client)["id"]).version == 7


@on_sqlite_alone
@pytest.mark.parametrize("slug", FAMILIES)
def test_a_seed_gives_the_same_problem_again(client: TestClient, slug: str) -> None:
    first, second = (posed(client, {"family": slug, "seed": "α-17"}) for _ in range(2))
    assert what_is_asked(first) == what_is_asked(second)
    assert first["id"] != second["id"]


def test_another_seed_gives_another_problem(client: TestClient) -> None:
    first, second = (posed(client, {"family": ONE_HOT, "level": 3, "seed": seed}) for seed in ("a", "b"))
    assert first["parameters"] != second["parameters"]


def test_a_drawing_says_the_seed_that_repeats_it(client: TestClient) -> None:
    drawn = posed(client, {"family": ONE_HOT, "level": 2})
    repeated = posed(client, {"family": ONE_HOT, "level": 2, "seed": drawn["seed"]})
    assert what_is_asked(drawn) == what_is_asked(repeated)


@on_sqlite_alone
@pytest.mark.parametrize("slug", FAMILIES)
def test_every_level_of_a_family_can_be_asked_for(client: TestClient, slug: str) -> None:
    for level in FAMILIES[slug].levels:
        assert posed(client, {"family": slug, "level": level})["level"] == level


def test_without_a_level_it_starts_at_the_first_and_rises_with_what_was_solved(client: TestClient) -> None:
    assert posed(client, {"family": ONE_HOT})["level"] == 1
    for _ in range(3):
        answer(client, posed(client), SOLVING)
    assert posed(client, {"family": ONE_HOT})["level"] == 2


def test_a_seed_without_a_level_gives_the_lowest_however_much_was_solved(client: TestClient) -> None:
    first = posed(client, {"family": ONE_HOT, "seed": "s"})
    for _ in range(3):
        answer(client, posed(client), SOLVING)
    assert what_is_asked(posed(client, {"family": ONE_HOT, "seed": "s"})) == what_is_asked(first)


def test_a_preset_may_be_asked_for_with_its_own_level(client: TestClient) -> None:
    assert posed(client, {**MOCK, "level": posed(client)["level"]})["preset"] == MOCK["preset"]


@pytest.mark.parametrize("action", ["hints", "solution"])
def test_an_empty_object_is_as_good_as_no_body(client: TestClient, action: str) -> None:
    path = f"/v1/problems/{posed(client)['id']}/{action}"
    assert (client.post(path, json={}).status_code, client.post(path).status_code) == (200, 200)


def test_a_topic_alone_gives_a_family_of_it(client: TestClient) -> None:
    assert posed(client, {"topic": "cross-entropy"})["topic"] == "cross-entropy"


def test_nothing_given_goes_through_the_families_that_were_not_met(client: TestClient) -> None:
    met = [posed(client, {})["family"] for _ in FAMILIES]
    assert met == list(FAMILIES)


def test_a_request_without_a_body_asks_for_a_good_next_problem(client: TestClient) -> None:
    assert client.post("/v1/problems").status_code == 201


def test_what_was_answered_wrongly_comes_before_what_is_new(client: TestClient) -> None:
    answer(client, posed(client), "0.5")
    assert posed(client, {})["family"] == ONE_HOT


def test_explicit_parameters_keep_their_digits(client: TestClient) -> None:
    given = {"prediction": ["0.50", ".250", "1/4"], "target": [0, 1, 0]}
    shown = posed(client, {"family": ONE_HOT, "parameters": given})["parameters"]
    assert shown["prediction"] == ["0.50", "0.250", "1/4"]
    assert shown["target"] == ["0", "1", "0"]


def test_parameters_as_numbers_stand_for_their_shortest_text(client: TestClient) -> None:
    body = '{"family": "cross-entropy-one-hot", "parameters": {"prediction": [0.70, 0.2, 0.1], "target": [1, 0, 0]}}'
    response = client.post("/v1/problems", content=body, headers={"content-type": "application/json"})
    assert response.json()["parameters"]["prediction"] == ["0.7", "0.2", "0.1"]


@on_sqlite_alone
@pytest.mark.parametrize("slug", FAMILIES)
def test_a_presets_own_parameters_give_its_problem(client: TestClient, slug: str) -> None:
    shown = client.get(f"/v1/families/{slug}").json()
    for name, parameters in shown["preset_parameters"].items():
        named = posed(client, {"family": slug, "preset": name})
        explicit = posed(client, {"family": slug, "level": named["level"], "parameters": parameters})
        assert explicit["parameters"] == named["parameters"]
        assert explicit["prompt"] == named["prompt"]


@pytest.mark.parametrize(
    ("wish", "header", "language"),
    [
        ({}, "zh", "zh"),
        ({}, "fr", "en"),
        ({}, "zh;q=0.5, en", "en"),
        ({"language": "zh"}, "en", "zh"),
        ({"language": "zh-Hant-TW"}, "en", "zh"),
        ({"language": "fr"}, "zh", "en"),
        ({"language": "en"}, "zh", "en"),
    ],
)
def test_the_body_chooses_the_language_and_else_the_header(
    client: TestClient, wish: dict[str, str], header: str, language: str
) -> None:
    problem = posed(client, {**MOCK, **wish}, headers={"accept-language": header})
    assert problem["language"] == language
    assert ("交叉熵" in problem["prompt"]["text"]) == (language == "zh")


def test_a_problem_stays_in_its_language(client: TestClient) -> None:
    problem = posed(client, {**MOCK, "language": "zh"})
    assert client.get(f"/v1/problems/{problem['id']}", headers={"accept-language": "en"}).json() == problem


def test_a_problem_that_the_caller_has_is_not_sent_again_until_it_changes(client: TestClient) -> None:
    problem = posed(client)
    path = f"/v1/problems/{problem['id']}"
    tag = client.get(path).headers["etag"]
    unchanged = client.get(path, headers={"if-none-match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    answer(client, problem, "0.5146")
    assert client.get(path, headers={"if-none-match": tag}).json()["tries"] == 1


def test_problems_are_listed_from_the_newest_page_by_page(client: TestClient) -> None:
    made = [posed(client)["id"] for _ in range(5)]
    first = client.get("/v1/problems?limit=2")
    second = client.get(first.links["next"]["url"])
    third = client.get(second.links["next"]["url"])
    pages = [[item["id"] for item in page.json()["items"]] for page in (first, second, third)]
    assert pages == [[made[4], made[3]], [made[2], made[1]], [made[0]]]
    assert "next" not in third.links


def test_a_page_that_ends_the_list_has_no_next_one(client: TestClient) -> None:
    posed(client)
    posed(client)
    assert "next" not in client.get("/v1/problems?limit=2").links


def test_a_problem_made_meanwhile_shifts_no_page(client: TestClient) -> None:
    made = [posed(client)["id"] for _ in range(2)]
    link = client.get("/v1/problems?limit=1").links["next"]["url"]
    posed(client)
    assert [item["id"] for item in client.get(link).json()["items"]] == [made[0]]


def test_problems_are_filtered_by_state_and_family(client: TestClient) -> None:
    solved, revealed, opened = posed(client), posed(client), posed(client)
    other = posed(client, {"family": next(slug for slug in FAMILIES if slug != ONE_HOT)})
    answer(client, solved, SOLVING)
    client.post(f"/v1/problems/{revealed['id']}/solution")

    def found(query: str) -> list[str]:
        return [item["id"] for item in client.get(f"/v1/problems?{query}").json()["items"]]

    assert found("state=solved") == [solved["id"]]
    assert found("state=revealed") == [revealed["id"]]
    assert found("state=open") == [other["id"], opened["id"]]
    assert found(f"state=open&family={ONE_HOT}") == [opened["id"]]
    assert found("state=expired") == []


def test_the_next_page_keeps_the_filters(client: TestClient) -> None:
    for _ in range(2):
        posed(client)
    answer(client, posed(client), SOLVING)
    link = client.get("/v1/problems?state=open&limit=1").links["next"]["url"]
    assert [item["state"] for item in client.get(link).json()["items"]] == ["open"]


def test_a_request_sent_again_makes_no_second_problem(client: TestClient) -> None:
    headers = {"idempotency-key": "p-1"}
    first, second = (client.post("/v1/problems", json={"family": ONE_HOT}, headers=headers) for _ in range(2))
    assert (second.json(), second.headers["location"]) == (first.json(), first.headers["location"])
    assert second.headers["idempotency-replayed"] == "true"
    assert counted_rows(client)["problems"] == 1


def test_a_key_with_another_wish_is_refused(client: TestClient, refused: Refused) -> None:
    headers = {"idempotency-key": "p-1"}
    posed(client, MOCK, headers=headers)
    refused(client.post("/v1/problems", json={"family": ONE_HOT}, headers=headers), 422, "idempotency-key-reused")
