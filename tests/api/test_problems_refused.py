"""Wishes that make no problem: refused with a pointer and a sentence, and nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.storage.database import Database
from tests.api.conftest import Refused, Serve
from tests.api.contract import MOCK, counted_rows, held, posed
from tests.conftest import on_sqlite_alone

ONE_HOT = "cross-entropy-one-hot"
JSON = {"content-type": "application/json"}
NOBODYS = "01990b7e-3c00-7000-8000-000000000000"


@pytest.fixture
def client(serve: Serve, database_url: str) -> Iterator[TestClient]:
    """Give a client, and check afterwards that none of the test's wishes was stored."""
    client = held(serve(storage=Database(database_url)))
    yield client
    rows = counted_rows(client)
    assert (rows["problems"], rows["idempotency"]) == (0, 0)


def wished(client: TestClient, wish: Mapping[str, object], language: str = "en") -> Response:
    return client.post("/v1/problems", json=wish, headers={"accept-language": language, "idempotency-key": "w"})


def own(**parameters: object) -> dict[str, object]:
    return {"family": ONE_HOT, "parameters": {"prediction": ["0.7", "0.2", "0.1"], "target": [1, 0, 0], **parameters}}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "is near to: cross-entropy-one-hot"), ("zh", "相近的有：cross-entropy-one-hot")]
)
def test_an_unknown_family_names_near_matches(client: TestClient, refused: Refused, language: str, said: str) -> None:
    assert said in refused(wished(client, {"family": "cross-entropy-onehot"}, language), 404, "unknown-family")["detail"]


@pytest.mark.parametrize(
    ("wish", "pointer", "english", "chinese"),
    [
        ({"family": ONE_HOT, "preset": "no-such"}, "/preset", "Its presets are: mock-question", "可选的有：mock-question"),
        ({"family": ONE_HOT, "level": 9}, "/level", "has no level 9. Its levels are: 1, 2, 3.", "没有第 9 级"),
        ({"level": 10}, "/level", "Give at most 9.", "不得大于 9。"),
        ({"level": 0}, "/level", "Give at least 1.", "不得小于 1。"),
        ({"level": "2"}, "/level", "Give an integer.", "请给出整数。"),
        ({"level": True}, "/level", "Give an integer.", "请给出整数。"),
        ({"topic": "cats"}, "/topic", "There is no topic “cats”. The topics are:", "没有“cats”这个主题"),
        ({"family": ONE_HOT, "topic": "logits"}, "/topic", "belongs to the topic cross-entropy", "属于主题 cross-entropy"),
        ({**MOCK, "seed": "1"}, "/preset", "only one of them", "只能选一个"),
        ({**own(), "seed": "1"}, "/parameters", "only one of them", "只能选一个"),
        ({**own(), "preset": "mock-question"}, "/parameters", "only one of them", "只能选一个"),
        ({"parameters": {}}, "/parameters", "Name the family", "请同时指明题型"),
        ({"preset": "mock-question"}, "/preset", "Name the family", "请同时指明题型"),
        ({"seed": "1"}, "/seed", "Name the family", "请同时指明题型"),
        ({**MOCK, "level": 3}, "/level", "has level 2. Leave out one", "属于第 2 级"),
        ({"language": "x" * 36}, "/language", "Give at most 35 characters.", "最多 35 个字符。"),
        ({"language": 1}, "/language", "Give text.", "请给出文本。"),
        ({"seed": ""}, "/seed", "Give at least 1 character(s).", "至少 1 个字符。"),
        ({"seed": "x" * 65}, "/seed", "Give at most 64 characters.", "最多 64 个字符。"),
        ({"seed": 17}, "/seed", "Give text.", "请给出文本。"),
        ({"family": "x" * 101}, "/family", "Give at most 100 characters.", "最多 100 个字符。"),
        ({"family": 1}, "/family", "Give text.", "请给出文本。"),
        ({"seeds": "1"}, "/seeds", "There is no such field.", "没有这个字段。"),
        ({"parameters": [1]}, "/parameters", "Give an object.", "请给出对象。"),
    ],
)
def test_a_wish_that_cannot_be_met_says_why(
    client: TestClient, refused: Refused, wish: dict[str, object], pointer: str, english: str, chinese: str
) -> None:
    for language, said in (("en", english), ("zh", chinese)):
        [error] = refused(wished(client, wish, language), 422, "invalid-input")["errors"]
        assert error["pointer"] == pointer
        assert said in error["detail"]


