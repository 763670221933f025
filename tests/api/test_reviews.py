"""Reviews over REST, with a clock of the test's own; on SQLite and PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.edge.context import Context
from app.main import create_app
from app.settings import Settings
from app.storage.database import Database
from tests.api.conftest import Refused
from tests.api.contract import answer, document, held, posed

START = datetime(2026, 11, 20, 21, 16, tzinfo=UTC)
ONE_HOT = "cross-entropy-one-hot"
SOLVING = "-ln(0.7)"
LONGEST_WAIT = 60


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def served(url: str, clock: Callable[[], datetime], **settings: str) -> TestClient:
    app: FastAPI = create_app(Settings.model_validate(settings), Database(url))
    context: Context = app.state.context
    app.state.context = Context(context.settings, context.storage, clock, context.shelf)
    return TestClient(app, base_url="http://localhost:8000", headers={"accept-language": "en"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(database_url: str, clock: Clock) -> Iterator[TestClient]:
    with served(database_url, clock) as client:
        yield held(client)


def listed(client: TestClient, language: str = "en") -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/reviews", headers={"accept-language": language}).json()
    return found


def test_who_never_practised_has_no_reviews(client: TestClient) -> None:
    assert listed(client) == {"due_count": 0, "items": []}


def test_what_was_solved_comes_back_when_fsrs_says(client: TestClient, clock: Clock) -> None:
    answer(client, posed(client), SOLVING)  # in no time at all: easy
    [item] = listed(client)["items"]
    assert item["retrievability"] == 1.0
    assert (item["family"], item["topic"], item["times"]) == (ONE_HOT, "cross-entropy", 1)
    assert (item["last_review"], item["due"]) == ("2026-11-20T21:16:00Z", "2026-11-28T21:16:00Z")
    clock.now += timedelta(days=10)
    later = listed(client)
    assert (later["due_count"], later["items"][0]["overdue_days"]) == (1, 2)
    assert later["items"][0]["retrievability"] < 0.9


def test_the_example_is_a_review_that_falls_due(client: TestClient, clock: Clock) -> None:
    clock.now -= timedelta(days=2)
    problem = posed(client)
    client.post(f"/v1/problems/{problem['id']}/attempts", json={"answers": {"loss": SOLVING}, "duration_ms": 60_000})
    clock.now += timedelta(days=2)
    [example] = document()["components"]["schemas"]["ReviewsOut"]["examples"]
    [real] = listed(client)["items"]
    expected = dict(example["items"][0])
    assert real.pop("retrievability") == pytest.approx(expected.pop("retrievability"), abs=1e-4)
    assert real == expected


def test_a_title_is_in_the_readers_language(client: TestClient) -> None:
    answer(client, posed(client), SOLVING)
    titles = {listed(client, language)["items"][0]["title"] for language in ("en", "zh")}
    assert len(titles) == 2


def test_a_list_that_did_not_change_is_not_sent_again(client: TestClient, clock: Clock) -> None:
    answer(client, posed(client), SOLVING)
    tag = client.get("/v1/reviews").headers["etag"]
    clock.now += timedelta(hours=1)
    assert client.get("/v1/reviews", headers={"if-none-match": tag}).status_code == 304


def test_the_next_review_is_the_family_with_fresh_numbers(client: TestClient, clock: Clock) -> None:
    first = posed(client)
    answer(client, first, SOLVING)
    clock.now += timedelta(days=10)
    response = client.post("/v1/reviews/next", json={"language": "zh"})
    problem = response.json()
    assert (response.status_code, problem["family"], problem["language"]) == (201, ONE_HOT, "zh")
    assert problem["parameters"] != first["parameters"]
    assert client.get(response.headers["location"]).json() == problem


def test_a_review_that_is_repeated_with_its_key_is_set_once(client: TestClient, clock: Clock) -> None:
    answer(client, posed(client), SOLVING)
    clock.now += timedelta(days=10)
    first, again = (client.post("/v1/reviews/next", headers={"idempotency-key": "k"}).json() for _ in range(2))
    assert first == again


@pytest.mark.parametrize(("language", "said"), [("en", "due at 2026-11-28T21:16:00Z"), ("zh", "时间：2026-11-28T21:16:00Z")])
def test_nothing_due_says_when_the_next_is(client: TestClient, refused: Refused, language: str, said: str) -> None:
    answer(client, posed(client), SOLVING)
    response = client.post("/v1/reviews/next", headers={"accept-language": language})
    assert said in refused(response, 409, "nothing-due")["detail"]


def test_nothing_due_and_nothing_to_come_says_only_that(client: TestClient, refused: Refused) -> None:
    assert "The next" not in refused(client.post("/v1/reviews/next"), 409, "nothing-due")["detail"]


def test_a_review_that_is_due_is_what_an_empty_wish_gets(client: TestClient, clock: Clock) -> None:
    answer(client, posed(client), SOLVING)
    assert posed(client, {"topic": "logits"})["family"] != ONE_HOT
    clock.now += timedelta(days=10)
    assert posed(client, {})["family"] == ONE_HOT
    assert posed(client, {"topic": "logits"})["family"] != ONE_HOT


def test_an_empty_wish_gets_what_is_due_else_what_is_weak(client: TestClient, clock: Clock) -> None:
    answer(client, posed(client), SOLVING)
    answer(client, posed(client, {"family": "surprisal"}), "1000")
    assert posed(client, {})["family"] == "surprisal"
    clock.now += timedelta(days=10)
    assert posed(client, {})["family"] == ONE_HOT
    assert posed(client, {"topic": "information"})["family"] == "surprisal"


def test_an_empty_wish_gets_something_new_once_all_that_was_tried_is_mastered(client: TestClient) -> None:
    bank = [each["slug"] for each in client.get("/v1/families").json()["items"]]
    answer(client, posed(client), SOLVING)
    assert posed(client, {})["family"] == ONE_HOT
    answer(client, posed(client), SOLVING)
    assert [posed(client, {})["family"] for _ in range(2)] == bank[:2]
    assert posed(client, {"level": 3})["level"] == 3


def test_what_was_left_wrong_is_rated_when_the_service_starts(database_url: str, clock: Clock) -> None:
    clock.now -= timedelta(days=2)
    with served(database_url, clock) as before:
        answer(before, posed(before), "0.5")
        assert listed(before)["items"] == []
    with served(database_url, clock) as after:
        end = time.monotonic() + LONGEST_WAIT
        while not (rated := listed(after)["items"]) and time.monotonic() < end:
            time.sleep(0.01)
    assert [item["family"] for item in rated] == [ONE_HOT]
