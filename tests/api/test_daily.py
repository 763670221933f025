"""The problem of a day over REST; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from app.edge.context import Context
from app.main import create_app
from app.services import dailies
from app.settings import Settings
from app.storage import dailies as stored
from app.storage.database import Database
from tests.api.conftest import Refused
from tests.api.contract import held, posed, rows_of, storage_of
from tests.api.people import enrolled

NOW = datetime(2026, 12, 24, 23, 59, 59, tzinfo=UTC)
TODAY, TOMORROW = "2026-12-24", "2026-12-25"
DAY = timedelta(days=1)


def served(url: str, **settings: str) -> TestClient:
    app = create_app(Settings.model_validate(settings), Database(url))
    context: Context = app.state.context
    app.state.context = Context(context.settings, context.storage, lambda: NOW, context.shelf)
    return TestClient(app, base_url="http://localhost:8000", headers={"accept-language": "en"})


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    with served(database_url) as client:
        yield held(client)


def of(client: TestClient, day: str, language: str = "en") -> dict[str, Any]:
    response = client.get(f"/v1/daily/{day}", headers={"accept-language": language})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_day_is_what_it_was_when_it_was_first_asked_for(client: TestClient) -> None:
    first = client.get(f"/v1/daily/{TODAY}")
    again = client.get(f"/v1/daily/{TODAY}", headers={"if-none-match": first.headers["etag"]})
    assert (first.json(), again.status_code) == (of(client, TODAY), 304)
    assert len(rows_of(client, "dailies")) == 1


def test_it_reads_in_both_languages_and_asks_the_same(client: TestClient) -> None:
    english, chinese = of(client, TODAY, "en"), of(client, TODAY, "zh")
    assert english["title"] != chinese["title"]
    assert english["prompt"] != chinese["prompt"]
    assert english["parameters"] == chinese["parameters"]


def test_the_problem_is_told_without_its_truth(client: TestClient) -> None:
    assert of(client, TODAY).keys() == {
        "date",
        "family",
        "title",
        "topic",
        "level",
        "family_version",
        "parameters",
        "convention",
        "prompt",
        "parts",
        "expected_seconds",
    }


@pytest.mark.parametrize(
    ("language", "said"), [("en", "from 2026-12-25T00:00:00Z on"), ("zh", "将于 2026-12-25T00:00:00Z 公布")]
)
def test_tomorrow_says_when_it_comes(client: TestClient, refused: Refused, language: str, said: str) -> None:
    response = client.get(f"/v1/daily/{TOMORROW}", headers={"accept-language": language})
    assert said in refused(response, 404, "not-yet")["detail"]


@pytest.mark.parametrize("day", ["2026-11-19", "0001-01-01", "2026-13-01", "2026-11-31", "today", "1766534400"])
def test_there_is_no_problem_of_what_is_no_day_since_the_first(client: TestClient, refused: Refused, day: str) -> None:
    refused(client.get(f"/v1/daily/{day}"), 404, "not-found")


def test_the_problem_of_a_day_is_set_with_its_numbers(client: TestClient) -> None:
    day, problem = of(client, TODAY), posed(client, {"daily": TODAY})
    same = ("family", "level", "parameters", "convention", "prompt", "parts", "expected_seconds")
    assert {name: problem[name] for name in same} == {name: day[name] for name in same}
    assert (problem["seed"], problem["state"]) == (f"daily-{TODAY}", "open")


def test_asked_for_again_it_is_the_one_that_was_set(client: TestClient) -> None:
    first = posed(client, {"daily": TODAY})
    client.post(f"/v1/problems/{first['id']}/hints")
    again = client.post("/v1/problems", json={"daily": TODAY, "language": "zh"})
    assert again.status_code == 200
    assert again.json() == {**first, "hints_taken": 1}


def test_everybody_has_their_own_of_the_same(client: TestClient) -> None:
    headers = enrolled(client, "Ada").headers
    mine, hers = posed(client, {"daily": TODAY}), posed(client, {"daily": TODAY}, headers=headers)
    assert mine["id"] != hers["id"]
    assert {**mine, "id": hers["id"]} == hers


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"daily": TOMORROW}, "/daily"),
        ({"daily": "2026-11-19"}, "/daily"),
        ({"daily": "24.12.2026"}, "/daily"),
        ({"daily": 20261224}, "/daily"),
        ({"daily": TODAY, "topic": "logits"}, "/topic"),
    ],
)
def test_a_wish_that_no_day_meets_points_to_what_is_at_fault(
    client: TestClient, refused: Refused, wish: dict[str, Any], pointer: str
) -> None:
    document = refused(client.post("/v1/problems", json=wish), 422, "invalid-input")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def test_the_days_are_listed_back_to_the_first(client: TestClient) -> None:
    seen: list[dict[str, Any]] = []
    path: str | None = "/v1/daily?limit=16"
    while path:
        response = client.get(path)
        seen += response.json()["items"]
        path = response.links["next"]["url"] if "next" in response.links else None
    days = [date.fromisoformat(item["date"]) for item in seen]
    assert days == [NOW.date() - number * DAY for number in range(35)]
    assert seen[0] == {name: of(client, TODAY)[name] for name in seen[0]}


def test_there_are_no_days_before_the_first(client: TestClient) -> None:
    assert client.get("/v1/daily?before=2026-11-20").json() == {"items": []}
    assert client.get("/v1/daily?before=0001-01-01").json() == {"items": []}


@pytest.mark.parametrize(("query", "pointer"), [("before=x", "/before"), ("limit=32", "/limit"), ("limit=0", "/limit")])
def test_a_list_that_cannot_be_is_refused(client: TestClient, refused: Refused, query: str, pointer: str) -> None:
    document = refused(client.get(f"/v1/daily?{query}"), 422, "invalid-input")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def test_a_day_outlives_its_family(client: TestClient, refused: Refused) -> None:
    def lose(connection: Connection) -> None:
        [row] = dailies.fixed(connection, NOW.date(), NOW.date(), NOW)
        stored.add(connection, replace(row, day=NOW.date() - DAY, family="gone"))

    assert client.portal is not None
    client.portal.call(storage_of(client).write, lose)
    shown = of(client, "2026-12-23")
    assert (shown["family"], shown["level"], shown["parameters"]) == (
        "gone",
        *(of(client, TODAY)[n] for n in ("level", "parameters")),
    )
    assert [shown[name] for name in ("title", "topic", "prompt", "parts", "expected_seconds")] == [None] * 5
    refused(client.post("/v1/problems", json={"daily": "2026-12-23"}), 410, "family-unavailable")


@pytest.mark.parametrize("path", ["/v1/daily", f"/v1/daily/{TODAY}", f"/v1/daily/{TOMORROW}", "/v1/reviews"])
def test_strangers_see_no_days(database_url: str, refused: Refused, path: str) -> None:
    with served(database_url, access="tokens") as client:
        refused(held(client).get(path), 401, "unauthenticated")