@on_sqlite_alone
@pytest.mark.parametrize(
    ("parameters", "pointer", "english", "chinese"),
    [
        ({"prediction": ["0.7", "0.2", "0.2"]}, "/prediction", "sum to 1.1, off by +0.1", "现在的和是 1.1，相差 +0.1"),
        ({"prediction": ["0.7", "0.2", "0.099"]}, "/prediction", "-0.001", "-0.001"),
        ({"prediction": ["0.7", "0.4", "-0.1"]}, "/prediction/2", "-0.1", "-0.1"),
        ({"prediction": ["1.7", "0.2", "0.1"]}, "/prediction/0", "1.7", "1.7"),
        ({"prediction": ["0.7", "0.3"]}, "/target", "2, not 3", "应为 2 个"),
        ({"prediction": ["1"]}, "/prediction", "2", "2"),
        ({"prediction": ["0.05"] * 20}, "/prediction", "10", "10"),
        ({"prediction": []}, "/prediction", "2", "2"),
        ({"prediction": "0.7"}, "/prediction", "list", "列表"),
        ({"prediction": [["0.7"], "0.2", "0.1"]}, "/prediction/0", "number", "数"),
        ({"prediction": [None, "0.2", "0.1"]}, "/prediction/0", "number", "数"),
        ({"prediction": [True, "0.2", "0.1"]}, "/prediction/0", "number", "数"),
        ({"prediction": ["0,7", "0.2", "0.1"]}, "/prediction/0", "0,7", "0,7"),
        ({"prediction": ["1/0", "0.2", "0.1"]}, "/prediction/0", "1/0", "1/0"),
        ({"prediction": ["inf", "0.2", "0.1"]}, "/prediction/0", "inf", "inf"),
        ({"prediction": ["1e999", "0.2", "0.1"]}, "/prediction/0", "between -1000000 and 1000000", "-1000000 与 1000000 之间"),
        ({"prediction": ["0." + "7" * 60_000, "0.2", "0.1"]}, "/prediction/0", "24", "24"),
        ({"prediction": ["７", "0.2", "0.1"]}, "/prediction/0", "７", "７"),
        ({"target": ["0.5", "0.5", "0"]}, "/target", "a single 1", "只有一个 1"),
        ({"log_base": "7"}, "/log_base", '"e", "2" or "10"', '"e"、"2" 或 "10"'),
        ({"temperature": "1"}, "/temperature", "prediction, target", "prediction, target"),
    ],
)
def test_parameters_that_make_no_problem_say_why(
    client: TestClient, refused: Refused, parameters: dict[str, object], pointer: str, english: str, chinese: str
) -> None:
    for language, said in (("en", english), ("zh", chinese)):
        [error] = refused(wished(client, own(**parameters), language), 422, "invalid-input")["errors"]
        assert error["pointer"] == "/parameters" + pointer
        assert said in error["detail"]
        assert len(error["detail"]) < 300


def test_a_missing_parameter_is_named(client: TestClient, refused: Refused) -> None:
    response = wished(client, {"family": ONE_HOT, "parameters": {"prediction": ["0.7", "0.3"]}})
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert error["pointer"] == "/parameters/target"


@pytest.mark.parametrize("field", ["family", "topic", "seed", "preset"])
@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "\\udc00"])
def test_text_that_no_database_can_hold_is_refused(client: TestClient, refused: Refused, field: str, text: str) -> None:
    response = client.post("/v1/problems", content=f'{{"{field}": "{text}"}}', headers=JSON)
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert error["pointer"] == "/" + field


