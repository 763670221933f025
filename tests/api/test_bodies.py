from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response
from pydantic import Field
from starlette.testclient import TestClient

from app.api.bodies import Body, Day, Identifier, rest_router
from tests.api.conftest import Refused, Serve


class Submission(Body):
    answers: dict[str, str | float | list[str | float]] = Field(default_factory=dict)
    daily: Day | None = None
    problem: Identifier | None = None
    count: int | None = None


class Required(Body):
    name: str


router = rest_router("bodies")


@router.post("/submissions")
async def submit(submission: Submission) -> dict[str, Any]:
    return submission.model_dump(mode="json")


@router.post("/required")
async def require(body: Required) -> str:
    return body.name


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve(router)


def post(client: TestClient, body: bytes | str, path: str = "/v1/submissions", **headers: str) -> Response:
    return client.post(path, content=body, headers={"content-type": "application/json", **headers})


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"answers": {"loss": 1, "loss": 2}}', "/answers/loss"),
        ('{"count": 1, "count": 1}', "/count"),
        ('{"answers": {"a/b~c": 1, "a/b~c": 2}}', "/answers/a~1b~0c"),
        ('{"answers": {"loss": NaN}}', "/answers/loss"),
        ('{"answers": {"loss": [1, -Infinity]}}', "/answers/loss/1"),
        ('{"answers": {"loss": 1e999}}', "/answers/loss"),
        ('{"answers": {"loss": "\\u0000"}}', "/answers/loss"),
        ('{"answers": {"loss": "\\ud800"}}', "/answers/loss"),
        ('{"answers": {"\\udfff": 1}}', "/answers"),
        ('{"answers": {"\\u0000": 1}}', "/answers"),
        ('{"count": ' + "9" * 401 + "}", "/count"),
        ('{"count": ' + "9" * 60_000 + "}", "/count"),
        ('{"answers": {"loss": 0.' + "9" * 60_000 + "}}", "/answers/loss"),
        ('{"answers": ' + "[" * 32 + "]" * 32 + "}", "/answers" + "/0" * 31),
        ("[" * 30_000 + "]" * 30_000, ""),
        ('{"nickname": 1}', "/nickname"),
        ('{"count": "1"}', "/count"),
        ('{"count": true}', "/count"),
        ('{"count": 1.5}', "/count"),
        ('{"answers": {"loss": true}}', "/answers/loss"),
        ('{"answers": {"loss": ["1", {}]}}', "/answers/loss/1"),
        ('{"daily": "2026-02-30"}', "/daily"),
        ('{"daily": 20261120}', "/daily"),
        ('{"problem": "7"}', "/problem"),
        ("[]", ""),
        ("null", ""),
    ],
)
def test_what_is_not_allowed_is_refused_with_a_pointer(client: TestClient, refused: Refused, body: str, pointer: str) -> None:
    errors = refused(post(client, body), 422, "invalid-input")["errors"]
    assert pointer in [error["pointer"] for error in errors]
    assert all(error["detail"] for error in errors)


@pytest.mark.parametrize(
    ("body", "position"),
    [(b"{", 1), (b'{"count": 01}', 11), (b"{'count': 1}", 1), (b'{"a": "\xff"}', 7), (b'"\x00"', 1), (b"\xef\xbb\xbf{}", 0)],
)
def test_what_is_not_json_is_malformed_at_a_position(client: TestClient, refused: Refused, body: bytes, position: int) -> None:
    [error] = refused(post(client, body), 400, "malformed-json")["errors"]
    assert error["pointer"] == ""
    assert error["position"] == position


@pytest.mark.parametrize("content_type", ["text/plain", "application/jsonp", "application/json; charset=latin-1", ""])
def test_another_content_type_is_refused(client: TestClient, refused: Refused, content_type: str) -> None:
    refused(
        client.post("/v1/submissions", content=b"{}", headers={"content-type": content_type}), 415, "unsupported-media-type"
    )


def test_a_body_without_content_type_is_refused(client: TestClient, refused: Refused) -> None:
    refused(client.post("/v1/submissions", content=b"{}"), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_in_utf8_is_taken(client: TestClient, content_type: str) -> None:
    answer = client.post(
        "/v1/submissions", content='{"answers": {"损失": "0.36"}}'.encode(), headers={"content-type": content_type}
    )
    assert answer.json()["answers"] == {"损失": "0.36"}


def test_no_body_is_an_empty_object(client: TestClient) -> None:
    assert client.post("/v1/submissions").json()["answers"] == {}


def test_no_body_names_the_field_that_is_missing(client: TestClient, refused: Refused) -> None:
    [error] = refused(client.post("/v1/required"), 422, "invalid-input")["errors"]
    assert error == {"pointer": "/name", "detail": "This field is required."}


def test_a_date_and_an_identifier_are_text_in_json(client: TestClient) -> None:
    problem = str(UUID(int=7))
    answer = post(client, f'{{"daily": "2026-11-20", "problem": "{problem}"}}').json()
    assert (answer["daily"], answer["problem"]) == ("2026-11-20", problem)


def test_thirty_one_levels_below_the_body_are_no_fault_of_depth(client: TestClient, refused: Refused) -> None:
    body = '{"x": ' + "[" * 31 + "]" * 31 + "}"
    errors = refused(post(client, body), 422, "invalid-input")["errors"]
    assert errors == [{"pointer": "/x", "detail": "There is no such field."}]


def test_several_faults_are_told_at_once_in_their_order(client: TestClient, refused: Refused) -> None:
    body = '{"answers": {"a": NaN, "b": "\\u0000"}, "count": Infinity}'
    errors = refused(post(client, body), 422, "invalid-input")["errors"]
    assert [error["pointer"] for error in errors] == ["/count", "/answers/a", "/answers/b"]


def test_a_field_of_several_types_has_one_error(client: TestClient, refused: Refused) -> None:
    [error] = refused(post(client, '{"answers": {"loss": true}}'), 422, "invalid-input")["errors"]
    assert error["detail"] == "Give text. / Give a number. / Give a list."


def test_the_number_of_errors_is_bounded(client: TestClient, refused: Refused) -> None:
    body = "{" + ", ".join(f'"x{n}": 1' for n in range(1000)) + "}"
    assert len(refused(post(client, body), 422, "invalid-input")["errors"]) == 32


def test_errors_are_in_the_learners_language(client: TestClient, refused: Refused) -> None:
    document = refused(post(client, '{"count": "1"}', **{"accept-language": "zh-CN"}), 422, "invalid-input")
    assert document["title"] == "输入无效"
    assert document["errors"][0]["detail"] == "请给出整数。"
