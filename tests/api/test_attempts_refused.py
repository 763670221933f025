"""Answers that are none: refused with a pointer and a sentence; nothing is stored, no try is used up, no key is taken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import Json, attempted, counted_rows, held, posed
from tests.conftest import on_sqlite_alone

SOFTMAX = {"family": "softmax", "preset": "three-routes"}
MULTI_LABEL = {"family": "multi-label-bce", "preset": "multi-label"}
NOBODYS = "01990b7e-3c00-7000-8000-000000000000"
JSON = {"content-type": "application/json"}


@pytest.fixture
def client(serve: Serve, database_url: str) -> Iterator[TestClient]:
    """Give a client, and check afterwards that no attempt was stored."""
    client = held(serve(storage=Database(database_url)))
    yield client
    rows = counted_rows(client)
    assert (rows["attempts"], rows["judgements"], rows["idempotency"]) == (0, 0, 0)
    assert all(problem["tries"] == 0 for problem in client.get("/v1/problems").json()["items"])


def sent(client: TestClient, problem: Json, body: str, language: str = "en") -> Response:
    headers = {**JSON, "accept-language": language, "idempotency-key": "k"}
    return client.post(f"/v1/problems/{problem['id']}/attempts", content=body, headers=headers)


@on_sqlite_alone
@pytest.mark.parametrize(
    ("answers", "pointer", "english", "chinese"),
    [
        ("{}", "/answers/loss", "loss", "loss"),
        ('{"loss": "0.3", "bonus": "1"}', "/answers/bonus", "The parts are: loss", "loss"),
        ('{"loss": ["0.357"]}', "/answers/loss", "number", "数"),
        ('{"loss": {"value": "0.357"}}', "/answers/loss", "number", "数"),
        ('{"loss": null}', "/answers/loss", "number", "数"),
        ('{"loss": true}', "/answers/loss", "number", "数"),
        ('{"loss": ""}', "/answers/loss", "There is no number", "这里没有数"),
        ('{"loss": "0,357"}', "/answers/loss", "0.357", "0.357"),
        ('{"loss": "1 2"}', "/answers/loss", "two numbers stand side by side", "两个数并排"),
        ('{"loss": "nan"}', "/answers/loss", "nan (not a number)", "nan（不是数）"),
        ('{"loss": "ln(-1)"}', "/answers/loss", "ln(-1) is no real number", "不是实数"),
        ('{"loss": "9^9^9^9"}', "/answers/loss", "larger than 1.79e308", "大于 1.79e308"),
        ('{"loss": "' + "1" * 60_000 + '"}', "/answers/loss", "200", "200"),
        ('{"loss": "' + "(" * 150 + '"}', "/answers/loss", "A number is missing", "缺少一个数"),
        ('{"loss": "__import__(\'os\')"}', "/answers/loss", "can't stand here", "不能出现在这里"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_answer_that_is_no_number_says_why(
    client: TestClient, refused: Refused, answers: str, pointer: str, english: str, chinese: str
) -> None:
    problem = posed(client)
    for language, said in (("en", english), ("zh", chinese)):
        response = sent(client, problem, f'{{"answers": {answers}}}', language)
        [error] = refused(response, 422, "unreadable-answer")["errors"]
        assert error["pointer"] == pointer
        assert said in error["detail"]
        assert 5 < len(error["detail"]) < 400
        assert ("。" in error["detail"]) == (language == "zh")


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ('["0.659", "0.242"]', "3", "3"),
        ('["0.659", "0.242", "0.09", "0.01"]', "3", "3"),
        ("[]", "3", "3"),
        ('"0.659"', "list", "列表"),
    ],
)
def test_a_vector_of_another_length_is_refused(
    client: TestClient, refused: Refused, value: str, english: str, chinese: str
) -> None:
    problem = posed(client, SOFTMAX)
    for language, said in (("en", english), ("zh", chinese)):
        response = sent(client, problem, f'{{"answers": {{"probabilities": {value}}}}}', language)
        [error] = refused(response, 422, "unreadable-answer")["errors"]
        assert (error["pointer"], said in error["detail"]) == ("/answers/probabilities", True)


def test_a_missing_part_is_named_and_the_others_are_not(client: TestClient, refused: Refused) -> None:
    response = sent(client, posed(client, MULTI_LABEL), '{"answers": {"terms": ["1", "1", "1"], "mean": "1"}}')
    [error] = refused(response, 422, "unreadable-answer")["errors"]
    assert error["pointer"] == "/answers/sum"


def test_units_are_not_mixed_within_a_vector(client: TestClient, refused: Refused) -> None:
    body = '{"answers": {"terms": ["1 bits", "1 nats", "1"], "sum": "1", "mean": "1"}}'
    [error] = refused(sent(client, posed(client, MULTI_LABEL), body), 422, "unreadable-answer")["errors"]
    assert error["pointer"] == "/answers/terms"


@on_sqlite_alone
@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ('{"answers": {"loss": "0.357"}', 400, "malformed-json", ""),
        ("", 422, "invalid-input", "/answers"),
        ("{}", 422, "invalid-input", "/answers"),
        ('{"answers": "0.357"}', 422, "invalid-input", "/answers"),
        ('{"answers": {"loss": "1"}, "answer": 1}', 422, "invalid-input", "/answer"),
        ('{"answers": {"loss": NaN}}', 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"loss": -Infinity}}', 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"loss": 1e999}}', 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"loss": ' + "7" * 60_000 + "}}", 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"loss": 0.' + "7" * 60_000 + "}}", 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"loss": "1", "loss": "2"}}', 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"loss": "a\\u0000b"}}', 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"loss": "\\ud800"}}', 422, "invalid-input", "/answers/loss"),
        ('{"answers": {"\\ud800": "1"}}', 422, "invalid-input", "/answers"),
        ('{"answers": {"a\\u0000b": "1"}}', 422, "invalid-input", "/answers"),
        ('{"answers": {"loss": ' + "[" * 40 + "]" * 40 + "}}", 422, "invalid-input", "/answers/loss" + "/0" * 30),
        ('{"answers": {"loss": "1"}, "confidence": 1.01}', 422, "invalid-input", "/confidence"),
        ('{"answers": {"loss": "1"}, "confidence": "sure"}', 422, "invalid-input", "/confidence"),
        ('{"answers": {"loss": "1"}, "confidence": NaN}', 422, "invalid-input", "/confidence"),
        ('{"answers": {"loss": "1"}, "duration_ms": -1}', 422, "invalid-input", "/duration_ms"),
        ('{"answers": {"loss": "1"}, "duration_ms": 1.5}', 422, "invalid-input", "/duration_ms"),
        ('{"answers": {"loss": "1"}, "duration_ms": 1e300}', 422, "invalid-input", "/duration_ms"),
        ('{"answers": {"loss": "1"}, "duration_ms": 604800001}', 422, "invalid-input", "/duration_ms"),
    ],
    ids=lambda value: str(value)[:45],
)
def test_a_body_that_is_none_is_refused_at_its_place(
    client: TestClient, refused: Refused, body: str, status: int, code: str, pointer: str
) -> None:
    problem = posed(client)
    for language in ("en", "zh"):
        [error] = refused(sent(client, problem, body, language), status, code)["errors"]
        assert error["pointer"] == pointer
        assert ("。" in error["detail"]) == (language == "zh")


def test_33_parts_are_too_many(client: TestClient, refused: Refused) -> None:
    body = '{"answers": {' + ", ".join(f'"p{n}": "1"' for n in range(33)) + "}}"
    [error] = refused(sent(client, posed(client), body), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/answers"


@pytest.mark.parametrize("digits", ["7" * 1_000_000, '"' + "7" * 1_000_000 + '"'])
def test_a_million_digits_are_more_than_a_body_holds(client: TestClient, refused: Refused, digits: str) -> None:
    refused(sent(client, posed(client), '{"answers": {"loss": ' + digits + "}}"), 413, "body-too-large")


def test_an_answer_as_a_form_is_refused(client: TestClient, refused: Refused) -> None:
    response = client.post(f"/v1/problems/{posed(client)['id']}/attempts", data={"loss": "0.357"})
    refused(response, 415, "unsupported-media-type")


@pytest.mark.parametrize("problem_id", [NOBODYS, "not-an-id", "%00"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_to_no_problem_is_not_found(client: TestClient, refused: Refused, problem_id: str, language: str) -> None:
    refused(sent(client, {"id": problem_id}, '{"answers": {"loss": "0.357"}}', language), 404, "not-found")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_attempts_can_be_neither_changed_nor_removed(client: TestClient, refused: Refused, method: str) -> None:
    problem = posed(client)
    response = client.request(method, f"/v1/problems/{problem['id']}/attempts")
    refused(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, POST"
    refused(client.request(method, f"/v1/attempts/{NOBODYS}"), 405, "method-not-allowed")


@pytest.mark.parametrize("attempt_id", [NOBODYS, "not-an-id", "%00", "9" * 400])
def test_an_attempt_that_there_is_not_is_not_found(client: TestClient, refused: Refused, attempt_id: str) -> None:
    refused(client.get(f"/v1/attempts/{attempt_id}"), 404, "not-found")


@pytest.mark.parametrize(
    "query",
    [
        "verdict=nice",
        "since=yesterday",
        "since=2026-11-20T21:00:00",
        "until=2026-13-01T00:00:00Z",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
        "limit=0",
        "cursor=x",
        "family=" + "x" * 101,
        "misconception=" + "x" * 101,
    ],
)
def test_a_filter_that_is_none_is_named(client: TestClient, refused: Refused, query: str) -> None:
    [error] = refused(client.get(f"/v1/attempts?{query}"), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/" + query.partition("=")[0]


@pytest.mark.parametrize("closing", ["0.357", None])
def test_an_unreadable_answer_stays_one_after_the_problem_is_closed(
    serve: Serve, database_url: str, refused: Refused, closing: str | None
) -> None:
    client = held(serve(storage=Database(database_url)))
    problem = posed(client)
    if closing is None:
        client.post(f"/v1/problems/{problem['id']}/solution")
    else:
        attempted(client, problem, closing)
    before = counted_rows(client)
    refused(sent(client, problem, '{"answers": {"loss": "abc"}}'), 422, "unreadable-answer")
    assert counted_rows(client) == before