@on_sqlite_alone
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"family": ', 400, "malformed-json"),
        ("{'family': 1}", 400, "malformed-json"),
        (b'{"family": "\xff"}', 400, "malformed-json"),
        ("[]", 422, "invalid-input"),
        ("null", 422, "invalid-input"),
        ("7", 422, "invalid-input"),
        ('{"level": NaN}', 422, "invalid-input"),
        ('{"parameters": {"prediction": [Infinity]}}', 422, "invalid-input"),
        ('{"level": ' + "1" * 60_000 + "}", 422, "invalid-input"),
        ('{"level": ' + "1" * 1_000_000 + "}", 413, "body-too-large"),
        ('{"seed": "' + "1" * 1_000_000 + '"}', 413, "body-too-large"),
        ('{"parameters": ' + '{"a":' * 100 + "1" + "}" * 100 + "}", 422, "invalid-input"),
        ('{"parameters": ' + "[" * 30_000 + "]" * 30_000 + "}", 422, "invalid-input"),
        ('{"seed": "a", "seed": "b"}', 422, "invalid-input"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_that_is_none_is_refused(
    client: TestClient, refused: Refused, body: str | bytes, status: int, code: str
) -> None:
    for language in ("en", "zh"):
        refused(client.post("/v1/problems", content=body, headers={**JSON, "accept-language": language}), status, code)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""]
)
def test_a_body_of_another_type_is_refused(client: TestClient, refused: Refused, content_type: str) -> None:
    response = client.post("/v1/problems", content="{}", headers={"content-type": content_type})
    refused(response, 415, "unsupported-media-type")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_there_is_not_is_refused(client: TestClient, refused: Refused, method: str) -> None:
    response = client.request(method, "/v1/problems")
    refused(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "é", "a\x00b", "a\x7fb", "a\tb"])
def test_a_key_that_is_none_is_refused(client: TestClient, refused: Refused, key: str) -> None:
    response = client.post("/v1/problems", json=MOCK, headers={b"idempotency-key": key.encode("latin-1")})
    [error] = refused(response, 422, "invalid-input")["errors"]
    assert error["pointer"] == "/Idempotency-Key"


@pytest.mark.parametrize("path", ["", "/attempts"])
@pytest.mark.parametrize("id_", [NOBODYS, "not-an-id", "1", "%00", "%C3%A9", "0" * 400])
def test_an_id_that_names_nothing_is_not_found(client: TestClient, refused: Refused, id_: str, path: str) -> None:
    refused(client.get(f"/v1/problems/{id_}{path}"), 404, "not-found")


@pytest.mark.parametrize("action", ["hints", "solution"])
@pytest.mark.parametrize("id_", [NOBODYS, "not-an-id"])
def test_nothing_can_be_done_with_a_problem_that_there_is_not(
    client: TestClient, refused: Refused, id_: str, action: str
) -> None:
    refused(client.post(f"/v1/problems/{id_}/{action}", headers={"idempotency-key": "n"}), 404, "not-found")


@pytest.mark.parametrize("action", ["hints", "solution"])
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [('{"number": 2}', 422, "invalid-input"), ("[]", 422, "invalid-input"), ("{", 400, "malformed-json")],
)
def test_hints_and_the_solution_take_nothing_but_an_empty_object(
    client: TestClient, refused: Refused, action: str, body: str, status: int, code: str
) -> None:
    refused(client.post(f"/v1/problems/{NOBODYS}/{action}", content=body, headers=JSON), status, code)


@pytest.mark.parametrize("query", ["state=closed", "limit=0", "limit=101", "cursor=x", "family=" + "x" * 101])
def test_a_list_that_cannot_be_had_names_the_parameter(client: TestClient, refused: Refused, query: str) -> None:
    [error] = refused(client.get(f"/v1/problems?{query}"), 422, "invalid-input")["errors"]
    assert error["pointer"] == "/" + query.partition("=")[0]


def test_a_refused_wish_leaves_its_key_free(serve: Serve, database_url: str, refused: Refused) -> None:
    client = held(serve(storage=Database(database_url)))
    refused(client.post("/v1/problems", json={"family": "cats"}, headers={"idempotency-key": "k"}), 404, "unknown-family")
    assert posed(client, MOCK, headers={"idempotency-key": "k"})["state"] == "open"
